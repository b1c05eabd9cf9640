import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../shared/domain/diagnosis.js';
import type { Edge } from '../../../../shared/domain/edge.js';
import type { SrvRecord } from '../../../../shared/protocols/dns/answer.js';
import { findAccessEdge } from '../../../../shared/protocols/dns/findAccessEdge.js';
import { fakeResolver, type Zone } from '../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../fakes/fakeScope.js';
import { sampleEdge } from '../../../fakes/world.js';

const lync = sampleEdge({ dialect: 'lync', accessEdge: undefined });
const rfc = sampleEdge({ dialect: 'rfc', accessEdge: undefined });

function srv(target: string, priority = 0, port = 5061): SrvRecord {
  return { target, priority, weight: 0, port };
}

async function find(edge: Edge, zone: Zone) {
  const resolver = fakeResolver(zone);
  const scope = new FakeScope();
  const found = await findAccessEdge(edge, resolver, () => 0, scope).catch((error: unknown) => {
    if (error instanceof ProbeError) return error.diagnosis;
    throw error;
  });
  return { found, scope, asked: resolver.asked };
}

describe('the Access Edge as configured', () => {
  const zone = { 'A sip.contoso.example': ['192.0.2.10'] };

  test('is looked up by its host, without a question for SRV', async () => {
    const { found, asked, scope } = await find(sampleEdge(), zone);

    expect(found).toEqual({
      fqdn: 'sip.contoso.example',
      transport: 'tls',
      candidates: [
        { host: 'sip.contoso.example', port: 5061, tlsName: 'sip.contoso.example', addresses: ['192.0.2.10'] },
      ],
    });
    expect(asked).toEqual(['AAAA sip.contoso.example', 'A sip.contoso.example']);
    expect(scope.warnings).toEqual([]);
  });

  test.each(['192.0.2.99', '2001:db8::99'])(
    'with the address %s is not looked up, and keeps its name',
    async (address) => {
      const accessEdge = { host: 'sip.contoso.example', port: 443, transport: 'tcp', address } as const;

      const { found, asked } = await find(sampleEdge({ accessEdge }), zone);

      expect(found).toEqual({
        fqdn: 'sip.contoso.example',
        transport: 'tcp',
        candidates: [{ host: 'sip.contoso.example', port: 443, tlsName: 'sip.contoso.example', addresses: [address] }],
      });
      expect(asked).toEqual([]);
    },
  );

  test('with another host as its address is looked up there', async () => {
    const accessEdge = {
      host: 'sip.contoso.example',
      port: 443,
      transport: 'tls',
      address: 'pool.contoso.example',
    } as const;

    const { found, asked } = await find(sampleEdge({ accessEdge }), {});

    expect(asked).toEqual(['AAAA pool.contoso.example', 'A pool.contoso.example']);
    expect(found).toMatchObject({
      code: 'DNS_NAME_NOT_FOUND',
      error: 'address of pool.contoso.example: the name does not exist (NXDOMAIN)',
    });
  });

  test('that has no address is a failure of DNS', async () => {
    const { found } = await find(sampleEdge(), { 'A sip.contoso.example': [], 'AAAA sip.contoso.example': [] });

    expect(found).toMatchObject({
      code: 'DNS_NO_ADDRESS',
      error: 'address of sip.contoso.example: the name exists but has no such record (NODATA)',
    });
  });
});

describe('the Access Edge that is not configured', () => {
  test('is found by _sip._tls alone in the lync dialect, as Lync clients do', async () => {
    const { found, asked, scope } = await find(lync, {
      'SRV _sip._tls.contoso.example': [srv('edge.contoso.example', 0, 443)],
      'A edge.contoso.example': ['192.0.2.1'],
    });

    expect(asked[0]).toBe('SRV _sip._tls.contoso.example');
    expect(found).toEqual({
      fqdn: 'edge.contoso.example',
      transport: 'tls',
      candidates: [
        { host: 'edge.contoso.example', port: 443, tlsName: 'edge.contoso.example', addresses: ['192.0.2.1'] },
      ],
    });
    expect(scope.observations).toEqual([
      { srvService: '_sip._tls.contoso.example', srvTarget: 'edge.contoso.example' },
    ]);
    expect(scope.warnings).toEqual([]);
  });

  test('is found by _sips._tcp in the rfc dialect (RFC 3263), and by _sip._tls only after that', async () => {
    const { asked, found } = await find(rfc, {
      'SRV _sip._tls.contoso.example': [srv('edge.contoso.example')],
      'A edge.contoso.example': ['192.0.2.1'],
    });

    expect(asked.slice(0, 2)).toEqual(['SRV _sips._tcp.contoso.example', 'SRV _sip._tls.contoso.example']);
    expect(found).toMatchObject({ fqdn: 'edge.contoso.example' });
  });

  test('is several servers in the order of their priority', async () => {
    const { found } = await find(rfc, {
      'SRV _sips._tcp.contoso.example': [srv('b.contoso.example', 20), srv('a.contoso.example', 10, 5062)],
      'A a.contoso.example': ['192.0.2.1'],
      'A b.contoso.example': ['192.0.2.2'],
      'AAAA b.contoso.example': ['2001:db8::2'],
    });

    expect(found).toMatchObject({
      fqdn: 'a.contoso.example',
      candidates: [
        { host: 'a.contoso.example', port: 5062, addresses: ['192.0.2.1'] },
        { host: 'b.contoso.example', port: 5061, addresses: ['2001:db8::2', '192.0.2.2'] },
      ],
    });
  });

  test.each([
    ['edge.contoso.example', 'edge.contoso.example'],
    ['EDGE.Contoso.Example', 'edge.contoso.example'],
    ['contoso.example', 'contoso.example'],
    ['edge.hosting.example', 'contoso.example'],
    ['evilcontoso.example', 'contoso.example'],
    ['contoso.example.attacker.example', 'contoso.example'],
  ])('at the target %s must show a certificate for %s (RFC 5922 section 4)', async (target, tlsName) => {
    const { found } = await find(rfc, {
      'SRV _sips._tcp.contoso.example': [srv(target)],
      [`A ${target}`]: ['192.0.2.1'],
    });

    expect(found).toMatchObject({ candidates: [{ host: target, tlsName }] });
  });

  test('where the preferred target has no address is the next one, and says why', async () => {
    const { found } = await find(rfc, {
      'SRV _sips._tcp.contoso.example': [srv('gone.contoso.example', 0), srv('edge.contoso.example', 1)],
      'A edge.contoso.example': ['192.0.2.1'],
    });

    expect(found).toMatchObject({
      fqdn: 'gone.contoso.example',
      candidates: [
        { addresses: [], unusable: 'address of gone.contoso.example: the name does not exist (NXDOMAIN)' },
        { addresses: ['192.0.2.1'] },
      ],
    });
  });

  test('where no target has an address names each of them', async () => {
    const { found } = await find(rfc, {
      'SRV _sips._tcp.contoso.example': [srv('a.contoso.example', 0), srv('b.contoso.example', 1)],
      'A b.contoso.example': [],
      'AAAA b.contoso.example': [],
    });

    expect(found).toMatchObject({
      code: 'DNS_SRV_TARGET_NO_ADDRESS',
      fault: 'target',
      error:
        'SRV record _sips._tcp.contoso.example: address of a.contoso.example: the name does not exist (NXDOMAIN); address of b.contoso.example: the name exists but has no such record (NODATA)',
    });
  });

  test.each(['.', ''])(
    'whose SRV target is "%s" is not offered (RFC 2782), and nothing else is tried',
    async (target) => {
      const { found, asked } = await find(rfc, { 'SRV _sips._tcp.contoso.example': [srv(target)] });

      expect(found).toMatchObject({
        code: 'DNS_SRV_NOT_OFFERED',
        error:
          'SRV record _sips._tcp.contoso.example has the target ".": the domain does not offer the service (RFC 2782)',
      });
      expect(asked).toEqual(['SRV _sips._tcp.contoso.example']);
    },
  );

  test('with more targets than a sane zone has is asked for the first ten', async () => {
    const targets = Array.from({ length: 50 }, (_, index) => srv(`t${index}.contoso.example`, index));

    const { asked } = await find(rfc, { 'SRV _sips._tcp.contoso.example': targets });

    expect(asked.filter((question) => question.startsWith('A '))).toHaveLength(10);
  });

  test.each([
    ['lync', lync, 'sip.contoso.example:443', '_sip._tls.contoso.example'],
    ['rfc', rfc, 'sip.contoso.example:5061', '_sips._tcp.contoso.example or _sip._tls.contoso.example'],
  ])('and has no SRV record is tried by convention with a warning (%s)', async (_, edge, place, records) => {
    const { found, scope } = await find(edge, {
      'SRV _sip._tls.contoso.example': [],
      'A sip.contoso.example': ['192.0.2.1'],
    });

    expect(found).toMatchObject({ fqdn: 'sip.contoso.example', transport: 'tls' });
    expect(scope.warnings).toEqual([
      { code: 'DNS_SRV_MISSING', message: `no SRV record ${records}; trying ${place} by convention` },
    ]);
  });

  test('and has neither SRV record nor conventional name does not exist', async () => {
    const { found } = await find(rfc, {});

    expect(found).toMatchObject({
      code: 'DNS_NAME_NOT_FOUND',
      error: 'address of sip.contoso.example: the name does not exist (NXDOMAIN)',
    });
  });

  test.each([
    [{ kind: 'servfail' }, 'DNS_SERVER_FAILURE', 'target', 'the DNS server failed (SERVFAIL)'],
    [{ kind: 'refused' }, 'DNS_QUERY_REFUSED', 'target', 'the DNS server refused to answer (REFUSED)'],
    [{ kind: 'timeout', limitMs: 4_000 }, 'DNS_RESOLVER_TIMEOUT', 'prober', 'no answer within 4000 ms'],
  ] as const)('and whose SRV question comes to %j is not tried by convention', async (answer, code, fault, words) => {
    const { found, asked } = await find(rfc, { 'SRV _sips._tcp.contoso.example': answer });

    expect(found).toMatchObject({ code, fault, error: `SRV record _sips._tcp.contoso.example: ${words}` });
    expect(asked).toHaveLength(1);
  });

  test('is not blamed where our own resolver is silent about its only target', async () => {
    const silent = { kind: 'timeout', limitMs: 4_000 } as const;

    const { found } = await find(rfc, {
      'SRV _sips._tcp.contoso.example': [srv('edge.contoso.example')],
      'A edge.contoso.example': silent,
      'AAAA edge.contoso.example': silent,
    });

    expect(found).toMatchObject({
      code: 'DNS_RESOLVER_TIMEOUT',
      fault: 'prober',
      error: 'address of edge.contoso.example: no answer within 4000 ms',
    });
  });
});
