import type { Socket } from 'node:net';
import { tlsProfileOf } from '../faults/active.js';
import { type ServerCertificates, startHandshake } from '../net/handshake.js';
import { Listener } from '../net/listener.js';
import { FederationServer } from './federationServer.js';
import type { XmppServerFault } from './xmppFault.js';

/** One server that the `_xmpp-server._tcp` records name, on an address and port of its own. */
export interface FederationPool {
  readonly port: number;
  /** Connections that it took. */
  readonly accepted: number;
  /** Opens or closes its port as the faults want it. */
  followFaults(): Promise<void>;
  close(): void;
}

export interface FederationPoolOptions {
  readonly domain: string;
  readonly certificates: ServerCertificates;
  /** Read at every connection, because faults change while it runs. */
  readonly faults: () => readonly XmppServerFault[];
  readonly address: string;
  /** 0 is a free one. */
  readonly port: number;
}

/** Listens; rejects where the address is none of this machine's. */
export async function openFederationPool(options: FederationPoolOptions): Promise<FederationPool> {
  const { domain, certificates, faults, address, port } = options;
  const fault = (): XmppServerFault => Object.assign({}, ...faults());
  const server = new FederationServer({
    domain,
    form: () => ({ startTls: 'offered', refused: undefined, dialback: true, ...fault() }),
    startTls: (socket, handlers) =>
      startHandshake(
        socket,
        { ...tlsProfileOf([]), certificate: fault().certificate ?? 'good' },
        certificates,
        handlers,
      ),
  });
  const idle = new Set<Socket>();
  const listener = new Listener(
    (socket) => {
      const { accept } = fault();
      if (accept === undefined) return server.accept(socket);
      idle.add(socket);
      socket.on('error', () => undefined).on('close', () => idle.delete(socket));
      if (accept === 'silent') socket.resume();
      else socket.resume().end();
    },
    { address, port },
  );
  // Open once in any case: the records name its port.
  await listener.open();
  return {
    port: listener.port,
    get accepted() {
      return server.accepted;
    },
    async followFaults() {
      if (fault().accept === 'refuse') listener.close();
      else await listener.open();
    },
    close() {
      listener.close();
      server.close();
      for (const socket of idle) socket.destroy();
    },
  };
}
