import type { TransactionResult } from '../domain/result.js';
import type { Entity } from './columns.js';
import { dayOf, latestRowKeyOf, partitionKeyOf, statePartitionOf, stateTable, tableOf } from './keys.js';
import { fromLatestEntity, toLatestEntity } from './latestEntity.js';
import { nextLatest } from './latestRow.js';
import { fromEntity, toEntity, toOutcome } from './resultEntity.js';
import type { LatestRow, ResultStore, RunOutcome, Series } from './resultStore.js';

/** Rows by table and key; two stores on the same tables see each other's writes. */
export type MemoryTables = Map<string, Map<string, Entity>>;

/** Keeps the very rows that Table Storage would hold, as long as the process lives. */
export class MemoryResultStore implements ResultStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables = new Map()) {
    this.#tables = tables;
  }

  async save(result: TransactionResult): Promise<void> {
    this.#put(tableOf(dayOf(result.scheduledAt)), toEntity(result));
    const stored = this.#table(stateTable).get(keyOf(statePartitionOf(result.edge), latestRowKeyOf(result)));
    const previous = stored === undefined ? undefined : fromLatestEntity(stored);
    const next = nextLatest(previous, result);
    if (next !== undefined && next !== previous) this.#put(stateTable, toLatestEntity(next));
  }

  async latest(edge: string): Promise<readonly LatestRow[]> {
    return this.#rows(stateTable, statePartitionOf(edge))
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

  #day(series: Series, day: string): readonly Entity[] {
    return this.#rows(tableOf(day), partitionKeyOf(series, day));
  }

  #rows(table: string, partition: string): readonly Entity[] {
    return [...this.#table(table).values()]
      .filter((row) => row.partitionKey === partition)
      .sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  }

  #put(table: string, row: Entity): void {
    this.#table(table).set(keyOf(row.partitionKey, row.rowKey), row);
  }

  #table(name: string): Map<string, Entity> {
    const table = this.#tables.get(name) ?? new Map<string, Entity>();
    this.#tables.set(name, table);
    return table;
  }
}

// A key never holds a line break.
function keyOf(partitionKey: string, rowKey: string): string {
  return `${partitionKey}\n${rowKey}`;
}
