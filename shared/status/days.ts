import { toIso } from '../domain/clock.js';
import type { RunOutcome } from '../store/resultStore.js';

/** What became of the scheduled runs of one transaction on one UTC day, all regions together. */
export interface DayRollup {
  /** `2026-11-20` */
  readonly day: string;
  readonly runs: number;
  readonly failures: number;
  readonly inconclusive: number;
  /** Successes among the runs that could tell, 0 to 1, never rounded up; null when none could. */
  readonly availability: number | null;
}

const dayMs = 86_400_000;

/** Counts the scheduled runs among `outcomes`, which are all of one day. */
export function rollUpDay(day: string, outcomes: readonly RunOutcome[]): DayRollup {
  const scheduled = outcomes.filter((run) => run.trigger === 'schedule');
  const runs = scheduled.length;
  const failures = scheduled.filter((run) => run.outcome === 'failure').length;
  const inconclusive = scheduled.filter((run) => run.outcome === 'inconclusive').length;
  const conclusive = runs - inconclusive;
  return {
    day,
    runs,
    failures,
    inconclusive,
    // Downwards: one failure in a million runs is still not 1.
    availability: conclusive === 0 ? null : Math.floor(((conclusive - failures) / conclusive) * 1e5) / 1e5,
  };
}

/** The last `count` UTC days at `now`, the oldest first. */
export function lastDays(now: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => toIso(now - (count - 1 - index) * dayMs).slice(0, 10));
}

/** Is the day over at `now`, and has the last of its runs had ten minutes to be stored? */
export function isFinal(day: string, now: number): boolean {
  return now >= Date.parse(`${day}T00:00:00.000Z`) + dayMs + 600_000;
}
