import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { type DnsQuery, readQuery, writeResponse } from './message.js';
import type { RecordType, ZoneAnswer } from './records.js';

/** What is done about a question. */
export type DnsReply =
  | ZoneAnswer
  | { readonly kind: 'servfail' }
  | { readonly kind: 'silence' }
  /** Over UDP only the hint to ask over TCP, where the answer is given. */
  | { readonly kind: 'truncated'; readonly answer: ZoneAnswer }
  | { readonly kind: 'late'; readonly answer: ZoneAnswer; readonly delayMs: number };

/** A DNS server on 127.0.0.1, over UDP and TCP on the same free port. */
export interface DnsServer {
  /** `127.0.0.1:port`, as settings name it. */
  readonly address: string;
  /** Questions that have been asked. */
  readonly asked: number;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const attempts = 10;
const idleMs = 10_000;

/** Listens and gives each question to `answer`; what is no question is dropped. */
export async function startDnsServer(
  answer: (name: string, type: RecordType | undefined) => DnsReply,
): Promise<DnsServer> {
  let asked = 0;
  const respond = (message: Buffer, stream: boolean, send: (response: Buffer) => void): void => {
    const query = readQuery(message);
    if (query === undefined) return;
    asked += 1;
    carryOut(answer(query.name, query.type), query, stream, send);
  };
  const sockets = new Set<Socket>();
  const { udp, tcp, port } = await listen((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveStream(socket, (message, send) => respond(message, true, send));
  });
  udp.on('message', (message, from) =>
    respond(message, false, (response) => udp.send(response, from.port, from.address)),
  );
  return {
    address: `${host}:${port}`,
    get asked() {
      return asked;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

function carryOut(reply: DnsReply, query: DnsQuery, stream: boolean, send: (response: Buffer) => void): void {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'truncated':
      send(writeResponse(query, reply.answer, !stream));
      return;
    case 'late':
      setTimeout(() => send(writeResponse(query, reply.answer)), reply.delayMs).unref();
      return;
    default:
      send(writeResponse(query, reply));
  }
}

/** RFC 1035 section 4.2.2: over TCP two bytes of length come before each message. */
function serveStream(socket: Socket, respond: (message: Buffer, send: (response: Buffer) => void) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      respond(received.subarray(2, end), (response) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(response.length);
        if (!socket.destroyed) socket.write(Buffer.concat([length, response]));
      });
      received = received.subarray(end);
    }
  });
}

/** A port that is free for UDP may be taken for TCP: then another one is tried. */
async function listen(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly udp: UdpSocket; readonly tcp: Server; readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = createSocket('udp4');
    // A client that is gone by the time of the answer is none of our business.
    udp.on('error', () => undefined);
    await new Promise<void>((resolve) => udp.bind(0, host, resolve));
    const { port } = udp.address();
    const tcp = createServer(onConnection);
    try {
      await new Promise<void>((resolve, reject) => {
        tcp.once('error', reject);
        tcp.listen(port, host, resolve);
      });
      return { udp, tcp, port };
    } catch (cause) {
      udp.close();
      if (attempt === attempts) throw new Error('no port is free for both UDP and TCP', { cause });
    }
  }
}
