import { describe, expect, test } from 'vitest';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { observeStranger, requireAnswered } from '../../../../../shared/protocols/sip/federation/diagnoseFederation.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const peer = 'sip.contoso.example at 192.0.2.10:5061';
const alert = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });

function lost(cause?: Error, pendingBytes = 0): SipAnswer {
  return { kind: 'connection-lost', cause, pendingBytes };
}

describe('a stranger whom the handshake did not refuse', () => {
  test.each([
    [lost(alert), 'closed before it answered OPTIONS (alert certificate_required)'],
    [lost(), 'closed before it answered OPTIONS (no alert)'],
    [response(403, 'Forbidden'), '403 Forbidden'],
    [{ kind: 'timeout', limitMs: 2000, pendingBytes: 0 }, 'no answer to OPTIONS within 2000 ms'],
    [{ kind: 'violation', violation: 'not-sip', excerpt: 'HTTP/1.1 400' }, 'no correct answer to OPTIONS'],
  ] as const)('and was not served leaves an observation', (answer, withoutCertificate) => {
    const scope = new FakeScope();

    observeStranger(answer, peer, scope);

    expect(scope.observations).toEqual([{ withoutCertificate }]);
    expect(scope.warnings).toEqual([]);
  });

  test('and is answered like anybody else is a warning', () => {
    const scope = new FakeScope();

    observeStranger(response(200, 'OK'), peer, scope);

    expect(scope.warnings).toEqual([
      {
        code: 'FEDERATION_CERTIFICATE_OPTIONAL',
        message: `${peer} asks for a client certificate and answers OPTIONS without one (200 OK)`,
      },
    ]);
  });
});

describe('OPTIONS of a peer with a certificate', () => {
  const ask = async (answer: SipAnswer, scope = new FakeScope()) => requireAnswered(answer, peer, scope);

  test.each([
    response(200, 'OK'),
    response(404, 'Not Found'),
    response(405, 'Method Not Allowed'),
    response(501, 'Not Implemented'),
  ])('prove the route by any answer that is no refusal', async (answer) => {
    const scope = new FakeScope();

    await ask(answer, scope);

    expect(scope.observations).toEqual([{ options: expect.stringMatching(/^\d{3} /) }]);
  });

  test.each([
    [
      response(403, 'Forbidden'),
      'FEDERATION_REQUEST_REFUSED',
      'server answered 403 Forbidden to OPTIONS, expected 200',
    ],
    [response(603, 'Decline'), 'FEDERATION_REQUEST_REFUSED', 'server answered 603 Decline to OPTIONS, expected 200'],
    [
      response(504, 'Server time-out'),
      'SIP_GATEWAY_TIMEOUT',
      'server answered 504 Server time-out to OPTIONS, expected 200',
    ],
    [
      lost(alert),
      'FEDERATION_CERTIFICATE_REFUSED',
      `${peer} refused the client certificate: closed before it answered OPTIONS (alert certificate_required)`,
    ],
    [
      lost(undefined, 12),
      'SIP_CONNECTION_LOST',
      `${peer} closed the connection after 12 bytes of its answer to OPTIONS`,
    ],
  ] as const)('are refused, each in its way', async (answer, code, error) => {
    expect(await diagnosisOf(ask(answer))).toMatchObject({ code, error, fault: 'target' });
  });
});
