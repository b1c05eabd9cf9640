import { describe, expect, test } from 'vitest';
import {
  componentState,
  type JudgedRegion,
  type Judgement,
  type RegionState,
  regionState,
  sinceOf,
  worstState,
} from '../../../shared/status/states.js';
import type { LatestRow } from '../../../shared/store/resultStore.js';
import { sampleFailure, sampleInconclusive, sampleResult } from '../store/sampleResult.js';
import { minuteMs, rowAfter } from './sampleStatus.js';

const judgement: Judgement = { intervalMs: 5 * minuteMs, downAfterRuns: 2, quorum: 2, degradedAboveMs: 2000 };
const at = (time: string) => ({ scheduledAt: `2026-11-20T${time}:00.000Z` });
const clock = (time: string) => Date.parse(`2026-11-20T${time}.000Z`);
const warnings = [{ code: 'AUTH_NOT_DEMANDED', step: 'register', message: 'no challenge', degrades: true }] as const;

describe('the state in one region', () => {
  test.each<[RegionState, string, LatestRow | undefined]>([
    ['unknown', 'before the first run', undefined],
    ['unknown', 'while no run could tell', rowAfter(sampleInconclusive(at('10:00')))],
    ['up', 'after a success', rowAfter(sampleResult(at('10:00')))],
    ['up', 'after a success that took as long as it may', rowAfter(sampleResult({ ...at('10:00'), latencyMs: 2000 }))],
    ['degraded', 'after a success that took longer', rowAfter(sampleResult({ ...at('10:00'), latencyMs: 2000.1 }))],
    ['degraded', 'after a success with a warning that degrades', rowAfter(sampleResult({ ...at('10:00'), warnings }))],
    [
      'degraded',
      'after a failure that is not confirmed',
      rowAfter(sampleResult(at('09:55')), sampleFailure(at('10:00'))),
    ],
    ['down', 'after as many failures as confirm one', rowAfter(sampleFailure(at('09:55')), sampleFailure(at('10:00')))],
    [
      'up',
      'after a success on many failures',
      rowAfter(sampleFailure(at('09:50')), sampleFailure(at('09:55')), sampleResult(at('10:00'))),
    ],
    [
      'down',
      'after confirmed failures and a run that could not tell',
      rowAfter(sampleFailure(at('09:50')), sampleFailure(at('09:55')), sampleInconclusive(at('10:00'))),
    ],
  ])('is %s %s', (state, _when, row) => {
    expect(regionState(row, judgement, clock('10:01:00'))).toBe(state);
  });

  test.each<[RegionState, string, string]>([
    ['up', 'three intervals and a minute later', '10:16:00'],
    ['unknown', 'a second after that', '10:16:01'],
    ['up', 'on a clock that is a minute behind', '09:59:00'],
    ['unknown', 'on a clock that is further behind', '09:58:59'],
  ])('is %s %s', (state, _when, time) => {
    expect(regionState(rowAfter(sampleResult(at('10:00'))), judgement, clock(time))).toBe(state);
  });

  test('is unknown when only inconclusive runs are recent, whatever was known before', () => {
    const row = rowAfter(sampleResult(at('09:00')), sampleInconclusive(at('10:00')));

    expect(regionState(row, judgement, clock('10:01:00'))).toBe('unknown');
  });

  test('is down at the first failure where one is enough', () => {
    expect(
      regionState(rowAfter(sampleFailure(at('10:00'))), { ...judgement, downAfterRuns: 1 }, clock('10:01:00')),
    ).toBe('down');
  });
});

describe('the state of a transaction', () => {
  test.each<[string, number, readonly RegionState[]]>([
    ['unknown', 2, []],
    ['unknown', 2, ['unknown', 'unknown', 'unknown']],
    ['up', 2, ['up', 'up', 'up']],
    ['up', 2, ['up', 'unknown', 'unknown']],
    ['degraded', 2, ['up', 'degraded', 'up']],
    ['degraded', 2, ['degraded', 'degraded', 'degraded']],
    ['regional', 2, ['down', 'up', 'up']],
    ['regional', 2, ['down', 'degraded', 'up']],
    ['down', 2, ['down', 'down', 'up']],
    ['down', 2, ['down', 'down', 'down']],
    ['regional', 2, ['down', 'up', 'unknown']],
    ['down', 2, ['down', 'unknown', 'unknown']],
    ['regional', 3, ['down', 'down', 'up']],
    ['down', 3, ['down', 'down', 'unknown']],
    ['down', 1, ['down', 'up', 'up']],
    ['down', 1, ['down']],
    ['up', 0, ['up']],
  ])('is %s with a quorum of %i of %j', (state, quorum, regions) => {
    expect(componentState(regions, quorum)).toBe(state);
  });
});

describe('the worst of several states', () => {
  test('is down before regional before degraded before unknown before maintenance before up', () => {
    expect(worstState(['up', 'unknown', 'down', 'regional'])).toBe('down');
    expect(worstState(['up', 'unknown', 'degraded', 'regional'])).toBe('regional');
    expect(worstState(['unknown', 'degraded', 'maintenance'])).toBe('degraded');
    expect(worstState(['up', 'maintenance', 'unknown'])).toBe('unknown');
    expect(worstState(['maintenance', 'up'])).toBe('maintenance');
    expect(worstState(['up', 'up'])).toBe('up');
  });

  test('is unknown where there is none', () => {
    expect(worstState([])).toBe('unknown');
  });
});

describe('since when', () => {
  const up = (...times: string[]) => judged('up', rowAfter(...times.map((time) => sampleResult(at(time)))));
  const failing = (state: RegionState, ...times: string[]) =>
    judged(state, rowAfter(...times.map((time) => sampleFailure(at(time)))));

  test('it has been down: the first failure of the region that failed first', () => {
    const regions = [
      failing('down', '09:55', '10:00'),
      failing('down', '09:50', '09:55', '10:00'),
      up('08:00', '10:00'),
    ];

    expect(sinceOf('down', regions)).toBe('2026-11-20T09:50:00.000Z');
    expect(sinceOf('regional', regions)).toBe('2026-11-20T09:50:00.000Z');
  });

  test('it has been up: when the last of the regions recovered', () => {
    expect(sinceOf('up', [up('08:00', '10:00'), up('09:30', '10:00'), judged('unknown', undefined)])).toBe(
      '2026-11-20T09:30:00.000Z',
    );
  });

  test('it has been degraded: the first unconfirmed failure, and nothing where it is slow', () => {
    expect(sinceOf('degraded', [failing('degraded', '10:00'), up('08:00')])).toBe('2026-11-20T10:00:00.000Z');
    expect(sinceOf('degraded', [{ ...up('08:00'), state: 'degraded' }])).toBeNull();
  });

  test('it has been unknown: the last run that could tell, if there was one', () => {
    expect(sinceOf('unknown', [{ ...up('08:00'), state: 'unknown' }, judged('unknown', undefined)])).toBe(
      '2026-11-20T08:00:00.000Z',
    );
    expect(sinceOf('unknown', [judged('unknown', undefined)])).toBeNull();
  });

  function judged(state: RegionState, row: LatestRow | undefined): JudgedRegion {
    return { region: 'westeurope', state, row };
  }
});
