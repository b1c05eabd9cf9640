import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { factsOf } from '../../../shared/telemetry/availabilityFacts.js';
import { failure, success } from './sampleResults.js';

/** What is left of 1.5 KB for names and facts. */
const room = 1_536 - 620;

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function withSteps(count: number): TransactionResult {
  const steps = Array.from(
    { length: count },
    (_, index) => ({ name: `await-step-${index}`, outcome: 'passed', ms: 12_345.6 }) as const,
  );
  return { ...failure, steps };
}

function withError(error: string): TransactionResult {
  return { ...failure, ...(failure.diagnosis ? { diagnosis: { ...failure.diagnosis, error } } : {}) };
}

describe('the facts of a run', () => {
  test('hold every step of a transaction with a dozen of them', () => {
    const { measurements } = factsOf(withSteps(12));

    expect(Object.keys(measurements).filter((name) => name.startsWith('step.'))).toHaveLength(12);
  });

  test('hold as many steps as there is room for, the first ones, and still the beginning of the message', () => {
    const { message, properties, measurements } = factsOf(withSteps(40));

    const steps = Object.keys(measurements).filter((name) => name.startsWith('step.'));
    expect(steps).toEqual(steps.map((_, index) => `step.await-step-${index}`));
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.length).toBeLessThan(40);
    expect(message).toMatch(/^TCP_CONNECT_TIMEOUT: no TCP connection to 203\.0\.113\.10:443 within/);
    expect(bytesOf([message, properties, measurements])).toBeLessThanOrEqual(room);
  });

  test.each([
    ['long', 'x'.repeat(20_000)],
    ['of letters with several bytes', 'é'.repeat(500)],
    ['of characters that JSON escapes', '"\\'.repeat(500)],
  ])('hold the beginning of an error that is %s', (_what, error) => {
    const { message } = factsOf(withError(error));

    expect(message).toMatch(/^TCP_CONNECT_TIMEOUT: .{60,}…$/);
    expect(bytesOf(message)).toBeLessThanOrEqual(256);
    expect(bytesOf(message)).toBeGreaterThan(250);
  });

  test('hold no message where nothing went wrong', () => {
    expect(factsOf(success).message).toBe('');
  });
});
