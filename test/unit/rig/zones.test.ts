import { describe, expect, test } from 'vitest';
import { planOf } from '../../rig/plan/rigPlan.js';
import { settle } from '../../rig/plan/settings.js';
import { sipZone, xmppZone } from '../../rig/plan/zones.js';

const plan = planOf(settle({ base: 10_000, net: '127.0.31', dnsTtl: 7 }, '/tmp/rig'));

describe('the zone of the SIP domain', () => {
  test('names both Edges, the first one with the lower priority, when the variant is primary', () => {
    const zone = sipZone(plan, 'primary', 3);

    expect(zone.split('\n')).toEqual([
      '$ORIGIN contoso.test.',
      '$TTL 7',
      '@ IN SOA ns hostmaster 3 60 60 3600 7',
      '@ IN NS ns',
      'ns IN A 127.0.31.1',
      '@ IN A 127.0.31.11',
      'sip IN A 127.0.31.11',
      'turn IN A 127.0.31.11',
      'edge1 IN A 127.0.31.11',
      'edge2 IN A 127.0.31.12',
      '_sip._tls IN SRV 0 0 15061 edge1',
      '_sipfederationtls._tcp IN SRV 0 0 15061 edge1',
      '_xmpp-server._tcp IN SRV 0 0 15269 edge1',
      '_turn._udp IN SRV 0 0 13478 edge1',
      '_turns._tcp IN SRV 0 0 15349 edge1',
      '_sip._tls IN SRV 10 0 15061 edge2',
      '_sipfederationtls._tcp IN SRV 10 0 15061 edge2',
      '_xmpp-server._tcp IN SRV 10 0 15269 edge2',
      '_turn._udp IN SRV 10 0 13478 edge2',
      '_turns._tcp IN SRV 10 0 15349 edge2',
      '',
    ]);
  });

  test('swaps the priorities and moves the active host to Edge 2 when the variant is standby', () => {
    const zone = sipZone(plan, 'standby', 1);

    expect(zone).toContain('_sip._tls IN SRV 10 0 15061 edge1\n');
    expect(zone).toContain('_sip._tls IN SRV 0 0 15061 edge2\n');
    expect(zone).toContain('sip IN A 127.0.31.12\n');
  });

  test('does not mention Edge 1 when the variant is only2', () => {
    const zone = sipZone(plan, 'only2', 1);

    expect(zone).not.toMatch(/edge1|127\.0\.31\.11/);
    expect(zone).toContain('edge2 IN A 127.0.31.12\n');
  });

  test('has addresses but no SRV record when the variant is nosrv', () => {
    const zone = sipZone(plan, 'nosrv', 1);

    expect(zone).not.toContain('SRV');
    expect(zone).toContain('sip IN A 127.0.31.11\n');
  });

  test('has SRV records that lead to names without an address when the variant is lame', () => {
    const zone = sipZone(plan, 'lame', 1);

    expect(zone).toContain('_sip._tls IN SRV 0 0 15061 gone1\n');
    expect(zone).not.toMatch(/^gone/m);
  });

  test('has no address but the name server’s when the variant is noaddr', () => {
    const zone = sipZone(plan, 'noaddr', 1);

    expect(zone.match(/^.* IN A .*$/gm)).toEqual(['ns IN A 127.0.31.1']);
    expect(zone).toContain('_sip._tls IN SRV 0 0 15061 edge1\n');
  });
});

test('the zone of the XMPP domain leads servers and clients to the partner', () => {
  const zone = xmppZone(plan, 1);

  expect(zone).toContain('_xmpp-server._tcp IN SRV 0 0 15269 xmpp\n');
  expect(zone).toContain('_xmpp-client._tcp IN SRV 0 0 15222 xmpp\n');
  expect(zone).toContain('xmpp IN A 127.0.31.21\n');
});
