import type { Clock } from '../../domain/clock.js';
import type { Connection } from '../net/startTls.js';
import { Framer, type FramingViolation } from './framing.js';
import type { Trace } from './trace.js';

/** Idle flows are kept open by a double CRLF (RFC 5626 section 4.4.1: well below 120 s over TCP). */
const keepAliveMs = 25_000;

export interface SipStreamEvents {
  /** `at` is when its last byte arrived, on the monotonic clock. */
  onMessage(text: string, at: number): void;
  onViolation(violation: FramingViolation, excerpt: string): void;
  /** Called once, whoever closed it. */
  onClosed(cause: Error | undefined): void;
}

/** SIP messages over one connection, for sip.js as its `Transport`: bytes in, whole messages out, and a clock at the socket. */
export class SipStream {
  /** Goes into Via as it is. */
  readonly protocol: string;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #events: SipStreamEvents;
  readonly #trace: Trace | undefined;
  readonly #framer = new Framer();
  #stopKeepAlive = () => {};
  #closed = false;
  #lastSentAt = 0;

  constructor(connection: Connection, clock: Clock, trace: Trace | undefined, events: SipStreamEvents) {
    this.protocol = connection.protocol;
    this.#connection = connection;
    this.#clock = clock;
    this.#trace = trace;
    this.#events = events;
    const { socket } = connection;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (cause) => this.#end(cause));
    socket.on('close', () => this.#end(socket.errored ?? undefined));
    // It may have gone before anybody listened: TLS 1.3 reports a missing client certificate that late.
    if (socket.destroyed) queueMicrotask(() => this.#end(socket.errored ?? undefined));
    this.#keepAlive();
  }

  /** When the last message went out, on the monotonic clock. */
  get lastSentAt(): number {
    return this.#lastSentAt;
  }

  /** Bytes of a message that has begun to arrive. */
  get pendingBytes(): number {
    return this.#framer.pendingBytes;
  }

  /** Hands a message to the socket; rejects when the connection is gone. */
  async send(text: string): Promise<void> {
    if (this.#closed) throw new Error('the connection is closed');
    this.#note('sent', text);
    this.#lastSentAt = this.#clock.monotonic();
    this.#connection.socket.write(text);
  }

  /** Drops the connection and stops everything; may be called again. */
  close(): void {
    this.#end(undefined);
    this.#connection.close();
  }

  #receive(chunk: Buffer): void {
    const at = this.#clock.monotonic();
    for (const item of this.#framer.push(chunk)) {
      if (this.#closed) return;
      if (item.kind === 'ping') this.#connection.socket.write('\r\n');
      if (item.kind === 'violation') this.#events.onViolation(item.violation, item.excerpt);
      if (item.kind !== 'message') continue;
      const text = item.bytes.toString('utf8');
      this.#note('received', text);
      this.#events.onMessage(text, at);
    }
  }

  #keepAlive(): void {
    this.#stopKeepAlive = this.#clock.after(keepAliveMs, () => {
      this.#connection.socket.write('\r\n\r\n');
      this.#keepAlive();
    });
  }

  #end(cause: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopKeepAlive();
    this.#events.onClosed(cause);
  }

  #note(direction: 'sent' | 'received', text: string): void {
    this.#trace?.({ at: this.#clock.now(), direction, peer: this.#connection.peer, text });
  }
}
