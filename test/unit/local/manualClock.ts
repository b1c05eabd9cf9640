import type { Clock } from '../../../shared/domain/clock.js';

/** A clock that stands until a test moves it. */
export class ManualClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(start: string) {
    this.#nowMs = Date.parse(start);
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#monotonicMs + ms, callback };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  /** Sets the wall clock alone, as an administrator or a time server does. */
  step(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass, callbacks included, each at its time; what they await is settled too. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    for (;;) {
      const due = [...this.#waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      this.#move((due?.at ?? end) - this.#monotonicMs);
      if (due === undefined) return;
      this.#waiting.delete(due);
      due.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  #move(ms: number): void {
    this.#monotonicMs += ms;
    this.#nowMs += ms;
  }
}
