import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const attempts = 20;
const pauseMs = 100;

/** A loopback port that can be closed and opened again with the same number. */
export class Listener {
  readonly #onConnection: (socket: Socket) => void;
  readonly #address: string;
  #server: Server | undefined;
  #port: number;

  /** On 127.0.0.1 and a free port unless told otherwise. */
  constructor(onConnection: (socket: Socket) => void, { address = '127.0.0.1', port = 0 } = {}) {
    this.#onConnection = onConnection;
    this.#address = address;
    this.#port = port;
  }

  /** The number, from the first `open` on. */
  get port(): number {
    return this.#port;
  }

  /** Listens; a free port the first time. Rejects when the port stays taken for two seconds, and when the address is none of ours. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    for (let attempt = 1; this.#server === undefined; attempt += 1) {
      try {
        this.#server = await listen(this.#port, this.#address, this.#onConnection);
      } catch (cause) {
        const elsewhere = cause instanceof Error && 'code' in cause && cause.code === 'EADDRNOTAVAIL';
        if (attempt === attempts || elsewhere)
          throw new Error(`port ${this.#port} could not be opened again`, { cause });
        // Closed for a while, a port may be lent to somebody's outgoing connection.
        await wait(pauseMs);
      }
    }
    const listening = this.#server.address();
    if (listening !== null && typeof listening === 'object') this.#port = listening.port;
  }

  /** Refuses new connections; those that are open stay open. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}

function listen(port: number, address: string, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, onConnection);
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      server.on('error', () => server.close());
      resolve(server);
    });
  });
}
