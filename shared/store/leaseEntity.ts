import type { Fingerprint, ParkedAccount, Parking } from './accountLease.js';
import {
  type Entity,
  ifReadable,
  type Row,
  readNumber,
  readText,
  readTime,
  text,
  time,
  UnreadableRow,
} from './columns.js';
import { leaseRowKeyOf, statePartitionOf } from './keys.js';
import type { StoredRow } from './stateRows.js';

/** Who holds an account. */
export interface Holding {
  readonly holder: string;
  readonly by: string;
  /** ISO 8601, by the holder's clock, for people. */
  readonly at: string;
  readonly forMs: number;
}

/** A row of a lease: held, parked, or held by a run that tries a parked account. */
export interface LeaseRow {
  readonly edge: string;
  readonly account: string;
  readonly holding?: Holding | undefined;
  readonly parking?: Parking | undefined;
}

/** What an account's row amounts to for one run. */
export type Standing =
  | { readonly kind: 'free'; readonly etag: string | undefined }
  /** An earlier attempt of the same run, whose answer was lost. */
  | { readonly kind: 'own'; readonly etag: string; readonly parking: Parking | undefined }
  | { readonly kind: 'held'; readonly by: string | undefined }
  | { readonly kind: 'parked'; readonly etag: string; readonly parked: ParkedAccount };

// A row that this version cannot read may be held; longer than this no run of any version lasts.
const longestMs = 300_000;

export function toLeaseEntity({ edge, account, holding, parking }: LeaseRow): Entity {
  return {
    partitionKey: statePartitionOf(edge),
    rowKey: leaseRowKeyOf(account),
    schema: 1,
    account: text(account),
    ...(holding && {
      holder: text(holding.holder),
      heldBy: text(holding.by),
      heldAt: time(holding.at),
      heldForMs: Math.ceil(holding.forMs),
    }),
    ...(parking && {
      parkedAt: time(parking.parkedAt),
      triedAt: time(parking.triedAt),
      salt: text(parking.fingerprint.salt),
      mark: text(parking.fingerprint.mark),
    }),
  };
}

/** What the row of `account` amounts to for the run that calls itself `holder`; those who `gaveUp` hold nothing, whatever it says. */
export function standingOf(
  account: string,
  stored: StoredRow | undefined,
  holder: string,
  gaveUp: ReadonlySet<string> = new Set(),
): Standing {
  if (stored === undefined) return { kind: 'free', etag: undefined };
  const { row, etag, ageMs } = stored;
  const read = ifReadable(() => readLease(row));
  if (read === undefined) return ageMs < longestMs ? { kind: 'held', by: undefined } : { kind: 'free', etag };
  const { holding, parking } = read;
  if (holding?.holder === holder) return { kind: 'own', etag, parking };
  if (holding !== undefined && !gaveUp.has(holding.holder) && ageMs < holding.forMs)
    return { kind: 'held', by: holding.by };
  // Its holder was killed, or parked it: what it tried has been tried.
  if (parking !== undefined) return { kind: 'parked', etag, parked: { account, parking, sinceTriedMs: ageMs } };
  return { kind: 'free', etag };
}

function readLease(row: Row): Pick<LeaseRow, 'holding' | 'parking'> {
  if (row.schema !== 1) throw new UnreadableRow(`schema ${String(row.schema)} is not 1`);
  return {
    holding: row.holder === undefined ? undefined : readHolding(row),
    parking: row.parkedAt === undefined ? undefined : readParking(row),
  };
}

function readHolding(row: Row): Holding {
  return {
    holder: readText(row, 'holder'),
    by: readText(row, 'heldBy'),
    at: readTime(row, 'heldAt'),
    forMs: readNumber(row, 'heldForMs'),
  };
}

function readParking(row: Row): Parking {
  const fingerprint: Fingerprint = { salt: readText(row, 'salt'), mark: readText(row, 'mark') };
  return { parkedAt: readTime(row, 'parkedAt'), triedAt: readTime(row, 'triedAt'), fingerprint };
}
