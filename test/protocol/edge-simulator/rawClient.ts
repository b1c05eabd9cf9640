import { createHash } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { EdgeSimulator, SimulatedUser } from '../../edge-simulator/startEdgeSimulator.js';

const deadlineMs = 8000;
const silenceMs = 150;

/** A connection that is read as bytes and never understood. */
export class RawClient {
  readonly socket: Socket;
  /** Everything since the last `next`. */
  #unread = '';
  #error: string | undefined;
  #ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#unread += text;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#error ??= error.code ?? error.message;
    });
    socket.on('close', () => {
      this.#ended = true;
    });
  }

  get unread(): string {
    return this.#unread;
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Takes what matches from the beginning of the unread bytes. */
  async next(pattern: RegExp = /^[\s\S]*?\r\n\r\n/): Promise<string> {
    await this.#until(() => pattern.test(this.#unread), String(pattern));
    const found = pattern.exec(this.#unread)?.[0] ?? '';
    this.#unread = this.#unread.slice(this.#unread.indexOf(found) + found.length);
    return found;
  }

  /** Takes exactly so many bytes. */
  async take(length: number): Promise<string> {
    await this.#until(() => this.#unread.length >= length, `${length} bytes`);
    const taken = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    return taken;
  }

  /** Waits for the end of the connection; says with which error, if any. */
  async closed(): Promise<string | undefined> {
    await this.#until(() => this.#ended, 'the end of the connection');
    return this.#error;
  }

  /** What arrives in a while, when nothing should. */
  async silence(): Promise<string> {
    await wait(silenceMs);
    return this.#ended ? `closed ${this.#error ?? ''}` : this.#unread;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const end = performance.now() + deadlineMs;
    while (!condition()) {
      if (performance.now() > end) {
        throw new Error(`${what} did not come; unread: ${JSON.stringify(this.#unread.slice(0, 500))}, ${this.#error}`);
      }
      await wait(5);
    }
  }
}

/** Connects as a client that checks the certificate; rejects with the error's code. */
export async function openTls(simulator: EdgeSimulator, options: ConnectionOptions = {}): Promise<RawClient> {
  const { address: host, port, ca, host: servername } = simulator;
  const socket: TLSSocket = connectTls({ host, port, ca, servername, timeout: deadlineMs, ...options });
  const client = new RawClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code)));
    socket.once('end', () => reject(new Error('ended')));
  });
  return client;
}

/** Connects without TLS; rejects with the error's code. */
export async function openTcp(simulator: EdgeSimulator): Promise<RawClient> {
  const socket = connectTcp({ host: simulator.address, port: simulator.port });
  const client = new RawClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code)));
  });
  return client;
}

let calls = 0;

export interface RegisterText {
  readonly user?: string;
  readonly cseq?: number;
  readonly callId?: string;
  readonly lines?: readonly string[];
}

export const contact = '<sip:pilar@127.0.0.1:5061;transport=tls>';

/** A REGISTER request. */
export function registerText(parts: RegisterText = {}): string {
  calls += 1;
  const { user = 'pilar', cseq = 1, callId = `call-${calls}`, lines = [`Contact: ${contact}`, 'Expires: 90'] } = parts;
  return [
    'REGISTER sip:contoso.test SIP/2.0',
    `Via: SIP/2.0/TLS client.invalid:5061;branch=z9hG4bK-${calls};rport`,
    `From: <sip:${user}@contoso.test>;tag=a${calls}`,
    `To: <sip:${user}@contoso.test>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    ...lines,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** The answer to a challenge, computed by hand (RFC 7616 section 3.4.1), with MD5. */
export function authorizationLine(challenged: string, user: SimulatedUser, nc = '00000001'): string {
  const hash = (text: string) => createHash('md5').update(text).digest('hex');
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenged)?.[1] ?? '';
  const [nonce, opaque] = [part('nonce'), part('opaque')];
  const secret = hash(`${user.userName}:contoso.test:${user.password.reveal()}`);
  const response = hash(`${secret}:${nonce}:${nc}:beef:auth:${hash('REGISTER:sip:contoso.test')}`);
  const name = challenged.startsWith('SIP/2.0 407') ? 'Proxy-Authorization' : 'Authorization';
  return `${name}: Digest username="${user.userName}", realm="contoso.test", nonce="${nonce}", uri="sip:contoso.test", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="beef", opaque="${opaque}"`;
}

/** REGISTER, challenge, REGISTER again: both answers. */
export async function signIn(client: RawClient, user: SimulatedUser, parts: RegisterText = {}) {
  const { lines = [`Contact: ${contact}`, 'Expires: 90'] } = parts;
  client.send(registerText({ ...parts, user: user.userName, lines }));
  const challenged = await client.next();
  const answered = [...lines, authorizationLine(challenged, user)];
  client.send(registerText({ ...parts, user: user.userName, lines: answered }));
  return { challenged, answer: await client.next() };
}
