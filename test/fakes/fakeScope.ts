import type { Scope } from '../../shared/domain/scope.js';
import { DeadlineExceeded } from '../../shared/domain/scope.js';

type Warned = Parameters<Scope['warn']>[0];

/** A scope that keeps what it is told, and is ended by hand or after a time. */
export class FakeScope implements Scope {
  readonly warnings: Warned[] = [];
  readonly observations: Record<string, unknown>[] = [];
  excludedMs = 0;
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  exclude(ms: number): void {
    this.excludedMs += ms;
  }

  observe(facts: Readonly<Record<string, unknown>>): void {
    this.observations.push(facts);
  }

  warn(warning: Warned): void {
    this.warnings.push(warning);
  }

  /** The deadline has passed. */
  expire(limitMs = 5_000): void {
    this.#controller.abort(new DeadlineExceeded(limitMs));
  }

  /** The run is being ended for another reason. */
  abort(): void {
    this.#controller.abort(new Error('the run is being ended'));
  }
}

/** A scope whose deadline really passes, for tests with sockets. The timer does not keep the process alive. */
export function scopeFor(limitMs: number): FakeScope {
  const scope = new FakeScope();
  setTimeout(() => scope.expire(limitMs), limitMs).unref();
  return scope;
}
