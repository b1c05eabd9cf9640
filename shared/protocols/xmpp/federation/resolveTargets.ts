import { isIP } from 'node:net';
import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import { targetName } from '../../../domain/federationRoute.js';
import type { Scope } from '../../../domain/scope.js';
import type { DnsAnswer, DnsFailure, DnsResolver, SrvRecord } from '../../dns/answer.js';
import { diagnoseDns } from '../../dns/diagnoseDns.js';
import type { Route } from './findRoute.js';

/** More than a sane host has; the rest is not tried. */
const mostAddresses = 10;

/** One target with its addresses; `failure` says why it has none. */
export interface ResolvedTarget {
  readonly record: SrvRecord;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly aliasOf?: string;
  readonly failure?: Diagnosis;
}

/** The addresses of every target, of both families; a target that has none is a result too. Warns of aliases. Never throws. */
export async function resolveTargets(
  route: Route,
  resolver: DnsResolver,
  scope: Scope,
): Promise<readonly ResolvedTarget[]> {
  return Promise.all(
    route.records.map(async (record) => {
      const target = await resolveTarget(record, resolver, scope);
      // The domain itself may well be an alias: there is no record then that should not name one.
      if (target.aliasOf !== undefined && route.missing === undefined) {
        const message = `SRV target ${record.target} is an alias (CNAME) of ${target.aliasOf}, which RFC 2782 forbids`;
        scope.warn({ code: 'DNS_XMPP_TARGET_IS_ALIAS', message });
      }
      return target;
    }),
  );
}

async function resolveTarget(record: SrvRecord, resolver: DnsResolver, scope: Scope): Promise<ResolvedTarget> {
  const { target } = record;
  const family = isIP(target);
  if (family !== 0) return { record, ipv4: family === 4 ? [target] : [], ipv6: family === 6 ? [target] : [] };
  const [ipv4, ipv6, alias] = await Promise.all([
    resolver.ipv4(target, scope),
    resolver.ipv6(target, scope),
    resolver.alias(target, scope),
  ]);
  const [aliasOf] = recordsOf(alias);
  const found = {
    record,
    ipv4: recordsOf(ipv4).slice(0, mostAddresses),
    ipv6: recordsOf(ipv6).slice(0, mostAddresses),
    ...(aliasOf === undefined ? {} : { aliasOf }),
  };
  if (found.ipv4.length + found.ipv6.length > 0) return found;
  return { ...found, failure: diagnoseAddress(record, ipv4, ipv6) };
}

function recordsOf(answer: DnsAnswer<string>): readonly string[] {
  return answer.kind === 'records' ? answer.records : [];
}

function diagnoseAddress(record: SrvRecord, ipv4: DnsAnswer<string>, ipv6: DnsAnswer<string>): Diagnosis {
  const name = targetName({ host: record.target, port: record.port });
  const failure = [ipv4, ipv6].find(isTrouble);
  if (failure) return diagnoseDns(`address of ${record.target}`, failure);
  // A name that does not exist for IPv4 does not exist (RFC 8020); for IPv6 alone some servers deny names that do (RFC 4074).
  if (ipv4.kind === 'nxdomain') {
    const error = `SRV target ${name}: the name does not exist (NXDOMAIN)`;
    return diagnosis('DNS_XMPP_TARGET_NOT_FOUND', { error });
  }
  const error = `SRV target ${name}: the name exists but has neither an A nor an AAAA record (NODATA)`;
  return diagnosis('DNS_XMPP_TARGET_NO_ADDRESS', { error });
}

function isTrouble(answer: DnsAnswer<string>): answer is DnsFailure {
  return !['records', 'nodata', 'nxdomain'].includes(answer.kind);
}
