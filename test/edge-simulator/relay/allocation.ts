import { createSocket, type Socket } from 'node:dgram';
import type { TransportAddress } from '../../../shared/protocols/turn/transportAddress.js';

/** A port of the relay for one client, and the peers that it lets through. */
export class Allocation {
  readonly key: Buffer;
  readonly relayed: TransportAddress;
  readonly #socket: Socket;
  readonly #peers = new Set<string>();
  #closed = false;

  private constructor(socket: Socket, key: Buffer, onData: (data: Buffer, from: TransportAddress) => void) {
    const { address, port } = socket.address();
    this.key = key;
    this.relayed = { address, port };
    this.#socket = socket;
    socket.on('message', (data, from) => {
      if (this.#peers.has(from.address)) onData(data, { address: from.address, port: from.port });
    });
    socket.on('error', () => this.close());
  }

  /** Opens a port at `address`. */
  static async open(
    address: string,
    key: Buffer,
    onData: (data: Buffer, from: TransportAddress) => void,
  ): Promise<Allocation> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return new Allocation(socket, key, onData);
  }

  /** Sends to a peer and lets it answer from then on (MS-TURN section 3.3). */
  send(to: TransportAddress, data: Buffer): void {
    if (this.#closed) return;
    this.#peers.add(to.address);
    this.#socket.send(data, to.port, to.address);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}
