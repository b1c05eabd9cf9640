import { type RigPlan, sipDomain, xmppDomain } from './rigPlan.js';
import type { EdgeNumber } from './services.js';

/**
 * `primary`: Edge 1 first; `standby`: Edge 2 first; `only2`: Edge 1 is gone; `nosrv`: no SRV records;
 * `lame`: SRV records to names without an address; `noaddr`: no host has an address.
 */
export const dnsVariants = ['primary', 'standby', 'only2', 'nosrv', 'lame', 'noaddr'] as const;
export type DnsVariant = (typeof dnsVariants)[number];

/** The zone of the SIP domain, whose records say which Edge is active. */
export function sipZone(plan: RigPlan, variant: DnsVariant, serial: number): string {
  const { addresses } = plan;
  const active = variant === 'standby' || variant === 'only2' ? addresses.edge2 : addresses.edge1;
  const edges: readonly EdgeNumber[] = variant === 'only2' ? [2] : [1, 2];
  const hosts =
    variant === 'noaddr'
      ? []
      : [
          ...['@', 'sip', 'turn'].map((name) => `${name} IN A ${active}`),
          ...edges.map((edge) => `edge${edge} IN A ${edge === 1 ? addresses.edge1 : addresses.edge2}`),
        ];
  const services = variant === 'nosrv' ? [] : edges.flatMap((edge) => serviceRecords(plan, edge, variant));
  return zone(plan, sipDomain, serial, [...hosts, ...services]);
}

/** The zone of the federated XMPP domain; no variant touches it. */
export function xmppZone(plan: RigPlan, serial: number): string {
  const { ports, addresses } = plan;
  return zone(plan, xmppDomain, serial, [
    ...['@', 'xmpp', 'rooms'].map((name) => `${name} IN A ${addresses.partner}`),
    `_xmpp-server._tcp IN SRV 0 0 ${ports.s2s} xmpp`,
    `_xmpp-server._tcp.rooms IN SRV 0 0 ${ports.s2s} xmpp`,
    `_xmpp-client._tcp IN SRV 0 0 ${ports.c2s} xmpp`,
    `_xmpps-client._tcp IN SRV 0 0 ${ports.c2sTls} xmpp`,
  ]);
}

/** RFC 2782: the lower priority is tried first. */
function serviceRecords({ ports }: RigPlan, edge: EdgeNumber, variant: DnsVariant): readonly string[] {
  const first = variant === 'standby' ? 2 : 1;
  const priority = edge === first ? 0 : 10;
  const target = variant === 'lame' ? `gone${edge}` : `edge${edge}`;
  const services: readonly (readonly [string, number])[] = [
    ['_sip._tls', ports.sips],
    ['_sipfederationtls._tcp', ports.sips],
    ['_xmpp-server._tcp', ports.s2s],
    ['_turn._udp', ports.turn],
    ['_turns._tcp', ports.turns],
  ];
  return services.map(([name, port]) => `${name} IN SRV ${priority} 0 ${port} ${target}`);
}

/** The SOA's last field is how long a resolver may remember that a name does not exist (RFC 2308). */
function zone(plan: RigPlan, domain: string, serial: number, records: readonly string[]): string {
  const ttl = plan.settings.dnsTtl;
  const lines = [
    `$ORIGIN ${domain}.`,
    `$TTL ${ttl}`,
    `@ IN SOA ns hostmaster ${serial} 60 60 3600 ${ttl}`,
    '@ IN NS ns',
    `ns IN A ${plan.addresses.dns}`,
    ...records,
  ];
  return `${lines.join('\n')}\n`;
}
