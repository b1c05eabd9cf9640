import { describe, expect, test } from 'vitest';
import { planOf } from '../../shared/plan.js';
import { edge, file, settingsOf } from './config/samples.js';

function plan(transactions: Record<string, unknown>) {
  return planOf(settingsOf(file({}, edge({ dialect: 'rfc', transactions }))));
}

function retriesIn(runs: ReturnType<typeof plan>) {
  return Object.fromEntries(runs.map(({ transaction, retries }) => [transaction.name, retries]));
}

describe('a planned run', () => {
  test('has the staggered schedule, and the function named after edge and transaction', () => {
    const [run] = plan({ registration: { schedule: '0 */5 * * * *' } });

    expect(run?.functionName).toBe('contoso-registration');
    expect(run?.schedule.text).toMatch(/^[1-5]?\d \*\/5 \* \* \* \*$/);
    expect(run?.settings.schedule).toBe('0 */5 * * * *');
  });

  test('of registration tries a parked account again, which then no other transaction does', () => {
    expect(retriesIn(plan({ registration: {}, presence: {} }))).toEqual({
      registration: ['first'],
      presence: ['second'],
    });
  });

  test.each([
    ['there is no registration', { presence: {} }],
    ['registration runs less than every half hour', { presence: {}, registration: { schedule: '0 0 * * * *' } }],
  ])('tries its parked accounts again itself where %s', (_, transactions) => {
    expect(retriesIn(plan(transactions)).presence).toEqual(['first', 'second']);
  });
});
