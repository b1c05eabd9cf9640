import type { TransactionResult } from '../domain/result.js';
import type { Operation } from './operation.js';

/** Where telemetry goes. Nothing here throws or rejects: what becomes of telemetry changes nothing else. */
export interface AvailabilitySink {
  /** Takes what a run came to; runs that no schedule asked for are passed over. */
  result(result: TransactionResult, operation: Operation): void;
  /** Takes an error of our own. */
  error(error: unknown, operation: Operation): void;
  /** Sends what was taken; resolves within `flushMs` to what has gone wrong since the last time, in words. */
  flush(): Promise<string | undefined>;
}

/** The longest that anybody waits for telemetry to be delivered, milliseconds. */
export const flushMs = 2_000;
