import type { TableClient } from '@azure/data-tables';
import type { TransactionResult } from '../domain/result.js';
import type { Row } from './columns.js';
import { latestRowKeyOf, statePartitionOf, stateTable } from './keys.js';
import { fromLatestEntity, toLatestEntity } from './latestEntity.js';
import { nextLatest } from './latestRow.js';
import { type LatestRow, StoreError } from './resultStore.js';
import { statusOf } from './tableCalls.js';

// Two processes at most write one row, and only while one replaces the other: eight rounds are plenty.
const conflictRounds = 8;

/** Reads the `latest` row, decides, and writes on the condition that nobody wrote in between; else begins again. Throws `StoreError`. */
export async function updateLatest(
  table: TableClient,
  result: TransactionResult,
  abortSignal: AbortSignal,
): Promise<void> {
  for (let round = 0; round < conflictRounds; round++) {
    const stored = await readState(table, result, abortSignal);
    const previous = stored === undefined ? undefined : fromLatestEntity(stored.row);
    const next = nextLatest(previous, result);
    if (next === undefined || next === previous) return;
    if (await written(table, next, stored?.etag, abortSignal)) return;
  }
  throw new StoreError(
    `${stateTable}: latest row for ${result.runId} not written, another process changed it ${conflictRounds} times`,
  );
}

async function readState(
  table: TableClient,
  result: TransactionResult,
  abortSignal: AbortSignal,
): Promise<{ readonly row: Row; readonly etag: string } | undefined> {
  try {
    const row = await table.getEntity(statePartitionOf(result.edge), latestRowKeyOf(result), { abortSignal });
    return { row, etag: row.etag };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** False when another process wrote first. */
async function written(
  table: TableClient,
  row: LatestRow,
  etag: string | undefined,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const entity = toLatestEntity(row);
  try {
    if (etag === undefined) await table.createEntity(entity, { abortSignal });
    else await table.updateEntity(entity, 'Replace', { etag, abortSignal });
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 || status === 412) return false;
    throw error;
  }
}
