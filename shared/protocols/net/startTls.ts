import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import { type CertificateFacts, readCertificate } from './certificate.js';
import type { TcpConnection } from './connectTcp.js';
import { diagnoseCertificate, diagnoseHandshake, type HandshakeFailure } from './diagnoseTls.js';
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
  // On a socket that is gone already Node waits for ever.
  if (tcp.socket.destroyed) throw new ProbeError(diagnoseHandshake(tcp.peer, { kind: 'closed' }));
  const socket = await handshake(tcp, host, context, scope.signal);
  const seen = readCertificate(host, socket.getPeerCertificate(), clock.now());
  scope.observe({ tlsVersion: socket.getProtocol() ?? 'unknown', ...(seen ? { certificates: [seen] } : {}) });
  if (!socket.authorized) {
    socket.destroy();
    throw new ProbeError(diagnoseCertificate(host, reasonOf(socket), seen));
  }
  if (seen) warnIfExpiring(seen, policy, scope);
  return { socket, protocol: 'TLS', peer: tcp.peer, close: () => socket.destroy() };
}

function handshake(tcp: TcpConnection, host: string, context: tls.SecureContext, signal: AbortSignal) {
  return new Promise<tls.TLSSocket>((resolve, reject) => {
    // SNI never carries an address (RFC 6066 section 3); the identity check then reads `host`.
    const name = isIP(host) === 0 ? { servername: host } : { host };
    const socket = tls.connect({ socket: tcp.socket, secureContext: context, rejectUnauthorized: false, ...name });
    let afterServerHello = false;
    const settle = () => {
      signal.removeEventListener('abort', abort);
      socket.off('secureConnect', secured).off('error', failed).off('close', closed);
      // A late alert (TLS 1.3 refuses a missing client certificate after the handshake) must find a listener.
      socket.on('error', () => {});
    };
    const fail = (failure: HandshakeFailure, cause?: unknown) => {
      settle();
      socket.destroy();
      reject(new ProbeError(diagnoseHandshake(tcp.peer, failure), { cause }));
    };
    const secured = () => {
      settle();
      resolve(socket);
    };
    const failed = (error: NodeJS.ErrnoException & { readonly reason?: string }) => {
      const { code = '', reason, message } = error;
      fail({ kind: 'error', code, reason: reason ?? message, afterServerHello }, error);
    };
    const closed = () => fail({ kind: 'closed' });
    const abort = () => fail({ kind: 'timeout', limitMs: limitOf(signal) }, signal.reason);
    socket.once('keylog', () => {
      afterServerHello = true;
    });
    socket.once('secureConnect', secured).once('error', failed).once('close', closed);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Node types `authorizationError` as an Error; it is the reason's code, a text. */
function reasonOf(socket: tls.TLSSocket): string {
  return String(socket.authorizationError ?? 'unknown reason');
}

function warnIfExpiring(seen: CertificateFacts, policy: TlsPolicy, scope: Scope): void {
  if (seen.daysLeft >= policy.warnDays) return;
  const message = `certificate of ${seen.host} expires in ${seen.daysLeft} days, at ${seen.notAfter}`;
  scope.warn({ code: 'TLS_CERTIFICATE_EXPIRES_SOON', message });
}
