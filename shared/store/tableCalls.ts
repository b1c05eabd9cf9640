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
    if (!isTableMissing(error)) throw error;
    // Does not throw when another process was faster.
    await table.createTable({ abortSignal });
    return work();
  }
}

/** Does the service say that there is no such table? A row that is missing has the same HTTP status. */
export function isTableMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404 && codeOf(error) !== 'ResourceNotFound';
}

/** Does the service say that a row is not as the write expected it: there already, changed, or gone? */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof RestError)) return false;
  const code = codeOf(error);
  return error.statusCode === 412 || code === 'EntityAlreadyExists' || code === 'ResourceNotFound';
}

/** The service's own word for an error, which the client for Table Storage leaves in the body of some answers. */
function codeOf(error: RestError): string | undefined {
  if (error.code !== undefined) return error.code;
  return /"code"\s*:\s*"(\w+)"/.exec(error.response?.bodyAsText ?? '')?.[1];
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
