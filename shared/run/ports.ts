import type { Account, Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import type { FederationQuestion } from '../protocols/dns/findFederation.js';
import type { LyncChat } from '../protocols/lync/chat/lyncChat.js';
import type { LyncUserAgent } from '../protocols/lync/lyncUserAgent.js';
import type { ClientCertificateFiles } from '../protocols/net/clientIdentity.js';
import type { TcpConnection } from '../protocols/net/connectTcp.js';
import type { MutualTls } from '../protocols/net/mutualTls.js';
import type { Connection } from '../protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../protocols/net/target.js';
import type { ClientIdentity } from '../protocols/net/trust.js';
import type { FederatedPeer } from '../protocols/sip/federation/federatedPeer.js';
import type { SipUserAgent } from '../protocols/sip/userAgent.js';
import type { TurnPorts } from '../protocols/turn/turnPorts.js';
import type { XmppClient, XmppSignIn } from '../protocols/xmpp/client/xmppClient.js';
import type { Route } from '../protocols/xmpp/federation/findRoute.js';
import type { ProbedTarget } from '../protocols/xmpp/federation/probeTarget.js';
import type { ResolvedTarget } from '../protocols/xmpp/federation/resolveTargets.js';

/** What a transaction may ask of the world. Every call throws a `ProbeError` that says what went wrong. */
export interface Ports {
  findAccessEdge(edge: Edge, scope: Scope): Promise<AccessEdgeTarget>;
  connectTcp(target: AccessEdgeTarget, scope: Scope): Promise<TcpConnection>;
  startTls(tcp: TcpConnection, scope: Scope): Promise<Connection>;
  /** For a lab: the connection as it is. */
  withoutTls(tcp: TcpConnection): Connection;
  /** Where other domains reach a SIP domain. */
  findFederation(question: FederationQuestion, scope: Scope): Promise<AccessEdgeTarget>;
  /** Where XMPP partners are led to; `port` is that of the domain's own address, where there is no record. */
  findXmppRoute(domain: string, port: number, scope: Scope): Promise<Route>;
  resolveXmppTargets(route: Route, scope: Scope): Promise<readonly ResolvedTarget[]>;
  /** Talks to every target for `domain`; one that fails is a result too. */
  probeXmppTargets(targets: readonly ResolvedTarget[], domain: string, scope: Scope): Promise<readonly ProbedTarget[]>;
  readClientIdentity(files: ClientCertificateFiles): ClientIdentity;
  /** TLS as the server of another domain opens it; without an identity it shows no certificate. */
  startMutualTls(tcp: TcpConnection, identity: ClientIdentity | undefined, scope: Scope): Promise<MutualTls>;
  /** `identity` has the name that the certificate stands for. */
  openFederatedPeer(connection: Connection, identity: Pick<ClientIdentity, 'host'>, edge: Edge): FederatedPeer;
  openUserAgent(connection: Connection, edge: Edge, account: Account): SipUserAgent;
  /** The same for dialect lync. */
  openLyncUserAgent(connection: Connection, edge: Edge, account: Account): LyncUserAgent;
  /** The chat rooms of a user that is signed in. */
  openLyncChat(user: LyncUserAgent, account: Account): LyncChat;
  /** A client for one XMPP user; nothing is opened before its first step. */
  openXmppClient(user: XmppSignIn): XmppClient;
  /** Media relays. */
  readonly turn: TurnPorts;
}
