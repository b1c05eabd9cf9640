import { randomBytes } from 'node:crypto';
import { version } from '../package.json';
import type { Settings } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import type { Scope } from './domain/scope.js';
import { findAccessEdge } from './protocols/dns/findAccessEdge.js';
import { openResolver } from './protocols/dns/resolver.js';
import { httpsGet } from './protocols/lync/discovery/httpsGet.js';
import { type Autodiscovery, besideAutodiscover } from './protocols/lync/discovery/observeAutodiscover.js';
import { openLyncUserAgent } from './protocols/lync/lyncUserAgent.js';
import { connectTcp } from './protocols/net/connectTcp.js';
import { startTls, withoutTls } from './protocols/net/startTls.js';
import { secureContext } from './protocols/net/trust.js';
import type { Trace } from './protocols/sip/trace.js';
import { openUserAgent } from './protocols/sip/userAgent.js';
import type { Ports } from './run/ports.js';

/** What all runs share is opened once; the user agents of each have a trace of their own. */
export function openPorts(settings: Settings, clock: Clock): (trace: Trace) => Ports {
  const resolver = openResolver(settings.dnsServers);
  const policy = { ...settings.tls, warnDays: settings.certificateWarningDays };
  let context: ReturnType<typeof secureContext> | undefined;
  const trusted = (scope: Scope) => {
    const begunAt = clock.monotonic();
    context ??= secureContext(policy);
    scope.exclude(clock.monotonic() - begunAt);
    return context;
  };
  return (trace) => ({
    findAccessEdge: (edge, scope) => {
      const found = findAccessEdge(edge, resolver, Math.random, scope);
      if (edge.dialect !== 'lync' || edge.accessEdge) return found;
      const { sipDomain } = edge;
      const get: Autodiscovery['get'] = (question, signal) =>
        httpsGet({ ...question, secureContext: trusted(scope) }, signal);
      return besideAutodiscover(found, { sipDomain, resolver, get, clock }, scope);
    },
    connectTcp: (target, scope) => connectTcp(target, clock, scope),
    startTls: (tcp, scope) => startTls(tcp, trusted(scope), policy, clock, scope),
    withoutTls,
    openUserAgent: (connection, edge, account) =>
      openUserAgent(connection, {
        account,
        sipDomain: edge.sipDomain,
        userAgent: edge.userAgent ?? `edge-probes/${version}`,
        clock,
        token,
        trace,
      }),
    openLyncUserAgent: (connection, edge, account) =>
      openLyncUserAgent(connection, {
        account,
        sipDomain: edge.sipDomain,
        userAgent: edge.userAgent ?? `edge-probes/${version}`,
        clock,
        randomBytes,
        trace,
      }),
  });
}

/** Letters and digits from a cryptographic source. */
export function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
