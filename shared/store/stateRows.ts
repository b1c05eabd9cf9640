import type { Entity, Row } from './columns.js';

/** A row that was read. */
export interface StoredRow {
  readonly row: Row;
  readonly etag: string;
  /** Milliseconds since it was written, both times by the clock of the storage: no clock of ours can bend it. */
  readonly ageMs: number;
}

/** One part of a write. */
export type Change =
  | { readonly kind: 'create'; readonly entity: Entity }
  | { readonly kind: 'replace'; readonly entity: Entity; readonly etag: string }
  /** Whoever wrote it last: the client for Table Storage knows no conditional removal among other changes. */
  | { readonly kind: 'remove'; readonly rowKey: string };

/** The rows of `EdgeState`, as far as leases and latest rows need them. Every method is one call, and throws `StoreError`. */
export interface StateRows {
  /** Those of the rows that exist, by their keys. */
  read(partition: string, rowKeys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, StoredRow>>;
  /** All changes or none: the ETags of what was written by row key, or undefined where a row was not as expected. */
  submit(
    partition: string,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | undefined>;
  /** Removes a row that nobody has written since; false where somebody has, or it is gone. */
  remove(partition: string, rowKey: string, etag: string, signal: AbortSignal): Promise<boolean>;
}
