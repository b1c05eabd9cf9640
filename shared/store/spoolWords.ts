import { isRecord } from './columns.js';
import type { Drained } from './spool.js';

/** Did the store take offence at this very row, so that no later attempt can succeed either? */
export function isRefusal(error: unknown): boolean {
  const status = statusIn(error);
  return status === 400 || status === 413;
}

/** Why something failed, in a few words: `Results202611: row of … not written (ECONNREFUSED)`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const why = causeIn(error);
  return why === undefined ? error.message : `${error.message} (${why})`;
}

/** One line on what a drain came to; undefined where nothing was to be done. */
export function drainedLine({ stored, left, stoppedBy }: Drained): string | undefined {
  const rest = left === 0 ? 'none waits any more' : `${waiting(left)}${stoppedBy ? `: ${reasonOf(stoppedBy)}` : ''}`;
  if (stored > 0) return `${results(stored)} stored from the spool, ${rest}`;
  return left > 0 || stoppedBy ? `nothing stored from the spool, ${rest}` : undefined;
}

/** `1 result waits`, `3 results wait` */
export function waiting(count: number): string {
  return `${results(count)} ${count === 1 ? 'waits' : 'wait'}`;
}

function results(count: number): string {
  return `${count} ${count === 1 ? 'result' : 'results'}`;
}

function causeIn({ cause }: Error): string | undefined {
  const status = statusIn({ cause });
  if (status !== undefined) return `HTTP ${status}`;
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

function statusIn(error: unknown): number | undefined {
  const cause = isRecord(error) ? error.cause : undefined;
  const status = isRecord(cause) ? cause.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
