import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Endpoints } from './plan/endpoints.js';

/** A TLS connection to Edge 1 that checks the certificate as a client must; rejects with the reason when it does not hold. */
export function connectToEdge(endpoints: Endpoints, port = endpoints.ports.sips): Promise<TLSSocket> {
  const address = endpoints.edges[0]?.address;
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: address, port, servername: endpoints.sip.host, ca: readFileSync(endpoints.ca) },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

/** What a client finds of the certificate at a port of Edge 1: `good`, or the code of the error. */
export async function certificateVerdict(endpoints: Endpoints, port?: number): Promise<string> {
  try {
    (await connectToEdge(endpoints, port)).destroy();
    return 'good';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** `answered` when TCP to Edge 1 and then anything at all comes back within `limitMs` of a TLS handshake. */
export function knock(endpoints: Endpoints, limitMs = 2000): Promise<'answered' | 'silent' | 'refused'> {
  return new Promise((resolve) => {
    const tcp = connectTcp({ host: endpoints.edges[0]?.address, port: endpoints.ports.sips });
    const end = (what: 'answered' | 'silent' | 'refused') => {
      clearTimeout(timer);
      tls.destroy();
      resolve(what);
    };
    const timer = setTimeout(() => end('silent'), limitMs);
    const tls = connect({ socket: tcp, rejectUnauthorized: false }, () => end('answered'));
    tcp.once('error', () => end('refused'));
    tls.on('error', () => {});
  });
}

export interface RegisterOptions {
  readonly user: string;
  readonly password: string;
  readonly expires: number;
  /** Sent back after the challenge; without it, the challenge is the answer. */
  readonly nonce?: string;
}

/** Sends one REGISTER with digest (MD5, qop=auth: RFC 2617 section 3.2.2.1) and gives the whole answer. */
export function register(socket: TLSSocket, { user, password, expires, nonce }: RegisterOptions): Promise<string> {
  const aor = `sip:${user}@contoso.test`;
  const credentials = nonce === undefined ? [] : [authorization(user, password, nonce)];
  const lines = [
    'REGISTER sip:contoso.test SIP/2.0',
    `Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK${Math.random()};rport`,
    'Max-Forwards: 70',
    `From: <${aor}>;tag=1`,
    `To: <${aor}>`,
    `Call-ID: ${user}-${socket.localPort}`,
    `CSeq: ${nonce === undefined ? 1 : 2 + (expires === 0 ? 1 : 0)} REGISTER`,
    `Contact: <sip:${user}@192.0.2.1;transport=tls>`,
    `Expires: ${expires}`,
    ...credentials,
    'Content-Length: 0',
  ];
  return new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString()));
    socket.once('error', reject);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

/** The nonce of a challenge; empty when there is none. */
export function nonceOf(answer: string): string {
  return /nonce="([^"]+)"/.exec(answer)?.[1] ?? '';
}

function authorization(user: string, password: string, nonce: string): string {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const uri = 'sip:contoso.test';
  const secret = md5(`${user}:contoso.test:${password}`);
  const proof = md5(`${secret}:${nonce}:00000001:probe:auth:${md5(`REGISTER:${uri}`)}`);
  return (
    `Authorization: Digest username="${user}", realm="contoso.test", nonce="${nonce}", uri="${uri}", response="${proof}", ` +
    'algorithm=MD5, qop=auth, nc=00000001, cnonce="probe"'
  );
}
