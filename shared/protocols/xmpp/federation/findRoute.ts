import { diagnosis, fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { DnsAnswer, DnsFailure, DnsResolver, SrvRecord } from '../../dns/answer.js';
import { diagnoseDns } from '../../dns/diagnoseDns.js';

/** More than a sane zone has; the rest, of the worst priorities, is not looked at. */
const mostTargets = 10;

/** The targets of a domain in the order of priority. */
export interface Route {
  /** `_xmpp-server._tcp.contoso.com` */
  readonly service: string;
  readonly records: readonly SrvRecord[];
  /** Why there are no records: the one target is then the domain itself (RFC 6120 section 3.2.2). */
  readonly missing?: 'nxdomain' | 'nodata';
}

/**
 * The `_xmpp-server._tcp` records of a domain, by priority and, inside of one, by weight, the greater first; where there are
 * none, the domain itself at `port`. Throws a `ProbeError` of layer `dns`.
 */
export async function findRoute(domain: string, port: number, resolver: DnsResolver, scope: Scope): Promise<Route> {
  const service = `_xmpp-server._tcp.${domain}`;
  // Whatever goes wrong from here on: there is no active target until one has been found.
  scope.observe({ srvService: service, activeTarget: null });
  const answer = await resolver.srv(service, scope);
  switch (answer.kind) {
    case 'records':
      return { service, records: requireOffered(service, answer.records, scope) };
    case 'nxdomain':
    case 'nodata':
      return { service, records: [{ target: domain, port, priority: 0, weight: 0 }], missing: answer.kind };
    case 'unreachable':
    case 'timeout':
      if (await answersOtherwise(domain, resolver, scope)) {
        const error = `SRV record ${service}: the DNS server answers, but this answer could not be fetched from it`;
        return fail('DNS_XMPP_ANSWER_INCOMPLETE', { error });
      }
      return failDns(service, answer);
    default:
      return failDns(service, answer);
  }
}

/** The diagnosis of a domain without records whose own address is no XMPP server either; `otherwise` says what became of that. */
export function diagnoseMissing(route: Route, otherwise: string) {
  const code = route.missing === 'nodata' ? 'DNS_XMPP_SRV_EMPTY' : 'DNS_XMPP_SRV_MISSING';
  const what = route.missing === 'nodata' ? 'the name has no such record (NODATA)' : 'it does not exist (NXDOMAIN)';
  return diagnosis(code, { error: `SRV record ${route.service}: ${what}; ${otherwise}` });
}

function requireOffered(service: string, records: readonly SrvRecord[], scope: Scope): readonly SrvRecord[] {
  const offered = sorted(records.filter(({ target }) => target !== '' && target !== '.'));
  if (offered.length === 0) {
    const error = `SRV record ${service} has the target ".": the domain does not federate over XMPP (RFC 2782)`;
    fail('DNS_XMPP_NOT_OFFERED', { error });
  }
  if (offered.length > mostTargets) {
    const message = `SRV record ${service} has ${offered.length} targets; the ${mostTargets} of the best priority are looked at`;
    scope.warn({ code: 'DNS_XMPP_TARGETS_TOO_MANY', message });
  }
  return offered.slice(0, mostTargets);
}

/** Not drawn at random inside of one priority: what is reported must not change from run to run. */
function sorted(records: readonly SrvRecord[]): SrvRecord[] {
  return records
    .map((record) => ({ ...record, target: record.target.toLowerCase().replace(/\.$/, '') }))
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight || a.target.localeCompare(b.target));
}

/** A truncated answer that TCP does not bring is reported like a dead server (c-ares); another question tells them apart. */
async function answersOtherwise(domain: string, resolver: DnsResolver, scope: Scope): Promise<boolean> {
  const other: DnsAnswer<string> = await resolver.ipv4(domain, scope);
  return !['unreachable', 'timeout', 'malformed'].includes(other.kind);
}

function failDns(service: string, answer: DnsFailure): never {
  throw new ProbeError(diagnoseDns(`SRV record ${service}`, answer));
}
