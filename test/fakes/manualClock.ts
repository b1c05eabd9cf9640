import type { Clock } from '../../shared/domain/clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Wall clock and monotonic clock move together. */
export class ManualClock implements Clock {
  readonly #startedAt: number;
  readonly #timers = new Set<Timer>();
  #elapsed = 0;

  constructor(startedAt = Date.parse('2026-11-20T23:15:00.000Z')) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait; none may be left behind by a run. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, timer after timer in the order they are due, promises settling in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settled();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.callback();
      await settled();
    }
    this.#elapsed = until;
  }

  /** Time that passes although no timer could be called: work that holds up the process. */
  block(ms: number): void {
    this.#elapsed += ms;
  }

  #next(until: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  }
}

/** Resolves when no promise has anything left to do. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
