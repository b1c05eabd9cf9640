import type { Clock } from '../../domain/clock.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import type { SipAnswer } from './answer.js';

/** How a connection ended, as it would have answered whatever waited. */
export type ConnectionEnd = Extract<SipAnswer, { readonly kind: 'connection-lost' | 'violation' }>;

/** What a wait came to. */
export type Arrival<T> =
  | { readonly kind: 'item'; readonly item: T }
  /** Nothing in time; `pendingBytes` of a message had begun to arrive. */
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly pendingBytes: number }
  | { readonly kind: 'ended'; readonly end: ConnectionEnd };

/** Far more than a run has to do with; what a flooding peer sends beyond is dropped. */
const mostUnread = 200;

/** What a peer sends unasked, in the order of its arrival, until somebody takes it. */
export class Inbox<T extends { readonly at: number }> {
  readonly #clock: Clock;
  readonly #pendingBytes: () => number;
  readonly #unread: T[] = [];
  #end: ConnectionEnd | undefined;
  #wake = () => {};

  constructor(clock: Clock, pendingBytes: () => number) {
    this.#clock = clock;
    this.#pendingBytes = pendingBytes;
  }

  get unread(): readonly T[] {
    return this.#unread;
  }

  /** Keeps an item; `at` is when its last byte came, on the monotonic clock. */
  push(item: T): void {
    if (this.#unread.length < mostUnread) this.#unread.push(item);
    this.#wake();
  }

  /** Nothing comes any more: the connection is gone. */
  end(end: ConnectionEnd): void {
    this.#end ??= end;
    this.#wake();
  }

  /** Takes the oldest item, waiting for one as long as `scope` allows. Books what is not the wire's time. One reader at a time. */
  async next(scope: Scope): Promise<Arrival<T>> {
    const begunAt = this.#clock.monotonic();
    if (!this.#ready()) await this.#wait(scope.signal);
    const item = this.#unread.shift();
    if (item) {
      scope.exclude(this.#clock.monotonic() - Math.max(item.at, begunAt));
      return { kind: 'item', item };
    }
    if (this.#end) return { kind: 'ended', end: this.#end };
    return { kind: 'timeout', limitMs: limitOf(scope.signal), pendingBytes: this.#pendingBytes() };
  }

  #ready(): boolean {
    return this.#unread.length > 0 || this.#end !== undefined;
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        this.#wake = () => {};
        signal.removeEventListener('abort', settle);
        resolve();
      };
      if (signal.aborted) return settle();
      this.#wake = settle;
      signal.addEventListener('abort', settle, { once: true });
    });
  }
}
