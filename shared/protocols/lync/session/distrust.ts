import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { endedEarly } from './endedEarly.js';

/**
 * What a connection owes to whoever waits on it next: a message that must not be believed may come while nobody does. Requests
 * without a signature are passed over, as clients do; they are told of all the same, and decide where nothing else came.
 */
export class Distrust {
  readonly #unsigned: () => readonly string[];
  #found: Diagnosis | undefined;
  #toldUnsigned = 0;
  #wake = () => {};

  /** `unsigned` has the start lines of the requests that were passed over. */
  constructor(unsigned: () => readonly string[]) {
    this.#unsigned = unsigned;
  }

  /** Keeps the first diagnosis until somebody is told. */
  note(found: Diagnosis): void {
    this.#found ??= found;
    this.#wake();
  }

  /** Tells what there is to tell, once; `inVain` says that a wait is over and nothing came. Throws a `ProbeError`, or warns. */
  tell(scope: Scope, inVain: boolean): void {
    const found = this.#found;
    this.#found = undefined;
    if (found) throw new ProbeError(found);
    this.#tellUnsigned(scope, inVain);
  }

  /** Waits with a scope that ends as soon as there is something to tell, and tells it. `isNothing` says whether the wait was in vain. */
  async watch<T>(scope: Scope, wait: (scope: Scope) => Promise<T>, isNothing: (value: T) => boolean): Promise<T> {
    const doubt = new AbortController();
    this.#wake = () => doubt.abort();
    if (this.#found) this.#wake();
    const value = await wait(endedEarly(scope, doubt.signal));
    this.#wake = () => {};
    this.tell(scope, isNothing(value));
    return value;
  }

  #tellUnsigned(scope: Scope, inVain: boolean): void {
    const fresh = this.#unsigned().slice(this.#toldUnsigned);
    this.#toldUnsigned += fresh.length;
    for (const startLine of fresh) {
      const method = startLine.split(' ', 1)[0] ?? '';
      const message = `the request ${method} came without a signature although the sign-in agreed on signatures, and was not taken`;
      if (inVain) throw new ProbeError(diagnosis('AUTH_MESSAGE_UNSIGNED', { error: message }));
      scope.warn({ code: 'AUTH_MESSAGE_UNSIGNED', message });
    }
  }
}
