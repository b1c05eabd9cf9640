import { type Clock, systemClock } from '../domain/clock.js';
import type { Entity } from './columns.js';
import { stateTable } from './keys.js';
import type { Change, StateRows, StoredRow } from './stateRows.js';

interface Written {
  readonly entity: Entity;
  readonly etag: string;
  readonly at: number;
}

/** Rows by table and key, as Table Storage keeps them; stores on the same tables see each other's writes. */
export class MemoryTables implements StateRows {
  readonly #clock: Clock;
  readonly #tables = new Map<string, Map<string, Written>>();
  #version = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Writes a row whatever is there; the new ETag. */
  put(table: string, entity: Entity): string {
    const etag = String(++this.#version);
    this.#table(table).set(keyOf(entity.partitionKey, entity.rowKey), { entity, etag, at: this.#clock.monotonic() });
    return etag;
  }

  /** All rows of a partition, by row key. */
  rows(table: string, partition: string): readonly Entity[] {
    return [...this.#table(table).values()]
      .map(({ entity }) => entity)
      .filter(({ partitionKey }) => partitionKey === partition)
      .sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  }

  /** Lets go of the tables that `drop` picks by name, and tells which. */
  drop(drop: (names: readonly string[]) => readonly string[]): readonly string[] {
    const dropped = drop([...this.#tables.keys()]);
    for (const name of dropped) this.#tables.delete(name);
    return dropped;
  }

  async read(partition: string, rowKeys: readonly string[]): Promise<ReadonlyMap<string, StoredRow>> {
    const found = rowKeys.flatMap((rowKey): [string, StoredRow][] => {
      const written = this.#state(partition, rowKey);
      if (!written) return [];
      const { entity, etag, at } = written;
      return [[rowKey, { row: entity, etag, ageMs: this.#clock.monotonic() - at }]];
    });
    return new Map(found);
  }

  async submit(partition: string, changes: readonly Change[]): Promise<ReadonlyMap<string, string> | undefined> {
    if (!changes.every((change) => this.#isAsExpected(partition, change))) return undefined;
    const etags = new Map<string, string>();
    for (const change of changes) {
      if (change.kind === 'remove') this.#table(stateTable).delete(keyOf(partition, change.rowKey));
      else etags.set(change.entity.rowKey, this.put(stateTable, change.entity));
    }
    return etags;
  }

  async remove(partition: string, rowKey: string, etag: string): Promise<boolean> {
    if (this.#state(partition, rowKey)?.etag !== etag) return false;
    return this.#table(stateTable).delete(keyOf(partition, rowKey));
  }

  #isAsExpected(partition: string, change: Change): boolean {
    if (change.kind === 'remove') return this.#state(partition, change.rowKey) !== undefined;
    const there = this.#state(partition, change.entity.rowKey);
    return change.kind === 'create' ? there === undefined : there?.etag === change.etag;
  }

  #state(partition: string, rowKey: string): Written | undefined {
    return this.#table(stateTable).get(keyOf(partition, rowKey));
  }

  #table(name: string): Map<string, Written> {
    const table = this.#tables.get(name) ?? new Map<string, Written>();
    this.#tables.set(name, table);
    return table;
  }
}

// A key never holds a line break.
function keyOf(partitionKey: string, rowKey: string): string {
  return `${partitionKey}\n${rowKey}`;
}
