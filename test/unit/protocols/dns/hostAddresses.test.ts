import { describe, expect, test } from 'vitest';
import type { DnsAnswer } from '../../../../shared/protocols/dns/answer.js';
import { lookUpHost } from '../../../../shared/protocols/dns/hostAddresses.js';
import { fakeResolver, type Zone } from '../../../fakes/fakeResolver.js';
import { FakeScope } from '../../../fakes/fakeScope.js';

const host = 'sip.contoso.example';

function lookUp(zone: Zone, name = host) {
  return lookUpHost(name, fakeResolver(zone), new FakeScope());
}

describe('the addresses of a host', () => {
  test('come from both families in turn, IPv6 first (RFC 8305 section 4)', async () => {
    const zone = {
      [`A ${host}`]: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
      [`AAAA ${host}`]: ['2001:db8::1', '2001:db8::2'],
    };

    expect(await lookUp(zone)).toEqual({
      kind: 'addresses',
      addresses: ['2001:db8::1', '192.0.2.1', '2001:db8::2', '192.0.2.2', '192.0.2.3'],
    });
  });

  test('are those of one family where the other has none or could not be asked', async () => {
    const zone = { [`A ${host}`]: ['192.0.2.1'], [`AAAA ${host}`]: { kind: 'timeout', limitMs: 4_000 } } as const;

    expect(await lookUp(zone)).toEqual({ kind: 'addresses', addresses: ['192.0.2.1'] });
  });

  test('are no more than a sane zone has', async () => {
    const zone = { [`A ${host}`]: Array.from({ length: 4_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`) };

    const found = await lookUp(zone);

    expect(found.kind === 'addresses' && found.addresses).toHaveLength(20);
  });

  test.each(['192.0.2.7', '2001:db8::7'])('%s is an address itself and is not asked for', async (address) => {
    const resolver = fakeResolver({});

    const found = await lookUpHost(address, resolver, new FakeScope());

    expect(found).toEqual({ kind: 'addresses', addresses: [address] });
    expect(resolver.asked).toEqual([]);
  });

  test('of localhost are never asked of DNS (RFC 6761 section 6.3)', async () => {
    const resolver = fakeResolver({});

    const found = await lookUpHost('LocalHost', resolver, new FakeScope());

    expect(found).toEqual({ kind: 'addresses', addresses: ['127.0.0.1', '::1'] });
    expect(resolver.asked).toEqual([]);
  });

  const nxdomain: DnsAnswer<never> = { kind: 'nxdomain' };
  const nodata: DnsAnswer<never> = { kind: 'nodata' };
  const servfail: DnsAnswer<never> = { kind: 'servfail' };
  const timeout: DnsAnswer<never> = { kind: 'timeout', limitMs: 4_000 };
  const none: DnsAnswer<never> = { kind: 'records', records: [] };

  test.each([
    ['both names are unknown', nxdomain, nxdomain, 'nxdomain'],
    ['there is no record of either family', nodata, nodata, 'nodata'],
    ['both answers are empty', none, none, 'nodata'],
    ['trouble outweighs an empty answer', nodata, servfail, 'servfail'],
    ['trouble with IPv4 outweighs an empty IPv6 answer', timeout, nodata, 'timeout'],
    ['a name that does not exist has no IPv6 address either, asked or not', nxdomain, timeout, 'nxdomain'],
    ['servers that deny a name for IPv6 alone are known (RFC 4074): IPv4 decides', timeout, nxdomain, 'timeout'],
  ])('are a failure where %s', async (_, ipv4, ipv6, kind) => {
    const found = await lookUp({ [`A ${host}`]: ipv4, [`AAAA ${host}`]: ipv6 });

    expect(found).toMatchObject({ kind: 'failure', failure: { kind } });
  });
});
