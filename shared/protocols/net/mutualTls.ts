import type * as tls from 'node:tls';
import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { TcpConnection } from './connectTcp.js';
import { alertOf, diagnoseHandshake, disconnected, type HandshakeFailure } from './diagnoseTls.js';
import { handshake } from './handshake.js';
import { HandshakeWatch } from './handshakeWatch.js';
import { judgePeer } from './judgePeer.js';
import { type Connection, shownBy } from './startTls.js';
import type { TlsPolicy } from './trust.js';

/** A handshake as far as the server went along; its certificate was accepted. */
export interface MutualTls {
  readonly connection: Connection;
  /** Did it ask for a client certificate (RFC 5246 section 7.4.4, RFC 8446 section 4.3.2)? */
  readonly asked: boolean;
  /**
   * How it broke off the handshake for want of one, or for the one it was shown; the connection is closed then. A server may
   * refuse later as well: in TLS 1.3 its alert comes when the client is done, and Schannel leaves it to the application.
   */
  readonly refusal: string | undefined;
}

/**
 * TLS as a federated server would open it, with or without a certificate in `context`: being refused for that is no error
 * here. Throws a `ProbeError` of layer `tls` for everything else, and for a server certificate that is not accepted.
 */
export async function startMutualTls(
  tcp: TcpConnection,
  context: tls.SecureContext,
  policy: TlsPolicy,
  clock: Clock,
  scope: Scope,
): Promise<MutualTls> {
  const host = tcp.candidate.tlsName;
  const watch = new HandshakeWatch(host);
  const shaken = await handshake(tcp, host, context, scope.signal, (socket) => watch.begin(socket));
  const refusal = shaken.kind === 'failed' && watch.asked ? refusalIn(shaken.failure) : undefined;
  if (shaken.kind === 'failed' && refusal === undefined) {
    throw new ProbeError(diagnoseHandshake(tcp.peer, shaken.failure), { cause: shaken.cause });
  }
  const socket = shaken.kind === 'secured' ? shaken.socket : tcp.socket;
  try {
    judgePeer(host, shaken.kind === 'secured' ? shownBy(shaken.socket) : watch.shown, policy, clock, scope);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const connection = { socket, protocol: 'TLS', peer: tcp.peer, close: () => socket.destroy() } as const;
  return { connection, asked: watch.asked, refusal };
}

/** How the server broke off a handshake in which it had asked for a certificate; undefined for trouble of another kind. */
function refusalIn(failure: HandshakeFailure): string | undefined {
  if (failure.kind === 'timeout') return undefined;
  if (failure.kind === 'closed' || disconnected.test(failure.code)) return 'closed without an alert';
  const alert = alertOf(failure.code);
  return alert === undefined ? undefined : `alert ${alert}`;
}
