import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { type CertificateKind, certificateKinds } from '../certificates/leaf.js';
import type { Authority, Leaf } from '../certificates.js';
import type { TlsProfile } from '../faults/fault.js';

/** A server certificate of every kind. */
export type ServerCertificates = ReadonlyMap<CertificateKind, Leaf>;

/** Issues one server certificate of each kind for `names`. */
export async function issueServerCertificates(
  authority: Authority,
  names: readonly string[],
): Promise<ServerCertificates> {
  const issued = certificateKinds.map(async (kind) => [kind, await authority.issue({ names, kind })] as const);
  return new Map(await Promise.all(issued));
}

export interface HandshakeHandlers {
  secured(stream: TLSSocket): void;
  failed(): void;
}

/**
 * The server side of one TLS handshake. A server of its own for each connection: a fault acts on the next connection at once,
 * and no session of an earlier certificate can be resumed.
 */
export function startHandshake(
  socket: Socket,
  profile: TlsProfile,
  certificates: ServerCertificates,
  { secured, failed }: HandshakeHandlers,
): void {
  const leaf = certificates.get(profile.certificate);
  if (leaf === undefined) throw new Error(`no certificate of kind ${profile.certificate}`);
  const server = createServer({
    key: leaf.key,
    cert: leaf.cert,
    ca: leaf.ca,
    minVersion: profile.minVersion,
    maxVersion: profile.maxVersion,
    ...(profile.ciphers === undefined ? {} : { ciphers: profile.ciphers }),
    requestCert: profile.clientCertificate,
    // Both together make OpenSSL itself refuse a missing certificate, with the alert of the TLS version.
    rejectUnauthorized: profile.clientCertificate,
    handshakeTimeout: 30_000,
  });
  server.on('secureConnection', secured);
  server.on('tlsClientError', failed);
  // Documented: a server that does not listen takes connections from elsewhere through this event.
  server.emit('connection', socket);
}
