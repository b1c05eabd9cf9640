import type { Scope } from '../../../domain/scope.js';

/** The same scope, which ends as soon as one of `signals` aborts. */
export function endedEarly(scope: Scope, ...signals: readonly AbortSignal[]): Scope {
  return {
    signal: AbortSignal.any([scope.signal, ...signals]),
    exclude: (ms) => scope.exclude(ms),
    observe: (facts) => scope.observe(facts),
    warn: (warning) => scope.warn(warning),
  };
}
