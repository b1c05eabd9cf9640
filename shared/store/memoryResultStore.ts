import type { TransactionResult } from '../domain/result.js';
import type { LeaseEnding } from './accountLease.js';
import type { Entity } from './columns.js';
import { dayOf, partitionKeyOf, statePartitionOf, stateTable, tableOf } from './keys.js';
import { fromLatestEntity } from './latestEntity.js';
import { MemoryTables } from './memoryTables.js';
import { fromEntity, toEntity, toOutcome } from './resultEntity.js';
import type { LatestRow, ResultStore, Retention, RunOutcome, Series } from './resultStore.js';
import { expiredTables } from './retention.js';
import { release, StateWriter } from './stateWriter.js';

/** Keeps the very rows that Table Storage would hold, as long as the process lives. */
export class MemoryResultStore implements ResultStore, Retention {
  readonly #tables: MemoryTables;
  readonly #state: StateWriter;

  constructor(tables: MemoryTables = new MemoryTables()) {
    this.#tables = tables;
    this.#state = new StateWriter(tables);
  }

  async save(result: TransactionResult, ending?: LeaseEnding): Promise<void> {
    const { signal } = new AbortController();
    try {
      this.#tables.put(tableOf(dayOf(result.scheduledAt)), toEntity(result));
      await this.#state.finish(result, ending, signal);
    } catch (error) {
      if (ending) await release(this.#tables, ending, signal);
      throw error;
    }
  }

  async latest(edge: string): Promise<readonly LatestRow[]> {
    return this.#tables
      .rows(stateTable, statePartitionOf(edge))
      .filter((row) => row.rowKey.startsWith('latest|'))
      .map(fromLatestEntity)
      .filter((row) => row !== undefined);
  }

  async *newestFirst(series: Series, day: string): AsyncIterable<TransactionResult> {
    yield* this.#day(series, day)
      .map(fromEntity)
      .filter((result) => result !== undefined);
  }

  async *outcomes(series: Series, day: string): AsyncIterable<RunOutcome> {
    yield* this.#day(series, day)
      .map(toOutcome)
      .filter((outcome) => outcome !== undefined);
  }

  async dropOldTables(now: number, retentionDays: number): Promise<readonly string[]> {
    return this.#tables.drop((names) => expiredTables(names, now, retentionDays));
  }

  #day(series: Series, day: string): readonly Entity[] {
    return this.#tables.rows(tableOf(day), partitionKeyOf(series, day));
  }
}
