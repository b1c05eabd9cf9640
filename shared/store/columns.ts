/** A value as Table Storage takes it. Numbers that may be fractional say so: else a whole one is stored as another type. */
export type Cell =
  | string
  | number
  | boolean
  | { readonly value: number | string; readonly type: 'Double' | 'DateTime' };

/** A row to be written. */
export interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: Cell;
}

/** A row that was read: by whom it was written, and when, is not known. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that does not hold what a reader of this version needs. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
}

/** What `read` makes of a row, or undefined where the row cannot be read. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableRow) return undefined;
    throw error;
  }
}

/** A fractional number; one that is none must not cost the row. */
export function double(value: number): Cell {
  return { value: Number.isFinite(value) ? value : 0, type: 'Double' };
}

/** A moment, given as ISO 8601. */
export function time(iso: string): Cell {
  return { value: iso, type: 'DateTime' };
}

/** Short text: whatever is longer is no name of ours and would only endanger the write. */
export function text(value: string): Cell {
  return value.slice(0, 1024);
}

export function readText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new UnreadableRow(`${column} is not text`);
  return value;
}

/** One of `choices`, so that a word of a newer version does not pass for one of ours. */
export function readChoice<T extends string>(row: Row, column: string, choices: readonly T[]): T {
  const value = row[column];
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UnreadableRow(`${column} is none of ${choices.join(', ')}`);
  return found;
}

export function readNumber(row: Row, column: string): number {
  const value = unwrapped(row[column]);
  if (typeof value !== 'number') throw new UnreadableRow(`${column} is not a number`);
  return value;
}

/** A moment as ISO 8601: what was read over the wire is a Date, what never left the process is still text. */
export function readTime(row: Row, column: string): string {
  const value = unwrapped(row[column]);
  const moment = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(moment.getTime())) throw new UnreadableRow(`${column} is not a time`);
  return moment.toISOString();
}

/** What a JSON column holds, once `holds` has looked at it; an absent column is undefined. */
export function readJson<T>(row: Row, column: string, holds: (value: unknown) => value is T): T | undefined {
  if (row[column] === undefined) return undefined;
  const value = parsed(readText(row, column));
  if (!holds(value)) throw new UnreadableRow(`${column} does not hold what was expected`);
  return value;
}

/** An object, and neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new UnreadableRow('not JSON', { cause });
  }
}

function unwrapped(value: unknown): unknown {
  return isRecord(value) && 'type' in value && 'value' in value ? value.value : value;
}
