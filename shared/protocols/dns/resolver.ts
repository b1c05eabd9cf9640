import { promises as dns } from 'node:dns';
import type { Scope } from '../../domain/scope.js';
import { limitOf } from '../../domain/scope.js';
import { type DnsAnswer, type DnsResolver, fromDnsError, type SrvRecord } from './answer.js';

/** Each try waits this long; a lost datagram is asked for once more, as every stub resolver does. */
const tryMs = 2_000;
const tries = 2;

/** Asks `servers` (`address:port`), or the system's when there are none. Never the operating system's cache or hosts file. */
export function openResolver(servers: readonly string[]): DnsResolver {
  async function ask<T>(scope: Scope, query: (resolver: dns.Resolver) => Promise<T[]>): Promise<DnsAnswer<T>> {
    if (scope.signal.aborted) return { kind: 'timeout', limitMs: limitOf(scope.signal) };
    // A resolver of its own for each question, so that giving up on one cancels no other.
    const resolver = new dns.Resolver({ timeout: tryMs, tries });
    if (servers.length > 0) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    scope.signal.addEventListener('abort', cancel, { once: true });
    try {
      return { kind: 'records', records: await query(resolver) };
    } catch (error) {
      return fromDnsError(error, limitOf(scope.signal) || tryMs * tries);
    } finally {
      scope.signal.removeEventListener('abort', cancel);
    }
  }

  return {
    srv: (name, scope) =>
      ask<SrvRecord>(scope, async (resolver) =>
        (await resolver.resolveSrv(name)).map(({ name: target, ...record }) => ({ ...record, target })),
      ),
    ipv4: (name, scope) => ask(scope, (resolver) => resolver.resolve4(name)),
    ipv6: (name, scope) => ask(scope, (resolver) => resolver.resolve6(name)),
    alias: (name, scope) => ask(scope, (resolver) => resolver.resolveCname(name)),
  };
}
