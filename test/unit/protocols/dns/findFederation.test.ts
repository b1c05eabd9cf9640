import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../shared/domain/diagnosis.js';
import type { SrvRecord } from '../../../../shared/protocols/dns/answer.js';
import { type FederationQuestion, findFederation } from '../../../../shared/protocols/dns/findFederation.js';
import { fakeResolver, type Zone } from '../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../fakes/fakeScope.js';

const name = '_sipfederationtls._tcp.contoso.example';
const address = { 'A sip.contoso.example': ['192.0.2.10'], 'A sip.fabrikam.example': ['192.0.2.20'] };

function srv(target: string, port = 5061, priority = 0): SrvRecord {
  return { target, priority, weight: 0, port };
}

async function find(zone: Zone, differs: Partial<FederationQuestion> = {}) {
  const scope = new FakeScope();
  const question: FederationQuestion = {
    sipDomain: 'contoso.example',
    dialect: 'lync',
    foreignTarget: 'refused',
    ...differs,
  };
  const found = await findFederation(question, fakeResolver(zone), () => 0, scope).catch((error: unknown) => {
    if (error instanceof ProbeError) return error.diagnosis;
    throw error;
  });
  return { found, scope };
}

describe('the federation route of a SIP domain', () => {
  test('is what its SRV record names, with the name of the host expected in the certificate', async () => {
    const { found, scope } = await find({ [`SRV ${name}`]: [srv('sip.contoso.example')], ...address });

    expect(found).toEqual({
      fqdn: 'sip.contoso.example',
      transport: 'tls',
      candidates: [
        { host: 'sip.contoso.example', port: 5061, tlsName: 'sip.contoso.example', addresses: ['192.0.2.10'] },
      ],
    });
    expect(scope.observations).toEqual([{ srvService: name, srvTarget: 'sip.contoso.example' }]);
    expect(scope.warnings).toEqual([]);
  });

  test.each([
    ['nxdomain', `SRV record ${name}: the name does not exist (NXDOMAIN)`],
    ['nodata', `SRV record ${name}: the name exists but has no such record (NODATA)`],
  ] as const)('is missing when DNS answers %s', async (kind, error) => {
    const { found } = await find({ [`SRV ${name}`]: { kind } });

    expect(found).toMatchObject({ code: 'FEDERATION_SRV_MISSING', fault: 'target', error });
  });

  test('is not missing where the server of the domain fails, or ours is silent', async () => {
    const failing = await find({ [`SRV ${name}`]: { kind: 'servfail' } });
    const silent = await find({ [`SRV ${name}`]: { kind: 'timeout', limitMs: 4000 } });

    expect(failing.found).toMatchObject({ code: 'DNS_SERVER_FAILURE', fault: 'target' });
    expect(silent.found).toMatchObject({ code: 'DNS_RESOLVER_TIMEOUT', fault: 'prober' });
  });

  test('is not offered when the record has the target "."', async () => {
    const { found } = await find({ [`SRV ${name}`]: [srv('.', 0)] });

    expect(found).toMatchObject({
      code: 'FEDERATION_NOT_OFFERED',
      error: `SRV record ${name} has the target ".": the domain does not offer the service (RFC 2782)`,
    });
  });

  test('leads nowhere when no target has an address', async () => {
    const { found } = await find({ [`SRV ${name}`]: [srv('gone.contoso.example')] });

    expect(found).toMatchObject({
      code: 'FEDERATION_TARGET_NO_ADDRESS',
      error: `SRV record ${name}: address of gone.contoso.example: the name does not exist (NXDOMAIN)`,
    });
  });

  test('on another port than 5061 earns a warning', async () => {
    const { scope } = await find({ [`SRV ${name}`]: [srv('sip.contoso.example', 443)], ...address });

    expect(scope.warnings).toEqual([
      {
        code: 'FEDERATION_PORT_UNUSUAL',
        message: `SRV record ${name} names sip.contoso.example:443; federation is expected on port 5061`,
      },
    ]);
  });
});

describe('a target outside of the domain', () => {
  const zone = { [`SRV ${name}`]: [srv('sip.fabrikam.example')], ...address };

  test('is what Lync Edges refuse', async () => {
    const { found } = await find(zone);

    expect(found).toMatchObject({
      code: 'FEDERATION_TARGET_FOREIGN',
      error: `SRV record ${name} leads to sip.fabrikam.example, outside of contoso.example; a Lync Edge refuses that (ms-diagnostics 1009)`,
    });
  });

  test('of a partner may be in the lists of the Edge: a warning, and the host stands for itself', async () => {
    const { found, scope } = await find(zone, { foreignTarget: 'warned-of' });

    expect(found).toMatchObject({ candidates: [{ tlsName: 'sip.fabrikam.example' }] });
    expect(scope.warnings).toEqual([
      {
        code: 'FEDERATION_TARGET_FOREIGN',
        message: `SRV record ${name} leads to sip.fabrikam.example, outside of contoso.example`,
      },
    ]);
  });

  test('of a provider is nothing to speak of', async () => {
    const { found, scope } = await find(zone, { foreignTarget: 'expected' });

    expect(found).toMatchObject({ candidates: [{ tlsName: 'sip.fabrikam.example' }] });
    expect(scope.warnings).toEqual([]);
  });

  test('beside one inside of it is a warning', async () => {
    const { found, scope } = await find({
      ...zone,
      [`SRV ${name}`]: [srv('sip.contoso.example'), srv('sip.fabrikam.example', 5061, 10)],
    });

    expect(found).toMatchObject({ fqdn: 'sip.contoso.example' });
    expect(scope.warnings.map(({ code }) => code)).toEqual(['FEDERATION_TARGET_FOREIGN']);
  });

  test('in dialect rfc has to bear the SIP domain in its certificate (RFC 5922)', async () => {
    const { found, scope } = await find(zone, { dialect: 'rfc' });

    expect(found).toMatchObject({ candidates: [{ host: 'sip.fabrikam.example', tlsName: 'contoso.example' }] });
    expect(scope.warnings).toEqual([]);
  });

  test('is not one that only differs in its capitals', async () => {
    const { found } = await find({
      [`SRV ${name}`]: [srv('SIP.Contoso.Example')],
      'A SIP.Contoso.Example': ['192.0.2.10'],
    });

    expect(found).toMatchObject({ candidates: [{ tlsName: 'sip.contoso.example' }] });
  });
});
