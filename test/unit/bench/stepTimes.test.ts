import { expect, test } from 'vitest';
import { diagnosis } from '../../../shared/domain/diagnosis.js';
import type { StepResult } from '../../../shared/domain/result.js';
import { excess, readStepTimes } from '../../bench/stepTimes.js';
import { sampleResult } from '../store/sampleResult.js';

const steps: readonly StepResult[] = [
  { name: 'resolve', outcome: 'passed', ms: 1 },
  { name: 'connect', outcome: 'passed', ms: 2 },
  { name: 'tls', outcome: 'passed', ms: 3 },
  { name: 'register', outcome: 'passed', ms: 204 },
  { name: 'unregister', outcome: 'passed', ms: 100 },
];

test('the steps that count as latency are summed, the signing out is not', () => {
  const times = readStepTimes(sampleResult({ steps, latencyMs: 210 }), 211);

  expect([times.sum, times.latencyMs, times.wallMs]).toEqual([210, 210, 211]);
});

test('what a run took more than usual is told for each step', () => {
  const run = readStepTimes(sampleResult({ steps }), 0);

  const more = excess(run, (step) => (step === 'register' ? 4 : 1));

  expect(Object.fromEntries(more)).toEqual({ resolve: 0, connect: 1, tls: 2, register: 200, unregister: 99 });
});

test('a run that was no success is refused: its times would say nothing', () => {
  const error = 'no TCP connection';
  const failed = sampleResult({ outcome: 'failure', diagnosis: diagnosis('TCP_CONNECT_TIMEOUT', { error }) });

  expect(() => readStepTimes(failed, 0)).toThrow(new Error('a run was no success: no TCP connection'));
});
