import type { Socket } from 'node:net';
import { limitOf } from '../../../domain/scope.js';
import { type StreamItem, StreamReader } from '../streamReader.js';
import type { StreamTrace } from '../trace.js';

/** What the peer did next: an item of its stream, or why there is none. */
export type Heard =
  | StreamItem
  | { readonly kind: 'silence'; readonly limitMs: number }
  /** The run is being ended. */
  | { readonly kind: 'aborted' }
  | { readonly kind: 'closed'; readonly cause: Error | undefined };

/**
 * One XML stream over an open connection. Nothing is read from the socket but while somebody waits for the next item, so that a peer
 * that floods is held up by TCP.
 */
export class ServerStream {
  readonly #socket: Socket;
  readonly #trace: StreamTrace;
  readonly #reader = new StreamReader();
  readonly #waiting: StreamItem[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, trace: StreamTrace) {
    this.#socket = socket;
    this.#trace = trace;
    this.#closed = socket.destroyed;
    socket.on('data', this.#received).on('close', this.#ended).on('end', this.#ended).on('error', this.#ended);
    socket.pause();
  }

  /** Characters of an item that has begun and is not complete, and items that nobody asked for. */
  get unread(): number {
    return this.#reader.pendingCharacters + this.#waiting.length;
  }

  /** The beginning of what is not complete. */
  get pendingText(): string {
    return this.#reader.pendingText;
  }

  send(text: string): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#trace.sent(text);
    this.#socket.write(text);
  }

  /** The next thing the peer does, or that it does nothing until `signal` aborts. Never rejects. */
  async next(signal: AbortSignal): Promise<Heard> {
    const wake = () => this.#wake?.();
    signal.addEventListener('abort', wake, { once: true });
    try {
      for (;;) {
        const item = this.#waiting.shift();
        if (item) return item;
        if (this.#closed) return { kind: 'closed', cause: this.#socket.errored ?? undefined };
        if (signal.aborted) return given(signal);
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#socket.resume();
        await woken;
        this.#socket.pause();
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Leaves the connection to somebody else: its next bytes are none of this stream's. */
  detach(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#received).off('close', this.#ended).off('end', this.#ended);
    // An error in between must still find a listener; `#ended` does no harm.
  }

  readonly #received = (chunk: Buffer) => {
    const items = this.#reader.push(chunk);
    for (const item of items) this.#trace.received(item);
    this.#waiting.push(...items);
    if (this.#waiting.length > 0) this.#wake?.();
  };

  readonly #ended = () => {
    if (!this.#closed) this.#trace.brokenOff(this.#reader.pendingText);
    this.#closed = true;
    this.#wake?.();
  };
}

function given(signal: AbortSignal): Heard {
  const limitMs = limitOf(signal);
  return limitMs > 0 ? { kind: 'silence', limitMs } : { kind: 'aborted' };
}
