import type { TransactionResult } from '../domain/result.js';
import { type Series, StoreError } from './resultStore.js';

/** The table of the newest condition of every edge. */
export const stateTable = 'EdgeState';

// Thirteen digits last until the year 2286; counting down from here puts the newest row first.
const bound = 9_999_999_999_999;

/** The monthly table of a UTC day (`20261120`): `Results202611`. */
export function tableOf(day: string): string {
  if (!/^\d{8}$/.test(day)) {
    throw new StoreError(`day "${day}" is not of the form 20261120`);
  }
  return `Results${day.slice(0, 6)}`;
}

/** The UTC day of a time, as keys have it: `20261120`. */
export function dayOf(iso: string): string {
  return iso.slice(0, 10).replaceAll('-', '');
}

/** The partition of the raw rows of a series on one UTC day. */
export function partitionKeyOf(series: Series, day: string): string {
  return `${keyPart(series.edge)}|${keyPart(series.transaction)}|${day}`;
}

/** Newest first; the same for every firing of one schedule, different for every run that somebody asked for. */
export function rowKeyOf(result: TransactionResult): string {
  const scheduled = Date.parse(result.scheduledAt);
  if (!(scheduled >= 0 && scheduled <= bound)) {
    throw new StoreError(`${result.runId}: scheduledAt "${result.scheduledAt}" is not a time between 1970 and 2286`);
  }
  const countdown = String(bound - scheduled).padStart(13, '0');
  const key = `${countdown}|${keyPart(result.region)}`;
  return result.trigger === 'schedule' ? key : `${key}|${keyPart(randomSuffix(result.runId))}`;
}

/** The partition of an edge in `EdgeState`. */
export function statePartitionOf(edge: string): string {
  return keyPart(edge);
}

/** The row of a series and region in `EdgeState`. */
export function latestRowKeyOf(row: { readonly transaction: string; readonly region: string }): string {
  return `latest|${keyPart(row.transaction)}|${keyPart(row.region)}`;
}

/** The row of a test account's lease in `EdgeState`; SIP addresses that differ in case alone are one account to most servers. */
export function leaseRowKeyOf(account: string): string {
  return `lease|${keyPart(account.toLowerCase())}`;
}

/** Every `latest` row key lies in this half-open range: Table Storage has no `startswith`. */
export const latestRange = { from: 'latest|', before: 'latest}' } as const;

function randomSuffix(runId: string): string {
  return runId.slice(runId.lastIndexOf('.') + 1);
}

/**
 * A name made fit for a key: Table Storage refuses slash, backslash, hash, question mark and control characters, and the bar separates.
 * Escaped rather than removed, so that two names never share a key.
 */
function keyPart(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, (unit) => `~${unit.charCodeAt(0).toString(16)}~`);
}
