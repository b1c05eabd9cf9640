import type { Diagnosis, DiagnosisCode, WarningCode } from './diagnosis.js';
import type { Dialect } from './edge.js';

/** Of a run: the edge worked, the edge is at fault, or our own trouble kept us from telling. */
export type Outcome = 'success' | 'failure' | 'inconclusive';

/** What started a run. Only `schedule` counts in states and availability. */
export type Trigger = 'schedule' | 'on-demand' | 'cli';

export type StepResult =
  | { readonly name: string; readonly activity?: string; readonly outcome: 'passed'; readonly ms: number }
  | {
      readonly name: string;
      readonly activity?: string;
      readonly outcome: 'failed';
      readonly ms: number;
      readonly code: DiagnosisCode;
    }
  | { readonly name: string; readonly outcome: 'skipped'; readonly after: string };

/** Something an operator should know although the run succeeded. */
export interface Warning {
  readonly code: WarningCode;
  readonly step: string;
  readonly message: string;
  /** A success with a warning that degrades gives the state `degraded`. */
  readonly degrades: boolean;
}

/** The prober's own condition during the run, so that its slowness is never taken for the edge's. */
export interface ProberFacts {
  readonly version: string;
  readonly node: string;
  /** The first run of this process. */
  readonly coldStart: boolean;
  /** How long after its scheduled time the run began. */
  readonly lateMs: number;
  /** The longest time the event loop was held up while the run lasted. */
  readonly eventLoopDelayMs: number;
  readonly leaseWaitMs: number;
}

/** What one run leaves behind: stored, printed by `--json`, and what authorised calls get. */
export interface TransactionResult {
  readonly schema: 1;
  readonly runId: string;
  readonly trigger: Trigger;
  readonly edge: string;
  readonly transaction: string;
  readonly dialect: Dialect;
  readonly region: string;
  /** ISO 8601, UTC, as all times here. */
  readonly scheduledAt: string;
  readonly startedAt: string;
  /** The host that was probed: as configured, or as found in DNS. */
  readonly targetFqdn: string;
  readonly outcome: Outcome;
  /** The sum of the steps that the user would wait for; clean-up does not count. */
  readonly latencyMs: number;
  readonly steps: readonly StepResult[];
  readonly diagnosis?: Diagnosis;
  readonly warnings: readonly Warning[];
  /** Runs of other transactions that this one's failure called for. */
  readonly followUps: readonly TransactionResult[];
  readonly observations: Readonly<Record<string, unknown>>;
  readonly prober: ProberFacts;
}
