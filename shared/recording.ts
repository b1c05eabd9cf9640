import type { SpoolAddress } from './config/environment.js';
import type { Clock } from './domain/clock.js';
import type { FinishedRun } from './run/runWithLease.js';
import type { Storage } from './storage.js';
import { openSpool } from './store/spoolAddress.js';
import { SpoolingRecorder } from './store/spoolingRecorder.js';

/** Is told of an error of the storage, also of one that the spool made good. */
type OnError = (error: unknown) => void;

/** What becomes of the results of runs. */
export interface Recording {
  /** Stores the result, or keeps it until it can be stored; either way its accounts are given back. Throws `StoreError` when it is lost. */
  record(finished: FinishedRun, summary: string, log: (line: string) => void, onError?: OnError): Promise<void>;
  /** How many results wait. Never throws. */
  backlog(storageAvailable: boolean): Promise<number>;
}

/** Joins results, leases and the spool. Nothing is opened before the first run has ended. */
export function openRecording(
  storage: () => Promise<Storage>,
  spool: SpoolAddress | undefined,
  clock: Clock,
): Recording {
  const recorder = new SpoolingRecorder({
    store: async (result) => (await storage()).results.save(result),
    openSpool: spool && (() => openSpool(spool)),
    clock,
  });
  return {
    record: ({ result, ending, storageAway }, summary, log, onError = () => {}) =>
      recorder.record(
        {
          result,
          summary,
          storageAway,
          store: async () => {
            try {
              await (await storage()).results.save(result, ending);
            } catch (error) {
              onError(error);
              throw error;
            }
          },
          release: async () => {
            if (ending) await (await storage()).lease.release(ending);
          },
        },
        log,
      ),
    backlog: (storageAvailable) => recorder.backlog(storageAvailable),
  };
}
