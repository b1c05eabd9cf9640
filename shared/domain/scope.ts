import type { WarningCode } from './diagnosis.js';

/** What a bounded operation is given: when to give up, and where to book time that was the prober's own. */
export interface Scope {
  /** Aborts when the deadline has passed (reason: `DeadlineExceeded`) or the run is being ended. */
  readonly signal: AbortSignal;
  /** Takes `ms` of parsing or waiting on our side out of the step's measured time: only the wire counts as the edge's latency. */
  exclude(ms: number): void;
  /** A fact seen on the way, for `observations`; kept also when the step fails afterwards. */
  observe(facts: Readonly<Record<string, unknown>>): void;
  /** Something an operator should know although the step goes on. */
  warn(warning: { readonly code: WarningCode; readonly message: string }): void;
}

/** Why a `Scope`'s signal aborted when time ran out. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`deadline of ${limitMs} ms exceeded`);
    this.limitMs = limitMs;
  }
}

/** The limit that ran out, in milliseconds; 0 when the signal was aborted for another reason. */
export function limitOf(signal: AbortSignal): number {
  return signal.reason instanceof DeadlineExceeded ? signal.reason.limitMs : 0;
}

/** The same scope for something looked at beside the main thing: its facts go to `observe`, its warnings begin with `prefix`. */
export function aside(scope: Scope, observe: Scope['observe'], prefix = ''): Scope {
  return {
    signal: scope.signal,
    exclude: (ms) => scope.exclude(ms),
    observe,
    warn: ({ code, message }) => scope.warn({ code, message: `${prefix}${message}` }),
  };
}
