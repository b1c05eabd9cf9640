import type { LatestRow } from '../store/resultStore.js';

// From the best to the worst.
const states = ['up', 'maintenance', 'unknown', 'degraded', 'regional', 'down'] as const;
/** The state of a component. */
export type State = (typeof states)[number];

/** What one region can say; `regional` takes several. */
export type RegionState = 'up' | 'degraded' | 'down' | 'unknown';

/** How the results of one transaction are judged. */
export interface Judgement {
  /** The longest time between two firings of its schedule. */
  readonly intervalMs: number;
  /** A success that took longer is degraded. */
  readonly degradedAboveMs?: number | undefined;
  /** So many failures in a row make a region down; fewer are not confirmed yet. */
  readonly downAfterRuns: number;
  /** So many regions down make the transaction down. */
  readonly quorum: number;
}

// Time for a run to end and to be stored, and for clocks that disagree.
const slackMs = 60_000;

/**
 * What a region's newest condition amounts to at `now` (milliseconds since the epoch).
 * `unknown`: no conclusive run, or none within three intervals and a minute, or one from the future (a wrong clock);
 * `down`: at least `downAfterRuns` failures in a row; `degraded`: fewer failures than that, or a success with a warning that
 * degrades, or one slower than `degradedAboveMs`; `up`: every other success.
 */
export function regionState(row: LatestRow | undefined, judgement: Judgement, now: number): RegionState {
  if (row?.conclusiveAt === undefined) return 'unknown';
  if (!isRecent(row.conclusiveAt, judgement, now)) return 'unknown';
  if (row.conclusive === 'failure') return row.failuresInARow >= judgement.downAfterRuns ? 'down' : 'degraded';
  return row.degraded || isSlow(row, judgement) ? 'degraded' : 'up';
}

/** Does a run that was scheduled then still tell about now? */
export function isRecent(scheduledAt: string, judgement: Judgement, now: number): boolean {
  const age = now - Date.parse(scheduledAt);
  return age <= 3 * judgement.intervalMs + slackMs && age >= -slackMs;
}

/** Did the newest conclusive run succeed, but slower than is allowed? */
export function isSlow(row: LatestRow, { degradedAboveMs }: Judgement): boolean {
  const { conclusive, conclusiveLatencyMs } = row;
  return conclusive === 'success' && degradedAboveMs !== undefined && (conclusiveLatencyMs ?? 0) > degradedAboveMs;
}

/**
 * The state of a transaction from those of all configured regions. Regions that know nothing have no vote:
 * `unknown` when none knows; `down` when at least `quorum` of them are down, or all that know where fewer than `quorum` do;
 * `regional` when some are, but fewer; `degraded` when any is; else `up`.
 */
export function componentState(regions: readonly RegionState[], quorum: number): State {
  const known = regions.filter((state) => state !== 'unknown').length;
  const down = regions.filter((state) => state === 'down').length;
  if (known === 0) return 'unknown';
  if (down >= Math.max(1, Math.min(quorum, known))) return 'down';
  if (down > 0) return 'regional';
  return regions.includes('degraded') ? 'degraded' : 'up';
}

/** The worst of several states; `unknown` where there is none. */
export function worstState(found: readonly State[]): State {
  return (
    found.reduce<State | undefined>((worst, state) => (worst === undefined ? state : worse(worst, state)), undefined) ??
    'unknown'
  );
}

/** A region with its newest condition and what that amounts to. */
export interface JudgedRegion {
  readonly region: string;
  readonly state: RegionState;
  readonly row: LatestRow | undefined;
}

/**
 * Since when a transaction has been in its state, as far as the newest conditions tell: `down` and `regional` since the first failure
 * of the row of failures that began first; `degraded` likewise where failures are the cause, and null for slowness and warnings, whose
 * beginning is not recorded; `up` since the last of the regions recovered; `unknown` since the last run that could tell.
 */
export function sinceOf(state: State, regions: readonly JudgedRegion[]): string | null {
  switch (state) {
    case 'down':
    case 'regional':
      return earliest(regions.filter((region) => region.state === 'down').map(({ row }) => row?.since));
    case 'degraded':
      return earliest(
        regions
          .filter(({ state: own, row }) => own === 'degraded' && row?.conclusive === 'failure')
          .map(({ row }) => row?.since),
      );
    case 'up':
      return latest(regions.filter((region) => region.state === 'up').map(({ row }) => row?.since));
    case 'unknown':
      return latest(regions.map(({ row }) => row?.conclusiveAt));
    case 'maintenance':
      return null;
  }
}

function worse(a: State, b: State): State {
  return states.indexOf(a) >= states.indexOf(b) ? a : b;
}

// ISO 8601 in UTC sorts as text.
function earliest(times: readonly (string | undefined)[]): string | null {
  return times.filter((time) => time !== undefined).sort()[0] ?? null;
}

function latest(times: readonly (string | undefined)[]): string | null {
  return (
    times
      .filter((time) => time !== undefined)
      .sort()
      .at(-1) ?? null
  );
}
