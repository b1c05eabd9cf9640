import type { Authority } from '../certificates.js';
import { addressRecord, serviceRecord } from '../dns/records.js';
import type { Zones } from '../dns/zones.js';
import { issueServerCertificates } from '../net/handshake.js';
import { type FederationPool, type FederationPoolOptions, openFederationPool } from './federationPool.js';
import type { Gateway } from './gateway.js';
import { openPartnerDomain, type PartnerDomain } from './partnerDomain.js';
import type { XmppFault } from './xmppFault.js';

/** How partners reach the SIP domain over XMPP, and the partner that the gateway leads to. */
export interface XmppWorld {
  /** Users of the XMPP domain that the gateway leads to. */
  readonly users: PartnerDomain['users'];
  /** The servers that the `_xmpp-server._tcp` records name, and their common port. */
  readonly federation: { readonly port: number; readonly active: string; readonly standby: string | undefined };
  state(): Readonly<Record<string, unknown>>;
  followFaults(): Promise<void>;
  close(): void;
}

export interface XmppWorldParts {
  readonly authority: Authority;
  readonly domain: string;
  readonly zones: Zones;
  readonly faults: () => readonly XmppFault[];
  readonly gateway: Gateway;
}

/** Opens it on free loopback ports, with a partner in the same process. */
export async function openXmppWorld(parts: XmppWorldParts): Promise<XmppWorld> {
  const { authority, domain, zones, faults, gateway } = parts;
  const certificates = await issueServerCertificates(authority, [domain, `edge1.${domain}`, `edge2.${domain}`]);
  const options = { domain, certificates };
  const active = await openFederationPool({
    ...options,
    address: '127.0.0.1',
    port: 0,
    faults: () => faults().flatMap((fault) => fault.active ?? []),
  });
  const other = await openStandby({
    ...options,
    port: active.port,
    faults: () => faults().flatMap((fault) => fault.standby ?? []),
  });
  const partner = await openPartnerDomain(authority, gateway, faults);
  const [first, second] = [`edge1.${domain}`, `edge2.${domain}`];
  const service = `_xmpp-server._tcp.${domain}`;
  zones.add(addressRecord(first, '127.0.0.1'), serviceRecord(service, first, active.port), ...partner.records);
  if (other) zones.add(addressRecord(second, other.address), serviceRecord(service, second, active.port, 10));
  // Later, as over a network: what comes back must not overtake the answer to the user.
  gateway.connect({ open: true, send: (message) => void setImmediate(() => partner.deliver(message)) });
  return {
    users: partner.users,
    federation: { port: active.port, active: first, standby: other && second },
    state: () => ({
      xmppPartner: partner.describe(),
      xmppFederation: { active: active.accepted, standby: other?.pool.accepted ?? 0 },
    }),
    async followFaults() {
      await active.followFaults();
      await other?.pool.followFaults();
      await partner.followFaults();
    },
    close() {
      active.close();
      other?.pool.close();
      partner.close();
    },
  };
}

/** Where a system has but one loopback address of IPv4 it may have that of IPv6; otherwise there is no standby. */
async function openStandby(
  options: Omit<FederationPoolOptions, 'address'>,
): Promise<{ readonly pool: FederationPool; readonly address: string } | undefined> {
  for (const address of ['127.0.0.2', '::1']) {
    try {
      return { pool: await openFederationPool({ ...options, address }), address };
    } catch {
      // The address is not there, or somebody else has the port: the next one may do.
    }
  }
  return undefined;
}
