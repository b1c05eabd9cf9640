import type { TransactionResult } from '../../shared/domain/result.js';

/** What a run of registration took, step by step, milliseconds. */
export interface StepTimes {
  readonly steps: ReadonlyMap<string, number>;
  /** All that count as latency. */
  readonly sum: number;
  readonly latencyMs: number;
  /** From the first step's start to the end of the last that counts, by another clock reading than the runner's. */
  readonly wallMs: number;
}

const needed = ['resolve', 'connect', 'tls', 'register'];

/** Reads a result. Throws when the run was no success: its times would say nothing. */
export function readStepTimes({ steps, latencyMs, outcome, diagnosis }: TransactionResult, wallMs: number): StepTimes {
  if (outcome !== 'success') throw new Error(`a run was no success: ${diagnosis?.error ?? outcome}`);
  const times = new Map(steps.map((step) => [step.name, step.outcome === 'skipped' ? 0 : step.ms]));
  const sum = needed.reduce((total, name) => total + (times.get(name) ?? 0), 0);
  return { steps: times, sum, latencyMs, wallMs };
}

/** By how much each step of a run exceeds the usual, given as runs without delay: median of each step. */
export function excess(run: StepTimes, usual: (step: string) => number): ReadonlyMap<string, number> {
  return new Map([...run.steps].map(([name, ms]) => [name, ms - usual(name)]));
}
