import { type Diagnosis, type DiagnosisCode, diagnosis, ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { Candidate } from '../net/target.js';
import type { DnsResolver, SrvRecord } from './answer.js';
import { diagnoseDns } from './diagnoseDns.js';
import { lookUpHost } from './hostAddresses.js';
import { orderSrv } from './srvOrder.js';

/** More targets than a sane zone has; the rest is not asked for. */
const mostTargets = 10;

/** An RRset of SRV records and what is to be made of it. */
export interface SrvService {
  /** `_sip._tls.contoso.com` */
  readonly name: string;
  readonly records: readonly SrvRecord[];
  /** The name that a target's certificate must bear. */
  readonly tlsName: (target: string) => string;
  /** The codes for a service that is declared absent by ".", and for targets of which none has an address. */
  readonly codes: { readonly notOffered: DiagnosisCode; readonly noAddress: DiagnosisCode };
}

/**
 * The servers of an SRV RRset with their addresses, in the order to try them (RFC 2782); the first one's name is observed.
 * Throws a `ProbeError` where none of them can be reached by name.
 */
export async function lookUpTargets(
  { name, records, tlsName, codes }: SrvService,
  resolver: DnsResolver,
  random: () => number,
  scope: Scope,
): Promise<{ readonly fqdn: string; readonly candidates: readonly Candidate[] }> {
  const offered = orderSrv(records, random)
    .filter(({ target }) => target !== '' && target !== '.')
    .slice(0, mostTargets);
  const [first] = offered;
  if (!first) {
    const error = `SRV record ${name} has the target ".": the domain does not offer the service (RFC 2782)`;
    throw new ProbeError(diagnosis(codes.notOffered, { error }));
  }
  scope.observe({ srvService: name, srvTarget: first.target });
  const found = await Promise.all(offered.map((record) => toCandidate(record, tlsName, resolver, scope)));
  const candidates = found.map(({ candidate }) => candidate);
  if (candidates.every((candidate) => candidate.addresses.length === 0)) {
    // Our own resolver's silence says nothing about the records: it must not be blamed on the zone.
    const ours = found.find(({ failure }) => failure?.fault === 'prober')?.failure;
    const error = `SRV record ${name}: ${candidates.map((candidate) => candidate.unusable).join('; ')}`;
    throw new ProbeError(ours ?? diagnosis(codes.noAddress, { error }));
  }
  return { fqdn: first.target, candidates };
}

async function toCandidate(
  { target: host, port }: SrvRecord,
  tlsName: SrvService['tlsName'],
  resolver: DnsResolver,
  scope: Scope,
): Promise<{ readonly candidate: Candidate; readonly failure?: Diagnosis }> {
  const found = await lookUpHost(host, resolver, scope);
  const base = { host, port, tlsName: tlsName(host) };
  if (found.kind === 'addresses') return { candidate: { ...base, addresses: found.addresses } };
  const failure = diagnoseDns(`address of ${host}`, found.failure);
  return { candidate: { ...base, addresses: [], unusable: failure.error }, failure };
}

/** Is `host` the domain itself or a name below it? */
export function isWithin(domain: string, host: string): boolean {
  const [outer, inner] = [domain.toLowerCase(), host.toLowerCase()];
  return inner === outer || inner.endsWith(`.${outer}`);
}

/**
 * An SRV answer is not signed: a target outside the SIP domain proves nothing by a certificate for itself, so that one
 * must bear the SIP domain (RFC 5922 section 4). Inside the domain the target's own name is what clients check.
 */
export function certificateName(sipDomain: string, target: string): string {
  return isWithin(sipDomain, target) ? target.toLowerCase() : sipDomain.toLowerCase();
}
