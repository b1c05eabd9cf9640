/** The only source of time. Injected, so that a test can hold it still. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. It may step; use it for what a person reads. */
  now(): number;
  /** Milliseconds that only ever go forward. Use it for durations. */
  monotonic(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** `2026-11-20T23:15:00.000Z`: every time that leaves the process is written this way. */
export function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
