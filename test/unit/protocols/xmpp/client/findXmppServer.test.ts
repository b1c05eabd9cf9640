import { describe, expect, test } from 'vitest';
import type { SrvRecord } from '../../../../../shared/protocols/dns/answer.js';
import { findXmppServer, type XmppService } from '../../../../../shared/protocols/xmpp/client/findXmppServer.js';
import { fakeResolver, type Zone } from '../../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const domain = 'partner.example';
const direct = `SRV _xmpps-client._tcp.${domain}`;
const starting = `SRV _xmpp-client._tcp.${domain}`;
const addresses: Zone = { 'A a.partner.example': ['192.0.2.1'], 'A b.partner.example': ['192.0.2.2'] };

function srv(target: string, priority: number, port: number): SrvRecord {
  return { target, priority, weight: 0, port };
}

function find(zone: Zone, service?: XmppService) {
  return findXmppServer(domain, service, fakeResolver(zone), () => 0, new FakeScope());
}

async function failure(zone: Zone) {
  const { code, error } = await diagnosisOf(find(zone));
  return [code, error];
}

describe('the XMPP server of a domain', () => {
  test('is found by both services in one order, each certificate to bear the domain (XEP-0368)', async () => {
    const { fqdn, candidates } = await find({
      ...addresses,
      [direct]: [srv('b.partner.example', 20, 443)],
      [starting]: [srv('a.partner.example', 10, 5222), srv('b.partner.example', 30, 5222)],
    });

    expect(fqdn).toBe('a.partner.example');
    expect(candidates).toEqual([
      { host: 'a.partner.example', port: 5222, tlsName: domain, addresses: ['192.0.2.1'], directTls: false },
      { host: 'b.partner.example', port: 443, tlsName: domain, addresses: ['192.0.2.2'], directTls: true },
      { host: 'b.partner.example', port: 5222, tlsName: domain, addresses: ['192.0.2.2'], directTls: false },
    ]);
  });

  test('is the one of STARTTLS where TLS at once is declared not to be there', async () => {
    const { candidates } = await find({
      ...addresses,
      [direct]: [srv('.', 0, 0)],
      [starting]: [srv('a.partner.example', 0, 5222)],
    });

    expect(candidates).toMatchObject([{ host: 'a.partner.example', directTls: false }]);
  });

  test('is the domain itself, port 5222, without records', async () => {
    const { candidates } = await find({ 'A partner.example': ['192.0.2.9'], [direct]: [srv('.', 0, 0)] });

    expect(candidates).toEqual([
      { host: domain, port: 5222, tlsName: domain, addresses: ['192.0.2.9'], directTls: false },
    ]);
  });

  test('is where it is configured, without a question for records, and bears the domain', async () => {
    const resolver = fakeResolver(addresses);
    const service = { host: 'a.partner.example', port: 5223, directTls: true };

    const { candidates } = await findXmppServer(domain, service, resolver, () => 0, new FakeScope());

    expect(candidates).toEqual([{ ...service, tlsName: domain, addresses: ['192.0.2.1'] }]);
    expect(resolver.asked).toEqual(['AAAA a.partner.example', 'A a.partner.example']);
  });

  test('is missing where there is neither record nor address', async () => {
    expect(await failure({})).toEqual([
      'DNS_XMPP_CLIENT_MISSING',
      'no SRV record _xmpps-client._tcp.partner.example or _xmpp-client._tcp.partner.example, and address of partner.example: the name does not exist (NXDOMAIN)',
    ]);
  });

  test('is not offered where the record says so', async () => {
    expect(await failure({ [direct]: [srv('.', 0, 0)], [starting]: [srv('.', 0, 0)] })).toEqual([
      'DNS_XMPP_CLIENT_NOT_OFFERED',
      'SRV record _xmpps-client._tcp.partner.example and _xmpp-client._tcp.partner.example has the target ".": the domain does not offer the service (RFC 2782)',
    ]);
  });

  test('cannot be reached where no target has an address', async () => {
    expect((await failure({ [starting]: [srv('gone.partner.example', 0, 5222)] }))[0]).toBe(
      'DNS_XMPP_CLIENT_NO_ADDRESS',
    );
  });

  test.each([
    [{ kind: 'servfail' } as const, 'DNS_SERVER_FAILURE'],
    [{ kind: 'timeout', limitMs: 5_000 } as const, 'DNS_RESOLVER_TIMEOUT'],
    [{ kind: 'malformed', cause: new Error('cut') } as const, 'DNS_RESPONSE_MALFORMED'],
  ])('is not said to be missing when DNS fails with %o', async (answer, code) => {
    expect((await failure({ [starting]: answer }))[0]).toBe(code);
    expect((await failure({ [`A ${domain}`]: answer }))[0]).toBe(code);
  });

  test('is found by one service although the question for the other failed', async () => {
    const { candidates } = await find({
      ...addresses,
      [direct]: { kind: 'servfail' },
      [starting]: [srv('a.partner.example', 0, 5222)],
    });

    expect(candidates).toHaveLength(1);
  });
});
