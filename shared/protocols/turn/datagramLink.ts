import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import type { Link } from './link.js';
import { addressText, type TransportAddress } from './transportAddress.js';

/**
 * A UDP socket of its own toward a relay. Not connected: so it sees an answer that comes from another address. Rejects with
 * the system's error.
 */
export async function openDatagramLink(host: string, remote: TransportAddress, clock: Clock): Promise<Link> {
  const socket = await bound(remote);
  return {
    transport: 'udp',
    peer: `${host} at ${addressText(remote)} over UDP`,
    remote,
    listen({ message, ended }) {
      socket.on('message', (bytes, from) => message(bytes, from, clock.monotonic()));
      socket.on('error', (error: NodeJS.ErrnoException) => ended({ kind: 'error', code: error.code ?? error.message }));
    },
    send(message) {
      socket.send(message, remote.port, remote.address);
    },
    close: () => close(socket),
  };
}

/** What came of a single datagram: something from there, word that nobody listens at the port, or nothing. */
export type Echoed = 'answered' | 'closed' | 'silent';

/**
 * Sends one datagram from a connected socket: only such a one hears ICMP's "port unreachable". Waits for whatever comes back
 * until `signal` aborts. Never rejects.
 */
export async function askOnce(at: TransportAddress, message: Buffer, signal: AbortSignal): Promise<Echoed> {
  const socket = await bound(at).catch(() => undefined);
  if (!socket) return 'silent';
  return new Promise((resolve) => {
    const settle = (echoed: Echoed) => {
      signal.removeEventListener('abort', giveUp);
      close(socket);
      resolve(echoed);
    };
    const giveUp = () => settle('silent');
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('message', () => settle('answered'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED' ? 'closed' : 'silent'));
    socket.connect(at.port, at.address, () => socket.send(message));
  });
}

function bound({ address }: TransportAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** A send that is under way may still fail: without a listener that would end the process. */
function close(socket: Socket): void {
  socket.removeAllListeners().on('error', () => {});
  try {
    socket.close();
  } catch {
    // It was closed before.
  }
}
