import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { issueCredentials, type MrasKeys, type RelayCredentials } from './mrasCredentials.js';
import { MsRelayServer, type RelayedClient } from './msRelayServer.js';
import { ClientStream, writeFrame, writeServerHello } from './pseudoTlsServer.js';
import type { RelayScript, RelayTally } from './relayScript.js';

/** Over UDP nobody says that a client has gone. */
const mostClients = 200;

/** The relay of an A/V Edge on loopback. */
export interface MsRelay {
  readonly address: string;
  readonly udpPort: number;
  /** Where the hellos that look like TLS are expected. */
  readonly tcpPort: number;
  readonly allocations: number;
  readonly tally: RelayTally;
  /** Credentials as the A/V authentication service hands them out. */
  credentials(expiresAtMs?: number): RelayCredentials;
  /** Takes a TCP connection that came in at another port. */
  accept(socket: Socket): void;
  /** From now on misbehaves like this, and no other way. */
  set(script: RelayScript): void;
  close(): Promise<void>;
}

export interface MsRelayOptions {
  readonly address?: string;
  /** 0 is any that is free. */
  readonly udpPort?: number;
  readonly tcpPort?: number;
  readonly realm?: string;
  readonly keys?: MrasKeys;
}

/** Starts a relay of MS-TURN over UDP and TCP. */
export async function startMsRelay(options: MsRelayOptions = {}): Promise<MsRelay> {
  const { address = '127.0.0.1', udpPort = 0, tcpPort = 0, realm = 'relay.contoso.test' } = options;
  const keys = options.keys ?? { token: randomBytes(20), password: randomBytes(20) };
  const server = new MsRelayServer(address, realm, keys);
  const udp = createSocket('udp4');
  const clients = new Map<string, RelayedClient>();
  udp.on('message', (bytes, { address: from, port }) => {
    if (isSilent(server, 'udp')) return;
    const name = `${from}:${port}`;
    const client = clients.get(name) ?? {
      from: { address: from, port },
      send: (message: Buffer) => void udp.send(message, port, from),
      sendData: (data: Buffer) => void udp.send(data, port, from),
    };
    clients.set(name, client);
    const [[oldest, gone] = []] = clients.size > mostClients ? clients : [];
    if (oldest !== undefined && gone) {
      clients.delete(oldest);
      server.forget(gone);
    }
    void server.take(bytes, client);
  });
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(udpPort, address, resolve));

  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    serve(socket, server);
  };
  const tcp = createServer(accept);
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(tcpPort, address, resolve));
  return {
    address,
    udpPort: udp.address().port,
    tcpPort: (tcp.address() as AddressInfo).port,
    tally: server.tally,
    get allocations() {
      return server.allocations;
    },
    credentials: (expiresAtMs = Date.now() + 8 * 3_600_000) => issueCredentials(keys, randomBytes(20), expiresAtMs),
    accept,
    set(script) {
      server.script = script;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

function serve(socket: Socket, server: MsRelayServer): void {
  const stream = new ClientStream();
  const { remoteAddress = '', remotePort = 0 } = socket;
  const client: RelayedClient = {
    from: { address: remoteAddress, port: remotePort },
    send: (message) => void socket.write(writeFrame('control', message)),
    sendData: (data) => void socket.write(writeFrame('data', data)),
  };
  socket.on('close', () => server.forget(client));
  socket.on('data', (chunk: Buffer) => {
    if (isSilent(server, 'tcp')) return;
    const read = stream.push(chunk);
    if (!read) return void socket.destroy();
    if (read.hello) socket.write(writeServerHello(randomBytes(32), randomBytes(32)));
    for (const { kind, bytes } of read.frames) {
      if (kind === 'data') server.takeData(bytes, client);
      else void server.take(bytes, client);
    }
  });
}

function isSilent({ script }: MsRelayServer, transport: 'udp' | 'tcp'): boolean {
  return script.silent === transport || script.silent === 'both';
}
