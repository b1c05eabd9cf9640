import { toIso } from '../domain/clock.js';
import type { TransactionResult } from '../domain/result.js';
import { isRecord } from './columns.js';
import { fromEntity, toEntity } from './resultEntity.js';

/** One waiting result, as a listing tells of it. */
export interface SpoolEntry {
  readonly name: string;
  readonly bytes: number;
  /** Another one once the entry has been replaced. */
  readonly version: string;
}

/** How much may wait. */
export interface SpoolLimits {
  readonly results: number;
  readonly bytes: number;
}

/** A name of one run, the same however often it is kept; names in order are results in the order of their `scheduledAt`. */
export function entryNameOf(result: TransactionResult): string {
  const at = toIso(Date.parse(result.scheduledAt)).replace(/[-:.]/g, '');
  // Escaped rather than removed, so that two runs never share a name; nothing is left that a path or a blob name could trip over.
  const run = result.runId.replace(/[^A-Za-z0-9._-]/g, (unit) => `~${unit.charCodeAt(0).toString(16)}~`);
  return `${at}.${run}`;
}

/** The result as it waits: the very row that would have been written, and so no larger than a row may be. */
export function toSpoolText(result: TransactionResult): string {
  return JSON.stringify(toEntity(result));
}

/** The result in an entry; undefined for a damaged one and for one of a newer schema. */
export function fromSpoolText(text: string): TransactionResult | undefined {
  try {
    const row: unknown = JSON.parse(text);
    return isRecord(row) ? fromEntity(row) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The oldest first. */
export function inOrder(entries: Iterable<SpoolEntry>): SpoolEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What has to go so that one more entry fits, the oldest first: newer results say more about the present. */
export function surplusOf(
  entries: Iterable<SpoolEntry>,
  added: SpoolEntry,
  limits: SpoolLimits,
): readonly SpoolEntry[] {
  const others = inOrder(entries).filter(({ name }) => name !== added.name);
  let results = others.length + 1;
  let bytes = others.reduce((sum, entry) => sum + entry.bytes, added.bytes);
  return others.filter((entry) => {
    if (results <= limits.results && bytes <= limits.bytes) return false;
    results -= 1;
    bytes -= entry.bytes;
    return true;
  });
}
