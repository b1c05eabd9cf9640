import type { Scope } from '../../domain/scope.js';

/** A service record (RFC 2782); `target` is `.` where the domain states that it does not offer the service. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** What a DNS question came to: NXDOMAIN and an empty answer (NODATA) stay apart, and so do the server's and our own troubles. */
export type DnsAnswer<T> =
  | { readonly kind: 'records'; readonly records: readonly T[] }
  | { readonly kind: 'nxdomain' }
  | { readonly kind: 'nodata' }
  | { readonly kind: 'servfail' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'malformed'; readonly cause: unknown }
  | { readonly kind: 'timeout'; readonly limitMs: number }
  | { readonly kind: 'unreachable'; readonly cause: unknown };

/** An answer that holds no record. */
export type DnsFailure = Exclude<DnsAnswer<never>, { readonly kind: 'records' }>;

/** Asks DNS; a question that fails is an answer too and never throws. */
export interface DnsResolver {
  srv(name: string, scope: Scope): Promise<DnsAnswer<SrvRecord>>;
  ipv4(name: string, scope: Scope): Promise<DnsAnswer<string>>;
  ipv6(name: string, scope: Scope): Promise<DnsAnswer<string>>;
  /** The name that `name` is an alias of (CNAME); the address questions follow it without a word. */
  alias(name: string, scope: Scope): Promise<DnsAnswer<string>>;
}

/** Node's (c-ares) error codes as answers. */
export function fromDnsError(error: unknown, limitMs: number): DnsFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOTFOUND':
      return { kind: 'nxdomain' };
    case 'ENODATA':
      return { kind: 'nodata' };
    case 'ESERVFAIL':
      return { kind: 'servfail' };
    case 'EREFUSED':
    case 'ENOTIMP':
      return { kind: 'refused' };
    case 'ETIMEOUT':
    case 'ECANCELLED':
      return { kind: 'timeout', limitMs };
    case 'ECONNREFUSED':
      return { kind: 'unreachable', cause: error };
    default:
      return { kind: 'malformed', cause: error };
  }
}
