import type { TransactionResult } from './domain/result.js';
import type { JsonAnswer, OnDemandRun, RunRequest } from './onDemand.js';
import type { PlannedRun } from './plan.js';
import type { Page } from './status/pageFrame.js';

/** Takes one line for the log of an invocation. */
export type Log = (line: string) => void;

/** An answer over HTTP, before it becomes the host's own form. */
export type Answer = JsonAnswer | { readonly kind: 'page'; readonly status: number; readonly page: Page };

export interface OnDemandOptions {
  readonly force: boolean;
  readonly log: Log;
}

/** What the functions call. With a wrong configuration the plan is empty and every answer says what is wrong. */
export interface Service {
  /** One run per timer, in the order of the file. */
  readonly plan: readonly PlannedRun[];
  /** Runs once, stores the result and tells of it under the operation that `traceParent` names. Rejects only when it cannot be stored. */
  runScheduled(planned: PlannedRun, log: Log, traceParent?: string): Promise<TransactionResult>;
  /**
   * Runs once, now, because somebody asked; `force` uses an account although it is parked. Busy where another run has its accounts for
   * too long. A result that cannot be stored is returned all the same.
   */
  runOnDemand(planned: PlannedRun, options: OnDemandOptions): Promise<OnDemandRun>;
  /** The same for a caller over HTTP, who may be told that there is no such run, that it has to wait, or the whole result. */
  answerRun(request: RunRequest, log: Log): Promise<Answer>;
  status(log: Log): Promise<Answer>;
  transactionStatus(edge: string, transaction: string, log: Log): Promise<Answer>;
  page(log: Log): Promise<Answer>;
  /** Ends the runs in flight and resolves when each has cleaned up and is stored: the worker exits then. Never rejects. */
  stop(): Promise<void>;
}
