import type { Clock } from '../../../domain/clock.js';
import { limitOf, type Scope } from '../../../domain/scope.js';
import type { XmlElement } from '../element.js';
import type { Arrival, StreamEnd } from '../streamEnd.js';

/** A first-level element; `at` is when its last byte came, on the monotonic clock. */
export interface Arrived {
  readonly at: number;
  readonly element: XmlElement;
}

type Wanted = (element: XmlElement) => boolean;

interface Waiter {
  readonly wanted: Wanted;
  readonly give: (arrived: Arrived) => void;
  readonly end: () => void;
}

/** Far more than a run has to do with; of what a flooding peer sends the oldest is forgotten. */
const mostUnread = 500;

/** What arrives, in order, until somebody takes it. */
export class StanzaInbox {
  readonly #clock: Clock;
  readonly #pendingCharacters: () => number;
  readonly #waiters = new Set<Waiter>();
  #unread: Arrived[] = [];
  #end: StreamEnd | undefined;
  /** Elements that nobody waits for are kept if they pass here. */
  keep: Wanted = () => true;

  constructor(clock: Clock, pendingCharacters: () => number) {
    this.#clock = clock;
    this.#pendingCharacters = pendingCharacters;
  }

  get unread(): readonly Arrived[] {
    return this.#unread;
  }

  get end(): StreamEnd | undefined {
    return this.#end;
  }

  push(arrived: Arrived): void {
    const waiter = [...this.#waiters].find(({ wanted }) => wanted(arrived.element));
    if (waiter) waiter.give(arrived);
    else if (this.keep(arrived.element)) this.#unread.push(arrived);
    if (this.#unread.length > mostUnread) this.#unread.shift();
  }

  /** What came before TLS or SASL must not be taken for what comes after it. */
  forget(): void {
    this.#unread = [];
  }

  /** Nothing comes any more. */
  finish(end: StreamEnd): void {
    this.#end ??= end;
    for (const waiter of this.#waiters) waiter.end();
  }

  /**
   * Takes the oldest element that is wanted, waiting for one as long as `scope` allows; the wait begins before this
   * returns. Books what is not the wire's time.
   */
  take(wanted: Wanted, scope: Scope): Promise<Arrival<Arrived>> {
    const begunAt = this.#clock.monotonic();
    return this.#wait(wanted, scope.signal).then((item) => {
      if (item) {
        scope.exclude(this.#clock.monotonic() - Math.max(item.at, begunAt));
        return { kind: 'item', item };
      }
      if (this.#end) return { kind: 'ended', end: this.#end };
      return { kind: 'timeout', limitMs: limitOf(scope.signal), pendingCharacters: this.#pendingCharacters() };
    });
  }

  #wait(wanted: Wanted, signal: AbortSignal): Promise<Arrived | undefined> {
    return new Promise((resolve) => {
      const found = this.#unread.find(({ element }) => wanted(element));
      if (found) this.#unread = this.#unread.filter((arrived) => arrived !== found);
      if (found || this.#end || signal.aborted) return resolve(found);
      const settle = (arrived?: Arrived) => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', giveUp);
        resolve(arrived);
      };
      const giveUp = () => settle();
      const waiter: Waiter = { wanted, give: settle, end: giveUp };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
