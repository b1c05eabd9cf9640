import type { Clock } from '../../../domain/clock.js';
import { DeadlineExceeded, type Scope } from '../../../domain/scope.js';
import { endedEarly } from '../session/endedEarly.js';

/** Works with a scope that ends after `limitMs`, or when `scope` does. */
export async function briefly<T>(
  limitMs: number,
  clock: Clock,
  scope: Scope,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = clock.after(limitMs, () => controller.abort(new DeadlineExceeded(limitMs)));
  try {
    return await work(endedEarly(scope, controller.signal));
  } finally {
    stop();
  }
}
