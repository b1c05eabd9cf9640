import type { Clock } from '../../domain/clock.js';
import type { Diagnosis } from '../../domain/diagnosis.js';
import type { Connection } from '../net/startTls.js';
import { type FramedItem, Framer, type FramingViolation } from './framing.js';
import type { MessageGuard } from './messageGuard.js';
import type { Trace } from './trace.js';

/** Idle flows are kept open by a double CRLF (RFC 5626 section 4.4.1: well below 120 s over TCP). */
const keepAliveMs = 25_000;

export interface SipStreamEvents {
  /** `at` is when its last byte arrived, on the monotonic clock. */
  onMessage(text: string, at: number): void;
  onViolation(violation: FramingViolation, excerpt: string): void;
  /** A message came that the guard does not believe. */
  onUntrusted?(found: Diagnosis, at: number): void;
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
  readonly #guard: MessageGuard | undefined;
  readonly #framer = new Framer();
  #stopKeepAlive = () => {};
  #closed = false;
  #lastSentAt = 0;

  constructor(
    connection: Connection,
    clock: Clock,
    trace: Trace | undefined,
    events: SipStreamEvents,
    guard?: MessageGuard,
  ) {
    this.protocol = connection.protocol;
    this.#connection = connection;
    this.#clock = clock;
    this.#trace = trace;
    this.#events = events;
    this.#guard = guard;
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
    const guarded = this.#guard?.outgoing(text) ?? text;
    this.#note('sent', guarded);
    this.#lastSentAt = this.#clock.monotonic();
    this.#connection.socket.write(guarded);
  }

  /** Drops the connection and stops everything; may be called again. */
  close(): void {
    this.#end(undefined);
    this.#connection.close();
  }

  #receive(chunk: Buffer): void {
    const at = this.#clock.monotonic();
    const items = this.#framer.push(chunk);
    this.#answerPings(items);
    for (const item of items) {
      if (this.#closed) return;
      if (item.kind === 'violation') this.#refuse(item.violation, item.excerpt);
      if (item.kind !== 'message') continue;
      const text = item.bytes.toString('utf8');
      this.#note('received', text);
      this.#hand(text, at);
    }
  }

  /** Judged before it is parsed any further: nothing of a message that cannot be believed has an effect. */
  #hand(text: string, at: number): void {
    const inspection = this.#guard?.incoming(text) ?? { kind: 'pass' };
    if (inspection.kind === 'pass') this.#events.onMessage(text, at);
    if (inspection.kind === 'refuse') this.#events.onUntrusted?.(inspection.diagnosis, at);
  }

  /** One pong for all pings that came together, and none to a peer that does not read: it could make us hoard without end. */
  #answerPings(items: readonly FramedItem[]): void {
    const { socket } = this.#connection;
    if (items.some((item) => item.kind === 'ping') && !socket.writableNeedDrain) socket.write('\r\n');
  }

  #refuse(violation: FramingViolation, excerpt: string): void {
    this.#note('received', excerpt);
    this.#events.onViolation(violation, excerpt);
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
    if (this.#framer.pendingBytes > 0) this.#note('received', this.#framer.pendingText);
    this.#events.onClosed(cause);
  }

  #note(direction: 'sent' | 'received', text: string): void {
    this.#trace?.({ at: this.#clock.now(), direction, peer: this.#connection.peer, text });
  }
}
