import type { Clock } from '../domain/clock.js';
import { DeadlineExceeded } from '../domain/scope.js';
import { deadlines } from './deadlines.js';

/** Work that neither finished nor gave up when it was told to: a defect of ours or of a library. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/**
 * Runs `work` for at most `limitMs`. Then, or when `outer` aborts, its signal aborts and it has a moment to say in its
 * own words what it was waiting for; if it says nothing, `Unsettled` is thrown. So nothing can hold the caller.
 */
export function bounded<T>(
  limitMs: number,
  outer: AbortSignal,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let stopGrace = () => {};
    const stop = (reason: unknown) => {
      if (controller.signal.aborted) return;
      stopGrace = clock.after(deadlines.graceMs, () =>
        settle(() => reject(new Unsettled('the step did not settle', { cause: reason }))),
      );
      controller.abort(reason);
    };
    const stopTimer = clock.after(limitMs, () => stop(new DeadlineExceeded(limitMs)));
    const outerAborted = () => stop(outer.reason);
    const settle = (end: () => void) => {
      stopTimer();
      stopGrace();
      outer.removeEventListener('abort', outerAborted);
      end();
    };
    outer.addEventListener('abort', outerAborted, { once: true });
    if (outer.aborted) outerAborted();
    // Called in a then, so that work that throws before its first await is a rejection like any other.
    Promise.resolve()
      .then(() => work(controller.signal))
      .then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      );
  });
}
