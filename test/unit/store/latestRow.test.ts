import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { fromLatestEntity, toLatestEntity } from '../../../shared/store/latestEntity.js';
import { nextLatest } from '../../../shared/store/latestRow.js';
import type { LatestRow } from '../../../shared/store/resultStore.js';
import { sampleFailure, sampleInconclusive, sampleResult } from './sampleResult.js';

const at = (minute: number) => ({ scheduledAt: `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z` });

describe('the newest condition', () => {
  test('after a first success is that success', () => {
    expect(conditionAfter(sampleResult(at(0)))).toEqual({
      edge: 'contoso',
      transaction: 'registration',
      region: 'westeurope',
      result: sampleResult(at(0)),
      conclusive: 'success',
      conclusiveAt: at(0).scheduledAt,
      conclusiveLatencyMs: 48.25,
      degraded: false,
      failuresInARow: 0,
      since: at(0).scheduledAt,
    });
  });

  test('counts failures in a row, and keeps when they began', () => {
    const row = conditionAfter(sampleResult(at(0)), sampleFailure(at(1)), sampleFailure(at(2)), sampleFailure(at(3)));

    expect(row).toMatchObject({ failuresInARow: 3, since: at(1).scheduledAt, conclusiveCode: 'SIP_ANSWER_TIMEOUT' });
  });

  test('begins anew with a success, and forgets the code', () => {
    const row = conditionAfter(sampleFailure(at(0)), sampleFailure(at(1)), sampleResult(at(2)), sampleResult(at(3)));

    expect(row).toMatchObject({ failuresInARow: 0, since: at(2).scheduledAt, conclusive: 'success' });
    expect(row).not.toHaveProperty('conclusiveCode');
  });

  test('is degraded by a warning that degrades, and says by which', () => {
    const warnings = [
      { code: 'TCP_ADDRESS_UNREACHABLE', step: 'connect', message: 'one of two', degrades: false },
      { code: 'AUTH_NOT_DEMANDED', step: 'register', message: 'no challenge', degrades: true },
    ] as const;

    expect(conditionAfter(sampleResult({ ...at(0), warnings }))).toMatchObject({
      degraded: true,
      conclusiveCode: 'AUTH_NOT_DEMANDED',
    });
    expect(conditionAfter(sampleResult({ ...at(0), warnings: warnings.slice(0, 1) }))).toMatchObject({
      degraded: false,
    });
  });

  test('keeps what was known when a run could not tell, and goes on counting after it', () => {
    const between = conditionAfter(sampleFailure(at(0)), sampleInconclusive(at(1)));
    const later = conditionAfter(sampleFailure(at(0)), sampleInconclusive(at(1)), sampleFailure(at(2)));

    expect(between).toMatchObject({
      failuresInARow: 1,
      conclusive: 'failure',
      conclusiveAt: at(0).scheduledAt,
      result: sampleInconclusive(at(1)),
    });
    expect(later).toMatchObject({ failuresInARow: 2, since: at(0).scheduledAt });
  });

  test('knows nothing while no run could tell', () => {
    const row = conditionAfter(sampleInconclusive(at(0)), sampleInconclusive(at(1)));

    expect(row).toEqual({
      edge: 'contoso',
      transaction: 'registration',
      region: 'westeurope',
      result: sampleInconclusive(at(1)),
      degraded: false,
      failuresInARow: 0,
    });
  });

  test.each([
    ['an older result that arrives late', sampleFailure(at(4))],
    ['a second firing of the same schedule', sampleFailure(at(5))],
    ['a run that somebody asked for', sampleFailure({ ...at(9), trigger: 'on-demand' })],
    ['a run of the command line', sampleFailure({ ...at(9), trigger: 'cli' })],
  ])('is not changed by %s', (_what, result) => {
    const row = conditionAfter(sampleResult(at(5)));

    expect(nextLatest(row, result)).toBe(row);
  });

  test('does not begin with a run that somebody asked for', () => {
    expect(nextLatest(undefined, sampleFailure({ trigger: 'on-demand' }))).toBeUndefined();
  });

  test('leaves follow-ups to the raw row', () => {
    expect(conditionAfter(sampleResult({ followUps: [sampleFailure()] }))?.result.followUps).toEqual([]);
  });
});

describe('the row of the newest condition', () => {
  test.each([
    ['a failure', conditionAfter(sampleResult(at(0)), sampleFailure(at(1)))],
    ['a success', conditionAfter(sampleResult(at(0)))],
    ['nothing conclusive', conditionAfter(sampleInconclusive(at(0)))],
  ])('gives back %s', (_what, row) => {
    if (row === undefined) throw new Error('there should be a row');

    expect(fromLatestEntity(toLatestEntity(row))).toEqual(row);
  });

  test.each([
    ['of a newer schema', { schema: 2 }],
    ['without its counter', { failuresInARow: undefined }],
    ['with a conclusion of another version', { conclusive: 'perhaps' }],
  ])('cannot be read %s', (_what, differs) => {
    const row = conditionAfter(sampleFailure());

    expect(row && fromLatestEntity({ ...toLatestEntity(row), ...differs })).toBeUndefined();
  });
});

function conditionAfter(...results: readonly TransactionResult[]): LatestRow | undefined {
  return results.reduce<LatestRow | undefined>(nextLatest, undefined);
}
