import { type Diagnosis, diagnosis, entryOf, ProbeError, type WarningCode } from '../domain/diagnosis.js';
import type { StepResult, Warning } from '../domain/result.js';
import { DeadlineExceeded, type Scope } from '../domain/scope.js';
import { printable } from '../domain/text.js';
import { bounded, Unsettled } from './bounded.js';
import type { StepDefinition } from './transaction.js';
import type { World } from './world.js';

/** A loop held up this long, milliseconds, may itself be why an answer seemed late. */
const starvedMs = 1_000;

/** Runs steps one after another and keeps what became of them. */
export class StepRecorder {
  readonly #world: World;
  readonly #steps: Readonly<Record<string, StepDefinition>>;
  readonly #results = new Map<string, StepResult>();
  readonly #warnings: Warning[] = [];
  #observations: Record<string, unknown> = {};
  #failure: Diagnosis | undefined;

  constructor(world: World, steps: Readonly<Record<string, StepDefinition>>) {
    this.#world = world;
    this.#steps = steps;
  }

  /** The first failure of the run. */
  get failure(): Diagnosis | undefined {
    return this.#failure;
  }

  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  get observations(): Readonly<Record<string, unknown>> {
    return this.#observations;
  }

  /** Every declared step in order; one not reached is `skipped` after the failed one or, before that, the last one taken. */
  results(): StepResult[] {
    let after = 'start';
    return Object.keys(this.#steps).map((name) => {
      const result = this.#results.get(name);
      if (result && after !== this.#failure?.step) after = name;
      return result ?? { name, outcome: 'skipped', after };
    });
  }

  /** Takes a step for at most `limitMs`; rejects with what it rejected with, after keeping it. */
  async take<T>(name: string, limitMs: number, outer: AbortSignal, work: (scope: Scope) => Promise<T>): Promise<T> {
    const { clock, onStep, watchEventLoop } = this.#world;
    const activity = this.#steps[name]?.activity;
    const named = activity === undefined ? { name } : { name, activity };
    onStep?.({ kind: 'started', ...named });
    const stopWatching = watchEventLoop();
    const startedAt = clock.monotonic();
    let ours = 0;
    const scopeOf = (signal: AbortSignal): Scope => ({
      signal,
      exclude: (ms) => {
        ours += Math.max(ms, 0);
      },
      observe: (facts) => this.#observe(facts),
      warn: (warning) => this.#warn(name, warning.code, warning.message),
    });
    const elapsed = () => tenths(Math.max(clock.monotonic() - startedAt - ours, 0));
    let timeUp = false;
    try {
      const value = await bounded(limitMs, outer, clock, (signal) => {
        signal.addEventListener('abort', () => {
          timeUp = signal.reason instanceof DeadlineExceeded;
        });
        return work(scopeOf(signal));
      });
      this.#keep({ ...named, outcome: 'passed', ms: elapsed() });
      return value;
    } catch (error) {
      const ms = elapsed();
      // A deadline that was noticed late tells of a hold-up too, also of one that began before the watch had its first look.
      const heldUpMs = timeUp ? Math.max(stopWatching(), clock.monotonic() - startedAt - limitMs) : 0;
      const found = { ...this.#diagnose(error, outer, heldUpMs), step: name };
      this.#failure ??= found;
      this.#keep({ ...named, outcome: 'failed', ms, code: found.code }, found.error);
      throw error;
    } finally {
      stopWatching();
    }
  }

  /** Keeps an error of the body outside any step: ours by definition. */
  fail(error: unknown): void {
    this.#failure ??= this.#diagnose(error, new AbortController().signal, 0);
  }

  #diagnose(error: unknown, outer: AbortSignal, heldUpMs: number): Diagnosis {
    if (outer.aborted && !(outer.reason instanceof DeadlineExceeded)) {
      return diagnosis('PROBER_RUN_ABORTED', { error: 'the prober was stopped while the run was going on' });
    }
    if (heldUpMs >= starvedMs) {
      const error = `the event loop was held up for ${Math.round(heldUpMs)} ms while the step waited`;
      return diagnosis('PROBER_EVENT_LOOP_STARVED', { error });
    }
    if (error instanceof ProbeError) return error.diagnosis;
    this.#world.onUnexpected?.(error);
    if (error instanceof Unsettled) {
      return diagnosis('PROBER_STEP_UNSETTLED', { error: 'the step did not end when its time was up' });
    }
    const text = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown';
    return diagnosis('PROBER_UNEXPECTED_ERROR', { error: text });
  }

  #keep(result: StepResult, error?: string): void {
    this.#results.set(result.name, result);
    this.#world.onStep?.({ kind: 'ended', result, ...(error === undefined ? {} : { error }) });
  }

  /** Later facts replace earlier ones of the same name; lists grow. */
  #observe(facts: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(facts)) {
      const before = this.#observations[name];
      this.#observations[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }

  #warn(step: string, code: WarningCode, message: string): void {
    this.#warnings.push({ code, step, message: printable(message), degrades: entryOf(code).degrades === true });
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
