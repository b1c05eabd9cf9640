import { RestError, type TableClient } from '@azure/data-tables';
import { StoreError } from './resultStore.js';

/** Does storage work under a deadline; whatever goes wrong becomes a `StoreError` with this message. */
export async function bounded<T>(
  message: string,
  deadlineMs: number,
  work: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abortSignal = AbortSignal.timeout(deadlineMs);
  try {
    // Raced as well: a credential that asks a command line or a metadata endpoint does not always heed the signal.
    return await Promise.race([work(abortSignal), aborted(abortSignal)]);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(message, { cause });
  }
}

/** Does `work` on a table, which is created when the service says that it does not exist. */
export async function creatingTable<T>(
  table: TableClient,
  abortSignal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    // Does not throw when another process was faster.
    await table.createTable({ abortSignal });
    return work();
  }
}

/** The HTTP status of a refusal by the service; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
