import type { Element } from '@xmpp/client';
import type { Clock } from '../../../domain/clock.js';
import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { Connection } from '../../net/startTls.js';
import { isElement, type XmlElement } from '../element.js';
import type { StreamEnd } from '../streamEnd.js';
import { readStreamError } from '../streamError.js';
import { type StreamHeader, type StreamItem, StreamReader, streamNamespace } from '../streamReader.js';
import { StreamTrace, type Trace } from '../trace.js';
import { diagnoseOpening } from './diagnoseOpening.js';
import { type Entity, openEntity } from './entity.js';
import { answerRequest } from './iq.js';
import { StanzaInbox } from './stanzaInbox.js';

export interface StreamOptions {
  readonly connection: Connection;
  /** The domain that is asked for. */
  readonly domain: string;
  /** Who is going to sign in; undefined on a stream that only asks for TLS, which must not tell. */
  readonly user: { readonly jid: string } | undefined;
  readonly clock: Clock;
  readonly trace: Trace | undefined;
}

/** The client's side of an XML stream (RFC 6120 section 4) on a connection that is open. */
export class XmppStream {
  readonly inbox: StanzaInbox;
  readonly peer: string;
  readonly #options: StreamOptions;
  readonly #trace: StreamTrace;
  #entity: Entity | undefined;
  #reader = new StreamReader();
  #answered = false;
  #answersRequests = false;

  constructor(options: StreamOptions) {
    const { connection, clock, trace } = options;
    this.#options = options;
    this.#trace = new StreamTrace(trace, connection.peer, clock);
    this.peer = connection.peer;
    this.inbox = new StanzaInbox(clock, () => this.#reader.pendingCharacters);
    const { socket } = connection;
    socket.on('data', this.#receive);
    socket.on('error', this.#lost);
    socket.on('close', this.#lost);
    // It may have gone before anybody listened: TLS 1.3 reports a missing client certificate that late.
    if (socket.destroyed) queueMicrotask(() => this.#lost());
  }

  /**
   * Opens the stream, or opens it anew on the same connection (RFC 6120 section 4.3.3), and gives the features that the
   * server offers. Throws a `ProbeError`.
   */
  async open(scope: Scope): Promise<XmlElement> {
    const { domain, user } = this.#options;
    this.#reader = new StreamReader();
    this.#answered = false;
    this.inbox.forget();
    const opened = this.#entity?.client.restart();
    this.#entity ??= await openEntity(domain, user, (text) => this.#write(text));
    // Its promise waits for the header alone, and for as long as it takes.
    (opened ?? this.#entity.client.open({ domain })).catch(() => {});
    const arrival = await this.inbox.take((element) => isElement(element, 'features', streamNamespace), scope);
    if (arrival.kind === 'item') return arrival.item.element;
    throw new ProbeError(diagnoseOpening(this.peer, arrival, this.#answered));
  }

  /** Hands an element to the socket. That it could not be sent shows in how the stream ended. */
  send(element: Element): void {
    this.#entity?.client.send(element).catch(() => {});
  }

  /** From now on, once a resource is bound: answers requests that are not for a prober, as RFC 6120 section 8.2.3 demands. */
  answerRequests(): void {
    this.#answersRequests = true;
  }

  /** Characters that came behind the last element: none may before TLS begins. */
  get pendingCharacters(): number {
    return this.#reader.pendingCharacters;
  }

  /** Reads no more and leaves the connection open, for TLS to begin on it. */
  detach(): void {
    const { socket } = this.#options.connection;
    socket.off('data', this.#receive).off('error', this.#lost).off('close', this.#lost);
  }

  /** Closes the stream, gives the server until `scope` ends to close its own (RFC 6120 section 4.4), and drops the connection. */
  async end(scope: Scope): Promise<void> {
    const { signal } = scope;
    let giveUp = () => {};
    const timeUp = new Promise<void>((resolve) => {
      giveUp = resolve;
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) resolve();
    });
    if (!this.inbox.end) await Promise.race([this.#entity?.client.stop(), timeUp]);
    signal.removeEventListener('abort', giveUp);
    this.close();
  }

  /** Drops the connection at once; may be called again. */
  close(): void {
    this.#finish({ kind: 'connection-lost', cause: undefined, pendingCharacters: 0 });
    this.#options.connection.close();
  }

  readonly #receive = (chunk: Buffer): void => {
    const at = this.#options.clock.monotonic();
    const reader = this.#reader;
    for (const item of reader.push(chunk)) {
      if (this.inbox.end) return;
      this.#trace.received(item);
      this.#handle(item, at);
    }
  };

  #handle(item: StreamItem, at: number): void {
    if (item.kind === 'header') this.#begun(item.header);
    else if (item.kind === 'element') this.#take(item.element, at);
    else this.#finish(item.kind === 'end' ? { kind: 'closed' } : item);
  }

  #begun({ attributes }: StreamHeader): void {
    this.#answered = true;
    this.#entity?.opened();
    // RFC 6120 section 4.7.5: without a version it is an older protocol, in which no features are sent.
    if (attributes.version === undefined) this.#finish({ kind: 'version' });
  }

  #take(element: XmlElement, at: number): void {
    const error = readStreamError(element);
    const answer = this.#answersRequests ? answerRequest(element) : undefined;
    if (error) this.#finish({ kind: 'error', error });
    else if (!answer) this.inbox.push({ at, element });
    // A peer that does not read could make us hoard answers without end.
    else if (!this.#options.connection.socket.writableNeedDrain) this.send(answer);
  }

  readonly #lost = (): void => {
    const { socket } = this.#options.connection;
    const pendingCharacters = this.#reader.pendingCharacters;
    if (!this.inbox.end) this.#trace.brokenOff(this.#reader.pendingText);
    this.#finish({ kind: 'connection-lost', cause: socket.errored ?? undefined, pendingCharacters });
  };

  #finish(end: StreamEnd): void {
    this.inbox.finish(end);
    this.#entity?.ended();
  }

  #write(text: string): void {
    const { socket } = this.#options.connection;
    if (socket.destroyed) return;
    this.#trace.sent(text);
    socket.write(text);
  }
}
