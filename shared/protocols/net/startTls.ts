import type { Socket } from 'node:net';
import type * as tls from 'node:tls';
import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { TcpConnection } from './connectTcp.js';
import { diagnoseHandshake } from './diagnoseTls.js';
import { handshake } from './handshake.js';
import { judgePeer, type PeerShown } from './judgePeer.js';
import type { TlsPolicy } from './trust.js';

/** A connection ready for the application's protocol. */
export interface Connection {
  readonly socket: Socket;
  /** As in a Via header field. */
  readonly protocol: 'TLS' | 'TCP';
  /** `sip.contoso.com at 192.0.2.10:443`, for error texts. */
  readonly peer: string;
  /** Drops the connection, and the one below it, at once; may be called again. */
  close(): void;
}

/** Takes a TCP connection as it is: for a lab without TLS. */
export function withoutTls(tcp: TcpConnection): Connection {
  return { socket: tcp.socket, protocol: 'TCP', peer: tcp.peer, close: tcp.close };
}

/**
 * TLS with SNI on an open connection. The certificate is looked at even when it is refused, and refused before a byte
 * of the application goes out. Throws a `ProbeError` of layer `tls`.
 */
export async function startTls(
  tcp: TcpConnection,
  context: tls.SecureContext,
  policy: TlsPolicy,
  clock: Clock,
  scope: Scope,
): Promise<Connection> {
  const host = tcp.candidate.tlsName;
  const shaken = await handshake(tcp, host, context, scope.signal);
  if (shaken.kind === 'failed') {
    throw new ProbeError(diagnoseHandshake(tcp.peer, shaken.failure), { cause: shaken.cause });
  }
  const { socket } = shaken;
  try {
    judgePeer(host, shownBy(socket), policy, clock, scope);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { socket, protocol: 'TLS', peer: tcp.peer, close: () => socket.destroy() };
}

/** What the server has shown in a handshake that is over. */
export function shownBy(socket: tls.TLSSocket): PeerShown {
  return {
    version: socket.getProtocol() ?? 'unknown',
    certificate: socket.getPeerCertificate(),
    // Node types it as an Error; it is the reason's code, a text.
    refusedFor: socket.authorized ? undefined : String(socket.authorizationError ?? 'unknown reason'),
  };
}
