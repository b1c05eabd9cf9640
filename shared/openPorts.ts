import { randomBytes } from 'node:crypto';
import { version } from '../package.json';
import type { Settings } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import type { Scope } from './domain/scope.js';
import { findAccessEdge } from './protocols/dns/findAccessEdge.js';
import { findFederation } from './protocols/dns/findFederation.js';
import { openResolver } from './protocols/dns/resolver.js';
import { openLyncChat } from './protocols/lync/chat/lyncChat.js';
import { httpsGet } from './protocols/lync/discovery/httpsGet.js';
import { type Autodiscovery, besideAutodiscover } from './protocols/lync/discovery/observeAutodiscover.js';
import { openLyncUserAgent } from './protocols/lync/lyncUserAgent.js';
import { identityContext, readClientIdentity } from './protocols/net/clientIdentity.js';
import { connectTcp } from './protocols/net/connectTcp.js';
import { startMutualTls } from './protocols/net/mutualTls.js';
import { startTls, withoutTls } from './protocols/net/startTls.js';
import { secureContext } from './protocols/net/trust.js';
import { openFederatedPeer } from './protocols/sip/federation/federatedPeer.js';
import type { Trace } from './protocols/sip/trace.js';
import { openUserAgent } from './protocols/sip/userAgent.js';
import { turnPorts } from './protocols/turn/turnPorts.js';
import { findXmppServer } from './protocols/xmpp/client/findXmppServer.js';
import { openXmppClient } from './protocols/xmpp/client/xmppClient.js';
import { findRoute } from './protocols/xmpp/federation/findRoute.js';
import { probeTargets } from './protocols/xmpp/federation/probeTargets.js';
import { resolveTargets } from './protocols/xmpp/federation/resolveTargets.js';
import type { Ports } from './run/ports.js';

/** What all runs share is opened once; the user agents of each have a trace of their own. */
export function openPorts(settings: Settings, clock: Clock): (trace: Trace) => Ports {
  const resolver = openResolver(settings.dnsServers);
  const policy = { ...settings.tls, warnDays: settings.certificateWarningDays };
  let context: ReturnType<typeof secureContext> | undefined;
  const ours = <T>(work: () => T, scope: Scope): T => {
    const begunAt = clock.monotonic();
    const made = work();
    scope.exclude(clock.monotonic() - begunAt);
    return made;
  };
  const trusted = (scope: Scope) => {
    context ??= ours(() => secureContext(policy), scope);
    return context;
  };
  const turn = turnPorts({ clock, randomBytes, resolver, reference: settings.reference });
  return (trace) => ({
    turn,
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
    findFederation: (question, scope) => findFederation(question, resolver, Math.random, scope),
    findXmppRoute: (domain, port, scope) => findRoute(domain, port, resolver, scope),
    resolveXmppTargets: (route, scope) => resolveTargets(route, resolver, scope),
    probeXmppTargets: (targets, domain, scope) =>
      probeTargets(
        targets,
        {
          domain,
          clock,
          trace,
          connectTcp: (target, at) => connectTcp(target, clock, at),
          startTls: (tcp, at) => startTls(tcp, trusted(at), policy, clock, at),
        },
        scope,
      ),
    readClientIdentity,
    startMutualTls: (tcp, identity, scope) => {
      const shown = identity ? ours(() => identityContext(policy, identity), scope) : trusted(scope);
      return startMutualTls(tcp, shown, policy, clock, scope);
    },
    openFederatedPeer: (connection, { host }, edge) =>
      openFederatedPeer(connection, {
        host,
        userAgent: edge.userAgent ?? `edge-probes/${version}`,
        clock,
        token,
        trace,
      }),
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
    openLyncChat: (user, { sipAddress }) => openLyncChat(user, { sipAddress, clock, randomBytes }),
    openXmppClient: (user) =>
      openXmppClient(user, {
        findServer: (domain, service, scope) => findXmppServer(domain, service, resolver, Math.random, scope),
        connectTcp: (target, scope) => connectTcp(target, clock, scope),
        startTls: (tcp, scope) => startTls(tcp, trusted(scope), policy, clock, scope),
        clock,
        token,
        trace,
      }),
  });
}

/** Letters and digits from a cryptographic source. */
export function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
