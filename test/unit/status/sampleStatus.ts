import type { TransactionResult } from '../../../shared/domain/result.js';
import type { DayRollup } from '../../../shared/status/days.js';
import { rollUpDay } from '../../../shared/status/days.js';
import type { Monitored } from '../../../shared/status/monitored.js';
import type { StatusInput } from '../../../shared/status/statusDocument.js';
import { nextLatest } from '../../../shared/store/latestRow.js';
import type { LatestRow } from '../../../shared/store/resultStore.js';

/** 20 November 2026, 23:16 UTC: a minute after the sample results. */
export const sampleNow = Date.parse('2026-11-20T23:16:00.000Z');

export const minuteMs = 60_000;

/** Two transactions of one edge, seen from three regions. */
export const sampleMonitored: Monitored = {
  regions: ['westeurope', 'eastus', 'southeastasia'],
  quorum: 2,
  downAfterRuns: 2,
  edges: [
    {
      name: 'contoso',
      title: 'Contoso Edge',
      transactions: [
        { name: 'registration', title: 'Sign-in', intervalMs: 5 * minuteMs, degradedAboveMs: 2000 },
        { name: 'presence', title: 'Presence', group: 'Messaging', intervalMs: 5 * minuteMs },
      ],
    },
  ],
};

/** The latest row after these results. */
export function rowAfter(...results: readonly TransactionResult[]): LatestRow {
  const row = results.reduce<LatestRow | undefined>(nextLatest, undefined);
  if (row === undefined) throw new Error('none of the results was scheduled');
  return row;
}

/** A day of 288 runs, some of which failed. */
export function sampleDay(day: string, failures: number): DayRollup {
  const outcomes = Array.from({ length: 288 }, (_, index) => (index < failures ? 'failure' : 'success'));
  return rollUpDay(
    day,
    outcomes.map((outcome) => ({ trigger: 'schedule', outcome })),
  );
}

/** What a document is made of when storage works and these are the latest rows of `contoso`. */
export function sampleInput(rows: readonly LatestRow[], differs: Partial<StatusInput> = {}): StatusInput {
  return {
    monitored: sampleMonitored,
    now: sampleNow,
    latest: new Map([['contoso', rows]]),
    daysOf: () => [sampleDay('2026-11-19', 0), sampleDay('2026-11-20', 3)],
    storageAvailable: true,
    ...differs,
  };
}
