import { EventEmitter } from 'node:events';
import { jid } from '@xmpp/client';
import { Client } from '@xmpp/client-core';
import TcpStream from '@xmpp/connection-tcp';
import { clientNamespace } from './iq.js';

/** The library's side of a stream: it writes the stream's tags and stanzas, and keeps its state. */
export interface Entity {
  readonly client: Client;
  /** The peer has opened its stream. */
  opened(): void;
  /** The peer has closed its stream, or the connection has gone: nothing of the library waits any longer. */
  ended(): void;
}

/**
 * A `Client` of xmpp.js for one stream, with its sockets, parser, timers and reconnection left out: `write` takes what
 * it sends, and what arrives is read by `StreamReader`. Over a secure connection it says who it is (RFC 6120 section 4.7.1).
 */
export async function openEntity(
  domain: string,
  user: { readonly jid: string } | undefined,
  write: (text: string) => void,
): Promise<Entity> {
  const outlets: Outlet[] = [];
  class OwnOutlet extends Outlet {
    readonly secure = user !== undefined;
    constructor() {
      super(write);
      outlets.push(this);
    }
  }
  class Transport extends TcpStream {
    override socketParameters(): object {
      return {};
    }
  }
  Transport.prototype.NS = clientNamespace;
  Transport.prototype.Socket = OwnOutlet;
  Transport.prototype.Parser = EventEmitter;

  const client = new Client({ domain });
  client.transports.push(Transport);
  client.timeout = 0;
  if (user) client.jid = jid(user.jid);
  // Without a listener an error event would end the process; what goes wrong is seen at the socket itself.
  client.on('error', () => {});
  await client.connect(domain);
  return {
    client,
    opened: () => void client.parser?.emit('start'),
    ended() {
      client.parser?.emit('end');
      for (const outlet of outlets) outlet.emit('close');
    },
  };
}

/** What the library takes for its socket. */
class Outlet extends EventEmitter {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    super();
    this.#write = write;
  }

  connect(): void {
    queueMicrotask(() => this.emit('connect'));
  }

  write(text: string, done: () => void): void {
    this.#write(text);
    done();
  }

  /** The connection below is ended by whoever opened it. */
  end(): void {
    queueMicrotask(() => this.emit('close'));
  }
}
