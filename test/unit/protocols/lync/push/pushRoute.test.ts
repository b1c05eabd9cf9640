import { describe, expect, test } from 'vitest';
import { diagnosis, ProbeError } from '../../../../../shared/domain/diagnosis.js';
import {
  domainOf,
  pushRequest,
  requireClearingHouse,
  warnOfOtherEdge,
  warnOfUri,
} from '../../../../../shared/protocols/lync/push/pushRoute.js';
import type { AccessEdgeTarget } from '../../../../../shared/protocols/net/target.js';
import { sampleTarget } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

describe('the address of the clearing house', () => {
  test('is the usual one, whatever its capitals', () => {
    const scope = new FakeScope();

    warnOfUri('sip:Push@push.lync.com', scope);

    expect(scope.warnings).toEqual([]);
  });

  test('is worth a warning when it is another one', () => {
    const scope = new FakeScope();

    warnOfUri('sip:push@push.contoso.example', scope);

    expect(scope.warnings).toEqual([
      {
        code: 'PUSH_URI_UNEXPECTED',
        message: 'push notifications go to sip:push@push.contoso.example, expected sip:push@push.lync.com',
      },
    ]);
  });

  test.each(['sip:push@push.lync.com', 'sip:push@PUSH.lync.com;transport=tls', 'sip:push@push.lync.com:5061'])(
    '%s has a domain',
    (uri) => {
      expect(domainOf(uri)).toBe('push.lync.com');
    },
  );
});

describe('the record of the own domain', () => {
  const elsewhere: AccessEdgeTarget = {
    fqdn: 'edge2.contoso.example',
    transport: 'tls',
    candidates: [
      { host: 'edge2.contoso.example', port: 5061, tlsName: 'edge2.contoso.example', addresses: ['192.0.2.99'] },
    ],
  };
  const warnings = (federation: AccessEdgeTarget) => {
    const scope = new FakeScope();
    warnOfOtherEdge(sampleTarget, federation, scope);
    return scope.warnings;
  };

  test('leads to the own Edge by its name or by its address', () => {
    const alias = {
      ...elsewhere,
      candidates: elsewhere.candidates.map((one) => ({ ...one, addresses: ['192.0.2.10'] })),
    };

    expect([...warnings(sampleTarget), ...warnings(alias)]).toEqual([]);
  });

  test('that leads elsewhere is worth a warning', () => {
    expect(warnings(elsewhere)).toEqual([
      {
        code: 'PUSH_OWN_RECORD_ELSEWHERE',
        message: '_sipfederationtls._tcp leads to edge2.contoso.example, users sign in at sip.contoso.example',
      },
    ]);
  });
});

describe('the clearing house', () => {
  const failing = (code: 'FEDERATION_SRV_MISSING' | 'DNS_RESOLVER_TIMEOUT') => () =>
    Promise.reject(new ProbeError(diagnosis(code, { error: 'what DNS says' })));

  test('is gone when its domain has no such record', async () => {
    expect(await diagnosisOf(requireClearingHouse(failing('FEDERATION_SRV_MISSING')))).toMatchObject({
      code: 'PUSH_CLEARING_HOUSE_GONE',
      error: 'what DNS says',
    });
  });

  test('is not gone when our resolver is silent', async () => {
    expect(await diagnosisOf(requireClearingHouse(failing('DNS_RESOLVER_TIMEOUT')))).toMatchObject({
      code: 'DNS_RESOLVER_TIMEOUT',
    });
  });

  test('is sent both prefixes that a URL filter may block, and the mark of the run', () => {
    const { method, uri, body } = pushRequest('sip:push@push.lync.com', 'contoso.example', 'abc123');

    expect([method, uri]).toEqual(['MESSAGE', 'sip:push@push.lync.com']);
    expect(body?.content).toBe('Edge Probes push route abc123: http://contoso.example/ https://contoso.example/');
  });
});
