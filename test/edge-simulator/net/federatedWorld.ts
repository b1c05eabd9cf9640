import type { Clock } from '../../../shared/domain/clock.js';
import type { Authority, Leaf } from '../certificates.js';
import { addressRecord, serviceRecord, type ZoneRecord } from '../dns/records.js';
import { Zones } from '../dns/zones.js';
import type { FaultSwitches } from '../faults/switches.js';
import { openFederation } from './federation.js';

/** The domain that federates with the edge, over SIP and over XMPP. */
export const partnerDomain = 'partner.test';
const loopback = '127.0.0.1';

/** What there is around an edge: DNS, the way in for other domains, and a partner domain that has one too. */
export interface FederatedWorld {
  /** For whoever else has something to be found. */
  readonly zones: Zones;
  /** `127.0.0.1:port` */
  readonly dnsServer: string;
  readonly partner: { readonly domain: string; readonly certificate: Pick<Leaf, 'cert' | 'key'> };
  state(): Readonly<Record<string, unknown>>;
  /** Opens or closes ports as the faults want it. */
  followFaults(): Promise<void>;
  close(): Promise<void>;
}

export interface FederatedWorldParts {
  readonly authority: Authority;
  readonly domain: string;
  /** Port of the Access Edge for clients. */
  readonly clientPort: number;
  readonly switches: FaultSwitches;
  readonly clock: Clock;
}

/** Opens it, on free loopback ports. */
export async function openFederatedWorld(parts: FederatedWorldParts): Promise<FederatedWorld> {
  const { authority, domain, clientPort, switches, clock } = parts;
  const active = () => switches.active();
  const own = await openFederation({ authority, domain, active, clock });
  const partner = await openFederation({ authority, domain: partnerDomain, active: () => [], clock });
  const { cert, key } = await authority.issue({ names: [`sip.${partnerDomain}`, partnerDomain] });
  const zones = new Zones(active);
  zones.add(
    addressRecord(domain, loopback),
    addressRecord(`sip.${domain}`, loopback),
    serviceRecord(`_sip._tls.${domain}`, `sip.${domain}`, clientPort),
    federationRecord(domain, `sip.${domain}`, own.port),
    addressRecord(`sip.${partnerDomain}`, loopback),
    federationRecord(partnerDomain, `sip.${partnerDomain}`, partner.port),
    // The push clearing house: nothing listens there, its requests end at the Edge.
    addressRecord('sipfed.online.lync.com', loopback),
    federationRecord('push.lync.com', 'sipfed.online.lync.com', 5061),
  );
  const dns = await zones.serve();
  return {
    zones,
    dnsServer: dns.address,
    partner: { domain: partnerDomain, certificate: { cert, key } },
    state: () => ({ federation: own.state(), dns: { asked: dns.asked } }),
    followFaults: () => own.followFaults(),
    async close() {
      own.close();
      partner.close();
      await dns.close();
    },
  };
}

function federationRecord(domain: string, target: string, port: number): ZoneRecord {
  return serviceRecord(`_sipfederationtls._tcp.${domain}`, target, port);
}
