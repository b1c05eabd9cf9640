import { isIP } from 'node:net';
import type { Scope } from '../../domain/scope.js';
import type { DnsAnswer, DnsFailure, DnsResolver } from './answer.js';

/** More addresses than a sane host has; the rest is not tried. */
const mostAddresses = 20;

export type HostAddresses =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'failure'; readonly failure: DnsFailure };

/** All IPv6 and IPv4 addresses of a host, the families taking turns (RFC 8305 section 4). An address stands for itself. */
export async function lookUpHost(host: string, resolver: DnsResolver, scope: Scope): Promise<HostAddresses> {
  if (isIP(host) !== 0) return { kind: 'addresses', addresses: [host] };
  // RFC 6761 section 6.3: never asked of DNS.
  if (host.toLowerCase() === 'localhost') return { kind: 'addresses', addresses: ['127.0.0.1', '::1'] };
  const [ipv6, ipv4] = await Promise.all([resolver.ipv6(host, scope), resolver.ipv4(host, scope)]);
  const addresses = takeTurns(recordsOf(ipv6), recordsOf(ipv4)).slice(0, mostAddresses);
  if (addresses.length > 0) return { kind: 'addresses', addresses };
  return { kind: 'failure', failure: weightier(ipv4, ipv6) };
}

function recordsOf(answer: DnsAnswer<string>): readonly string[] {
  return answer.kind === 'records' ? answer.records : [];
}

function takeTurns(first: readonly string[], second: readonly string[]): string[] {
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => [first[index], second[index]])
    .flat()
    .filter((address) => address !== undefined);
}

/**
 * Of two answers without an address the one that says more. A name that does not exist for IPv4 does not exist (RFC 8020);
 * for IPv6 alone some servers deny names that do (RFC 4074).
 */
function weightier(ipv4: DnsAnswer<string>, ipv6: DnsAnswer<string>): DnsFailure {
  const empty: DnsFailure = { kind: 'nodata' };
  if (ipv4.kind !== 'nodata' && ipv4.kind !== 'records') return ipv4;
  return ipv6.kind === 'nxdomain' || ipv6.kind === 'records' ? empty : ipv6;
}
