import { describe, expect, test } from 'vitest';
import {
  dayOf,
  latestRange,
  latestRowKeyOf,
  partitionKeyOf,
  rowKeyOf,
  statePartitionOf,
  tableOf,
} from '../../../shared/store/keys.js';
import { StoreError } from '../../../shared/store/resultStore.js';
import { sampleResult } from './sampleResult.js';

describe('keys of raw rows', () => {
  test('are one table a month, a partition a day, and a row that counts down', () => {
    const result = sampleResult();

    expect(tableOf(dayOf(result.scheduledAt))).toBe('Results202611');
    expect(partitionKeyOf(result, dayOf(result.scheduledAt))).toBe('contoso|registration|20261120');
    expect(rowKeyOf(result)).toBe('8204783499999|westeurope');
  });

  test('sort the newest first, down to the millisecond', () => {
    const times = ['2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.001Z', '2026-11-20T23:59:59.999Z'];

    const keys = times.map((scheduledAt) => rowKeyOf(sampleResult({ scheduledAt })));

    expect(keys.toSorted()).toEqual(keys.toReversed());
  });

  test('have one width from 1970 to 2286', () => {
    const keys = ['1970-01-01T00:00:00.000Z', '2286-11-20T17:46:39.999Z'].map((scheduledAt) =>
      rowKeyOf(sampleResult({ scheduledAt })),
    );

    expect(keys).toEqual(['9999999999999|westeurope', '0000000000000|westeurope']);
  });

  test('are the same for a second firing of a schedule, whatever it came to', () => {
    expect(rowKeyOf(sampleResult({ outcome: 'failure', startedAt: '2026-11-20T23:15:09.000Z' }))).toBe(
      rowKeyOf(sampleResult()),
    );
  });

  test('of a run that somebody asked for end in the random suffix of its runId', () => {
    const asked = sampleResult({
      trigger: 'on-demand',
      runId: 'contoso.registration.westeurope.20261120T231500Z.k3j9',
    });

    expect(rowKeyOf(asked)).toBe('8204783499999|westeurope|k3j9');
  });

  test.each(['soon', '', '2287-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z'])(
    'are refused for a result that was scheduled at "%s"',
    (scheduledAt) => {
      const wrong = sampleResult({ scheduledAt, runId: 'run' });

      expect(() => rowKeyOf(wrong)).toThrow(
        new StoreError(`run: scheduledAt "${scheduledAt}" is not a time between 1970 and 2286`),
      );
    },
  );

  test('are refused for a day that is none', () => {
    expect(() => tableOf("2026' or '1")).toThrow(new StoreError(`day "2026' or '1" is not of the form 20261120`));
  });
});

describe('names in keys', () => {
  const weird = [
    'a/b',
    'a\\b',
    'a#b',
    'a?b',
    'a|b',
    'a\u0000b',
    'a\u007fb',
    'a\u0085b',
    "a'b",
    'a%b',
    'é',
    '😀',
    'a~7c~b',
    '',
  ];

  test('never contain what Table Storage refuses', () => {
    const keys = weird.flatMap((name) => [
      partitionKeyOf({ edge: name, transaction: name }, '20261120'),
      rowKeyOf(sampleResult({ region: name })),
      rowKeyOf(sampleResult({ trigger: 'cli', runId: `x.${name}` })),
      statePartitionOf(name),
      latestRowKeyOf({ transaction: name, region: name }),
    ]);

    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9._~|-]*$/);
  });

  test('never make two names one', () => {
    expect(new Set(weird.map(statePartitionOf)).size).toBe(weird.length);
    expect(latestRowKeyOf({ transaction: 'a|b', region: 'c' })).not.toBe(
      latestRowKeyOf({ transaction: 'a', region: 'b|c' }),
    );
  });

  test('of latest rows lie in the range that is read, those of leases do not', () => {
    const inRange = (key: string) => key >= latestRange.from && key < latestRange.before;

    expect(['latest|im|eastus', latestRowKeyOf({ transaction: '~', region: '😀' })].every(inRange)).toBe(true);
    expect(['lease|first', 'latest', 'latestx|im|eastus', 'parked|first'].some(inRange)).toBe(false);
  });
});
