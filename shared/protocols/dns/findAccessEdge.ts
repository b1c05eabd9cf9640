import { isIP } from 'node:net';
import { ProbeError } from '../../domain/diagnosis.js';
import type { AccessEdge, Edge } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { AccessEdgeTarget } from '../net/target.js';
import type { DnsResolver } from './answer.js';
import { diagnoseDns } from './diagnoseDns.js';
import { type HostAddresses, lookUpHost } from './hostAddresses.js';
import { certificateName, lookUpTargets } from './srvTargets.js';

const codes = { notOffered: 'DNS_SRV_NOT_OFFERED', noAddress: 'DNS_SRV_TARGET_NO_ADDRESS' } as const;

/**
 * Finds the Access Edge as configured, else as a client outside finds it: by the SRV record, else by the conventional
 * name with a warning. Throws a `ProbeError` of layer `dns`.
 */
export async function findAccessEdge(
  edge: Edge,
  resolver: DnsResolver,
  random: () => number,
  scope: Scope,
): Promise<AccessEdgeTarget> {
  if (edge.accessEdge) return fromSettings(edge.accessEdge, resolver, scope);
  for (const service of serviceNames(edge)) {
    const answer = await resolver.srv(service, scope);
    if (answer.kind === 'records' && answer.records.length > 0) {
      const tlsName = (target: string) => certificateName(edge.sipDomain, target);
      const named = { name: service, records: answer.records, tlsName, codes };
      return { transport: 'tls', ...(await lookUpTargets(named, resolver, random, scope)) };
    }
    if (answer.kind !== 'records' && answer.kind !== 'nxdomain' && answer.kind !== 'nodata') {
      throw new ProbeError(diagnoseDns(`SRV record ${service}`, answer));
    }
  }
  const fallback = { ...conventional(edge), transport: 'tls' as const, address: undefined };
  scope.warn({
    code: 'DNS_SRV_MISSING',
    message: `no SRV record ${serviceNames(edge).join(' or ')}; trying ${fallback.host}:${fallback.port} by convention`,
  });
  return fromSettings(fallback, resolver, scope);
}

/** RFC 3263 names `_sips._tcp`; Lync clients, and many open ones, ask for `_sip._tls`. */
function serviceNames(edge: Edge): string[] {
  const lync = `_sip._tls.${edge.sipDomain}`;
  return edge.dialect === 'lync' ? [lync] : [`_sips._tcp.${edge.sipDomain}`, lync];
}

function conventional(edge: Edge): { host: string; port: number } {
  return { host: `sip.${edge.sipDomain}`, port: edge.dialect === 'lync' ? 443 : 5061 };
}

async function fromSettings(settings: AccessEdge, resolver: DnsResolver, scope: Scope): Promise<AccessEdgeTarget> {
  const { host, port, transport, address } = settings;
  const found: HostAddresses =
    address !== undefined && isIP(address) !== 0
      ? { kind: 'addresses', addresses: [address] }
      : await lookUpHost(address ?? host, resolver, scope);
  if (found.kind === 'failure') throw new ProbeError(diagnoseDns(`address of ${address ?? host}`, found.failure));
  return { fqdn: host, transport, candidates: [{ host, port, tlsName: host, addresses: found.addresses }] };
}
