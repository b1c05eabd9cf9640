import * as tls from 'node:tls';
import type { PeerShown } from './judgePeer.js';

/** Looks at a handshake from inside: one that the server breaks off never comes to `secureConnect`. */
export class HandshakeWatch {
  readonly #host: string;
  #shown: PeerShown = { version: 'unknown', certificate: {}, refusedFor: 'unknown reason' };
  #asked = false;

  constructor(host: string) {
    this.#host = host;
  }

  /** Has the server asked for a client certificate? */
  get asked(): boolean {
    return this.#asked;
  }

  /** What the server has shown so far. */
  get shown(): PeerShown {
    return this.#shown;
  }

  /** To be called before the first byte goes out. */
  begin(socket: tls.TLSSocket): void {
    // Keys are made when the server's part of the handshake has been read: the last such moment has seen all of it.
    socket.on('keylog', () => this.#look(socket));
  }

  #look(socket: tls.TLSSocket): void {
    // Signature algorithms in common are known on the client's side from a CertificateRequest alone.
    this.#asked ||= socket.getSharedSigalgs().length > 0;
    const certificate = socket.getPeerCertificate();
    if (Object.keys(certificate).length === 0) return;
    const refusedFor = verificationOf(socket) ?? nameProblem(this.#host, certificate);
    this.#shown = { version: socket.getProtocol() ?? 'unknown', certificate, refusedFor };
  }
}

/**
 * What OpenSSL makes of the chain. Node 20 and 22 make that public with `secureConnect` only, which a client that TLS 1.2
 * refuses never reaches; the handle knows it as soon as the certificate was read.
 */
function verificationOf(socket: tls.TLSSocket): string | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const verify: unknown = typeof handle === 'object' && handle !== null && Reflect.get(handle, 'verifyError');
  if (typeof verify !== 'function') return 'unknown reason';
  const problem: unknown = verify.call(handle);
  if (problem === null || problem === undefined) return undefined;
  return problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown reason';
}

function nameProblem(host: string, certificate: tls.PeerCertificate): string | undefined {
  return tls.checkServerIdentity(host, certificate) === undefined ? undefined : 'ERR_TLS_CERT_ALTNAME_INVALID';
}
