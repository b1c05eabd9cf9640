import type { Account, Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import type { TcpConnection } from '../protocols/net/connectTcp.js';
import type { Connection } from '../protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../protocols/net/target.js';
import type { Registrant } from '../protocols/sip/diagnoseRegister.js';
import type { SipUserAgent } from '../protocols/sip/userAgent.js';

/** What a transaction may ask of the world. Every call throws a `ProbeError` that says what went wrong. */
export interface Ports {
  findAccessEdge(edge: Edge, scope: Scope): Promise<AccessEdgeTarget>;
  connectTcp(target: AccessEdgeTarget, scope: Scope): Promise<TcpConnection>;
  startTls(tcp: TcpConnection, scope: Scope): Promise<Connection>;
  /** For a lab: the connection as it is. */
  withoutTls(tcp: TcpConnection): Connection;
  openUserAgent(connection: Connection, edge: Edge, account: Account): SipUserAgent;
  /** The same for dialect lync. */
  openLyncUserAgent(connection: Connection, edge: Edge, account: Account): Registrant;
}
