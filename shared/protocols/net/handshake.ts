import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { limitOf } from '../../domain/scope.js';
import type { TcpConnection } from './connectTcp.js';
import type { HandshakeFailure } from './diagnoseTls.js';

/** How a TLS handshake ended; the socket of one that failed is destroyed. */
export type Handshake =
  | { readonly kind: 'secured'; readonly socket: tls.TLSSocket }
  | { readonly kind: 'failed'; readonly failure: HandshakeFailure; readonly cause?: unknown };

/**
 * Runs the client's side of a TLS handshake with `host` as SNI and takes every certificate: whoever calls judges it.
 * `watch` is given the socket before the first byte goes out. Never rejects.
 */
export function handshake(
  tcp: TcpConnection,
  host: string,
  context: tls.SecureContext,
  signal: AbortSignal,
  watch: (socket: tls.TLSSocket) => void = () => {},
): Promise<Handshake> {
  return new Promise((resolve) => {
    // On a socket that is gone already Node waits for ever.
    if (tcp.socket.destroyed) return resolve({ kind: 'failed', failure: { kind: 'closed' } });
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
      resolve({ kind: 'failed', failure, cause });
    };
    const secured = () => {
      settle();
      resolve({ kind: 'secured', socket });
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
    watch(socket);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
