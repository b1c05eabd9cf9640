import type { DiagnosisCode } from '../domain/diagnosis.js';
import type { TransactionResult } from '../domain/result.js';
import type { LeaseEnding } from './accountLease.js';

/** All runs of one transaction against one edge. */
export interface Series {
  readonly edge: string;
  readonly transaction: string;
}

/**
 * The newest known condition of a series as one region sees it. Derived from `schedule` results alone, in the order of
 * their `scheduledAt`; an older result that arrives late does not change it.
 */
export interface LatestRow extends Series {
  readonly region: string;
  /** The newest result, inconclusive ones included; its follow-ups are left to the raw row. */
  readonly result: TransactionResult;
  /** `scheduledAt` of the newest run that could tell (not inconclusive); absent while there was none. */
  readonly conclusiveAt?: string;
  /** What that run came to. */
  readonly conclusive?: 'success' | 'failure';
  /** Why it failed, or the first warning that degraded it. */
  readonly conclusiveCode?: DiagnosisCode;
  /** Did a warning of that run degrade it? */
  readonly degraded: boolean;
  /** Its latency, milliseconds. */
  readonly conclusiveLatencyMs?: number;
  /** How many conclusive runs in a row have failed; 0 after a success. */
  readonly failuresInARow: number;
  /** `scheduledAt` of the first run of the present row of failures, or of successes. */
  readonly since?: string;
}

/** As much of a result as counting needs: a day of these is read at a fraction of the cost of whole results. */
export type RunOutcome = Pick<TransactionResult, 'trigger' | 'outcome'> & {
  /** Only of a conclusive run that looked for the active one of several targets. */
  readonly route?: RouteSighting;
};

/** Which target one run found active. */
export interface RouteSighting {
  readonly region: string;
  /** `scheduledAt` of the run. */
  readonly at: string;
  /** `host:port`; undefined where none was. */
  readonly active: string | undefined;
}

/** Where results go. Writing the same result twice leaves one row. */
export interface ResultStore {
  /**
   * Stores the raw row and, for a scheduled run, brings the `latest` row up to date; `ending` gives the accounts of the run back, also
   * where a row could not be written. Throws `StoreError`.
   */
  save(result: TransactionResult, ending?: LeaseEnding): Promise<void>;
  /** One row per transaction and region that has ever reported. Throws `StoreError`. */
  latest(edge: string): Promise<readonly LatestRow[]>;
  /** The results of one UTC day (`20261120`), the newest first; rows that cannot be read are left out. Throws `StoreError`. */
  newestFirst(series: Series, day: string): AsyncIterable<TransactionResult>;
  /** The same rows, for counting. Throws `StoreError`. */
  outcomes(series: Series, day: string): AsyncIterable<RunOutcome>;
}

/** Lets go of results that are old enough. */
export interface Retention {
  /** Deletes the monthly tables whose last day is more than `retentionDays` past, and tells which. Throws `StoreError`. */
  dropOldTables(now: number, retentionDays: number): Promise<readonly string[]>;
}

/** Storage trouble: never the edge's fault, and never lost silently. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
