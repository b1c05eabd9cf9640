import type { Clock } from '../../../domain/clock.js';
import { DeadlineExceeded } from '../../../domain/scope.js';

/** Gives `work` a signal that aborts after `limitMs`, or with `outer`. It does not end work that does not listen to its signal. */
export async function withDeadline<T>(
  limitMs: number,
  outer: AbortSignal,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const relay = () => controller.abort(outer.reason);
  const stopTimer = clock.after(limitMs, () => controller.abort(new DeadlineExceeded(limitMs)));
  outer.addEventListener('abort', relay, { once: true });
  if (outer.aborted) relay();
  try {
    return await work(controller.signal);
  } finally {
    stopTimer();
    outer.removeEventListener('abort', relay);
  }
}
