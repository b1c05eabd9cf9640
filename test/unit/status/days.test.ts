import { describe, expect, test } from 'vitest';
import type { Outcome, Trigger } from '../../../shared/domain/result.js';
import { isFinal, lastDays, rollUpDay } from '../../../shared/status/days.js';

describe('the roll-up of a day', () => {
  test('counts scheduled runs, and takes availability from those that could tell', () => {
    const outcomes = [...runs(6, 'success'), ...runs(2, 'failure'), ...runs(2, 'inconclusive')];

    expect(rollUpDay('2026-11-20', outcomes)).toEqual({
      day: '2026-11-20',
      runs: 10,
      failures: 2,
      inconclusive: 2,
      availability: 0.75,
    });
  });

  test('does not count what somebody asked for', () => {
    const outcomes = [...runs(1, 'success'), ...runs(5, 'failure', 'on-demand'), ...runs(5, 'failure', 'cli')];

    expect(rollUpDay('2026-11-20', outcomes)).toMatchObject({ runs: 1, failures: 0, availability: 1 });
  });

  test.each([
    ['no run', []],
    ['only runs that could not tell', runs(3, 'inconclusive')],
  ])('has no availability on %s', (_what, outcomes) => {
    expect(rollUpDay('2026-11-20', outcomes).availability).toBeNull();
  });

  test('never rounds a failure away', () => {
    expect(rollUpDay('2026-11-20', [...runs(300_000, 'success'), ...runs(1, 'failure')]).availability).toBe(0.99999);
    expect(rollUpDay('2026-11-20', [...runs(2, 'success'), ...runs(1, 'failure')]).availability).toBe(0.66666);
  });
});

describe('days', () => {
  test('are the last ones in UTC, the oldest first, over the end of a month', () => {
    expect(lastDays(Date.parse('2026-12-01T00:00:00.000Z'), 3)).toEqual(['2026-11-29', '2026-11-30', '2026-12-01']);
  });

  test('are final ten minutes after they ended', () => {
    expect(isFinal('2026-11-30', Date.parse('2026-12-01T00:09:59.999Z'))).toBe(false);
    expect(isFinal('2026-11-30', Date.parse('2026-12-01T00:10:00.000Z'))).toBe(true);
    expect(isFinal('2026-12-01', Date.parse('2026-12-01T12:00:00.000Z'))).toBe(false);
  });
});

function runs(count: number, outcome: Outcome, trigger: Trigger = 'schedule') {
  return Array.from({ length: count }, () => ({ trigger, outcome }));
}
