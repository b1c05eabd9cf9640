import { diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { DnsAnswer, DnsResolver, SrvRecord } from '../../dns/answer.js';
import { diagnoseDns } from '../../dns/diagnoseDns.js';
import { lookUpHost } from '../../dns/hostAddresses.js';
import { lookUpTargets } from '../../dns/srvTargets.js';
import type { AccessEdgeTarget, Candidate } from '../../net/target.js';

/** Where users of a domain sign in, as configured. */
export interface XmppService {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte instead of STARTTLS. */
  readonly directTls: boolean;
}

/** A server with the way in which TLS begins there. */
export interface XmppCandidate extends Candidate {
  readonly directTls: boolean;
}

/** Where to connect, in the order to try. */
export interface XmppTarget extends AccessEdgeTarget {
  readonly candidates: readonly XmppCandidate[];
}

const fallbackPort = 5222;
const codes = { notOffered: 'DNS_XMPP_CLIENT_NOT_OFFERED', noAddress: 'DNS_XMPP_CLIENT_NO_ADDRESS' } as const;

/**
 * Finds where users of `domain` sign in: at `service` if that is set, else by SRV records, those for TLS at once and
 * those for STARTTLS in one order (XEP-0368 section 3), else at the domain itself (RFC 6120 section 3.2.2). Every
 * server must bear the domain in its certificate (section 13.7.2). Throws a `ProbeError` of layer `dns`.
 */
export async function findXmppServer(
  domain: string,
  service: XmppService | undefined,
  resolver: DnsResolver,
  random: () => number,
  scope: Scope,
): Promise<XmppTarget> {
  if (service) return fromHost(domain, service, resolver, scope);
  const names = [`_xmpps-client._tcp.${domain}`, `_xmpp-client._tcp.${domain}`] as const;
  const [direct, starting] = await Promise.all([resolver.srv(names[0], scope), resolver.srv(names[1], scope)]);
  // A "." for TLS at once says nothing about STARTTLS (XEP-0368 section 3).
  const atOnce = recordsOf(direct).filter(({ target }) => target !== '.');
  const records = [...atOnce, ...recordsOf(starting)];
  if (records.length > 0) {
    const name = names.join(' and ');
    const found = await lookUpTargets({ name, records, tlsName: () => domain, codes }, resolver, random, scope);
    const isDirect = ({ host, port }: Candidate) =>
      atOnce.some((record) => record.target === host && record.port === port);
    const candidates = found.candidates.map((candidate) => ({ ...candidate, directTls: isDirect(candidate) }));
    return { fqdn: found.fqdn, transport: 'tls', candidates };
  }
  for (const [index, answer] of [direct, starting].entries()) {
    if (answer.kind === 'records' || answer.kind === 'nxdomain' || answer.kind === 'nodata') continue;
    throw new ProbeError(diagnoseDns(`SRV record ${names[index]}`, answer));
  }
  return fromDomain(domain, names, resolver, scope);
}

function recordsOf(answer: DnsAnswer<SrvRecord>): readonly SrvRecord[] {
  return answer.kind === 'records' ? answer.records : [];
}

async function fromHost(
  domain: string,
  { host, port, directTls }: XmppService,
  resolver: DnsResolver,
  scope: Scope,
): Promise<XmppTarget> {
  const found = await lookUpHost(host, resolver, scope);
  if (found.kind === 'failure') throw new ProbeError(diagnoseDns(`address of ${host}`, found.failure));
  const candidate = { host, port, tlsName: domain, addresses: found.addresses, directTls };
  return { fqdn: host, transport: 'tls', candidates: [candidate] };
}

async function fromDomain(
  domain: string,
  names: readonly string[],
  resolver: DnsResolver,
  scope: Scope,
): Promise<XmppTarget> {
  const found = await lookUpHost(domain, resolver, scope);
  if (found.kind === 'failure') {
    const { failure } = found;
    const looked = diagnoseDns(`address of ${domain}`, failure);
    if (failure.kind !== 'nxdomain' && failure.kind !== 'nodata') throw new ProbeError(looked);
    const error = `no SRV record ${names.join(' or ')}, and ${looked.error}`;
    throw new ProbeError(diagnosis('DNS_XMPP_CLIENT_MISSING', { error }));
  }
  const fallback = { host: domain, port: fallbackPort, tlsName: domain, addresses: found.addresses, directTls: false };
  scope.observe({ srvTarget: `${domain} (no SRV record)` });
  return { fqdn: domain, transport: 'tls', candidates: [fallback] };
}
