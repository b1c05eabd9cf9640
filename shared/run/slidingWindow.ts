import type { Clock } from '../domain/clock.js';

/** How often something may be done. */
export interface Rate {
  readonly most: number;
  readonly windowMs: number;
}

/** Admits at most `most` in any `windowMs`, for each key by itself. What is refused does not count. Keys are never forgotten. */
export class SlidingWindow {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #admitted = new Map<string, readonly number[]>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Milliseconds until the next may come; 0 means that this one is admitted and counted. */
  take(key: string): number {
    const { most, windowMs } = this.#rate;
    // Not the wall clock: one that is set back would shut the door for as long.
    const now = this.#clock.monotonic();
    const recent = (this.#admitted.get(key) ?? []).filter((at) => now - at < windowMs);
    const oldest = recent[recent.length - most];
    if (oldest !== undefined) return oldest + windowMs - now;
    this.#admitted.set(key, [...recent, now]);
    return 0;
  }
}
