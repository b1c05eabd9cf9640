import type { Socket } from 'node:net';
import type { HandshakeHandlers } from '../net/handshake.js';
import { ClientSession, type ClientWorld } from './clientSession.js';
import { namespaces } from './element.js';
import type { StoredKey } from './scram.js';
import { ServerStream } from './serverStream.js';
import { type ChatMessage, readAddress, writeMessage } from './stanzas.js';

export interface PartnerOptions {
  readonly domain: string;
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** With what every sign-in is refused; undefined: as it deserves. */
  refusal(): string | undefined;
  offersTls(): boolean;
  startTls(socket: Socket, handlers: HandshakeHandlers): void;
  /** A message of a user here for another domain: undefined when it was taken, else the condition it comes back with. */
  abroad(message: ChatMessage): string | undefined;
}

const mostConnections = 100;

/** The XMPP server of the partner domain: its users, who is signed in, and their messages (RFC 6121 section 8). */
export class PartnerServer {
  readonly #options: PartnerOptions;
  readonly #world: ClientWorld;
  readonly #streams = new Set<ServerStream>();
  /** By full address. */
  readonly #sessions = new Map<string, ClientSession>();
  readonly #counts = { signIns: 0, refusedSignIns: 0, messages: 0 };

  constructor(options: PartnerOptions) {
    const { domain, keys } = options;
    this.#options = options;
    this.#world = {
      domain,
      keys,
      refusal: () => options.refusal(),
      offersTls: () => options.offersTls(),
      bound: (session) => this.#bound(session),
      ended: (session) => {
        if (this.#sessions.get(session.address) === session) this.#sessions.delete(session.address);
      },
      route: (message) => this.#route(message),
      count: (what) => {
        this.#counts[what] += 1;
      },
    };
  }

  /** Serves a client, on a connection in clear or over TLS. */
  accept(socket: Socket, secured: boolean): void {
    if (this.#streams.size >= mostConnections) {
      socket.destroy();
      return;
    }
    const { domain, startTls } = this.#options;
    const session = new ClientSession(this.#world);
    const stream = new ServerStream(
      socket,
      { content: namespaces.client, domain, secured, startTls },
      {
        opened: () => session.opened(),
        element: (element) => session.element(element),
        closed: () => {
          this.#streams.delete(stream);
          session.closed();
        },
      },
    );
    this.#streams.add(stream);
    session.begin(stream);
  }

  /** Hands a message to the client it is for: undefined, or the condition why it cannot be. */
  deliver(message: ChatMessage): string | undefined {
    const to = readAddress(message.to);
    const target = to === undefined ? undefined : this.#targetOf(to.bare, to.resource);
    if (target === undefined) return 'service-unavailable';
    this.#counts.messages += 1;
    target.send(writeMessage(message));
    return undefined;
  }

  /** For GET /state. */
  describe(): Readonly<Record<string, unknown>> {
    return { ...this.#counts, connections: this.#streams.size, signedIn: [...this.#sessions.keys()] };
  }

  close(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  #route(message: ChatMessage): string | undefined {
    const to = readAddress(message.to);
    if (to === undefined) return 'jid-malformed';
    return to.domain === this.#options.domain ? this.deliver(message) : this.#options.abroad(message);
  }

  /** RFC 6120 section 7.7.2.2: of two sessions with one address the newer stays. */
  #bound(session: ClientSession): void {
    const older = this.#sessions.get(session.address);
    this.#sessions.set(session.address, session);
    older?.end('conflict');
  }

  /** The client with that resource; for the bare address the one that prefers to get messages (RFC 6121 section 8.5). */
  #targetOf(bare: string, resource: string | undefined): ClientSession | undefined {
    const exact = resource === undefined ? undefined : this.#sessions.get(`${bare}/${resource}`);
    if (exact !== undefined) return exact;
    const available = [...this.#sessions.values()]
      .filter((session) => session.bareAddress === bare && (session.priority ?? -1) >= 0)
      .sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0));
    return available[0];
  }
}
