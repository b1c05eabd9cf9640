import { isIP } from 'node:net';
import { type Diagnosis, diagnosis, ProbeError } from '../../domain/diagnosis.js';
import type { AccessEdge, Edge } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { AccessEdgeTarget, Candidate } from '../net/target.js';
import type { DnsResolver, SrvRecord } from './answer.js';
import { diagnoseDns } from './diagnoseDns.js';
import { type HostAddresses, lookUpHost } from './hostAddresses.js';
import { orderSrv } from './srvOrder.js';

/** More targets than a sane zone has; the rest is not asked for. */
const mostTargets = 10;

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
      return fromRecords(edge, service, orderSrv(answer.records, random), resolver, scope);
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

async function fromRecords(
  edge: Edge,
  service: string,
  records: readonly SrvRecord[],
  resolver: DnsResolver,
  scope: Scope,
): Promise<AccessEdgeTarget> {
  const offered = records.filter((record) => record.target !== '' && record.target !== '.').slice(0, mostTargets);
  const [first] = offered;
  if (!first) {
    const error = `SRV record ${service} has the target ".": the domain does not offer the service (RFC 2782)`;
    throw new ProbeError(diagnosis('DNS_SRV_NOT_OFFERED', { error }));
  }
  scope.observe({ srvService: service, srvTarget: first.target });
  const found = await Promise.all(offered.map((record) => toCandidate(edge, record, resolver, scope)));
  const candidates = found.map(({ candidate }) => candidate);
  if (candidates.every((candidate) => candidate.addresses.length === 0)) {
    // Our own resolver's silence says nothing about the records: it must not be blamed on the zone.
    const ours = found.find(({ failure }) => failure?.fault === 'prober')?.failure;
    const error = `SRV record ${service}: ${candidates.map((candidate) => candidate.unusable).join('; ')}`;
    throw new ProbeError(ours ?? diagnosis('DNS_SRV_TARGET_NO_ADDRESS', { error }));
  }
  return { fqdn: first.target, transport: 'tls', candidates };
}

async function toCandidate(
  edge: Edge,
  record: SrvRecord,
  resolver: DnsResolver,
  scope: Scope,
): Promise<{ readonly candidate: Candidate; readonly failure?: Diagnosis }> {
  const { target: host, port } = record;
  const found = await lookUpHost(host, resolver, scope);
  const base = { host, port, tlsName: certificateName(edge.sipDomain, host) };
  if (found.kind === 'addresses') return { candidate: { ...base, addresses: found.addresses } };
  const failure = diagnoseDns(`address of ${host}`, found.failure);
  return { candidate: { ...base, addresses: [], unusable: failure.error }, failure };
}

/**
 * An SRV answer is not signed: a target outside the SIP domain proves nothing by a certificate for itself, so that one
 * must bear the SIP domain (RFC 5922 section 4). Inside the domain the target's own name is what clients check.
 */
function certificateName(sipDomain: string, target: string): string {
  const domain = sipDomain.toLowerCase();
  const host = target.toLowerCase();
  return host === domain || host.endsWith(`.${domain}`) ? host : domain;
}
