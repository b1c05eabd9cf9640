import type { TransactionResult } from '../domain/result.js';
import type { LeasedAccount, LeaseEnding } from './accountLease.js';
import { latestRowKeyOf, leaseRowKeyOf, statePartitionOf, stateTable } from './keys.js';
import { fromLatestEntity, toLatestEntity } from './latestEntity.js';
import { nextLatest } from './latestRow.js';
import { toLeaseEntity } from './leaseEntity.js';
import { type LatestRow, StoreError } from './resultStore.js';
import type { Change, StateRows, StoredRow } from './stateRows.js';

// Two processes at most write one latest row, and only while one replaces the other: eight rounds are plenty.
const conflictRounds = 8;
// What a removal may take on its way, repetitions by the client included.
const onTheWayMs = 6_000;

/** The `latest` row as it was last seen; without an ETag there is none. */
interface Known {
  readonly row: LatestRow | undefined;
  readonly etag: string | undefined;
}

/** Writes what a run leaves in `EdgeState`: its `latest` row, and its accounts released. */
export class StateWriter {
  readonly #rows: StateRows;
  // Each region writes its own rows only: what this process wrote last is nearly always what is there.
  readonly #known = new Map<string, Known>();

  constructor(rows: StateRows) {
    this.#rows = rows;
  }

  /**
   * One call, and one more where this process has not written the row before. Where another process wrote in between,
   * it begins again. Throws `StoreError`.
   */
  async finish(result: TransactionResult, ending: LeaseEnding | undefined, signal: AbortSignal): Promise<void> {
    const partition = statePartitionOf(result.edge);
    const rowKey = latestRowKeyOf(result);
    const name = `${partition}\n${rowKey}`;
    let held = ending?.lease.accounts ?? [];
    let known = this.#known.get(name) ?? (result.trigger === 'schedule' ? await this.#read(result, signal) : undefined);
    for (let round = 0; round < conflictRounds; round++) {
      const next = nextLatest(known?.row, result);
      if (next === undefined || next === known?.row) {
        if (ending) await release(this.#rows, ending, signal, held);
        return;
      }
      const together = ending !== undefined && ending.certainForMs() > onTheWayMs;
      const changes = [changeTo(next, known?.etag), ...(together ? releasing(ending, held) : [])];
      const written = await this.#rows.submit(partition, changes, signal);
      if (written) {
        this.#known.set(name, { row: next, etag: written.get(rowKey) });
        if (ending && !together) await release(this.#rows, ending, signal, held);
        return;
      }
      this.#known.delete(name);
      const found = await this.#rows.read(
        partition,
        [rowKey, ...held.map(({ account }) => leaseRowKeyOf(account))],
        signal,
      );
      known = toKnown(found.get(rowKey));
      held = held.filter(({ account, etag }) => found.get(leaseRowKeyOf(account))?.etag === etag);
    }
    throw new StoreError(
      `${stateTable}: latest row for ${result.runId} not written, another process changed it ${conflictRounds} times`,
    );
  }

  async #read(result: TransactionResult, signal: AbortSignal): Promise<Known> {
    const rowKey = latestRowKeyOf(result);
    const found = await this.#rows.read(statePartitionOf(result.edge), [rowKey], signal);
    return toKnown(found.get(rowKey));
  }
}

/** Gives accounts back or parks them, each only while it is still ours. Throws `StoreError`. */
export async function release(
  rows: StateRows,
  ending: LeaseEnding,
  signal: AbortSignal,
  held: readonly LeasedAccount[] = ending.lease.accounts,
): Promise<void> {
  const partition = statePartitionOf(ending.lease.edge);
  await Promise.all(
    held.map(async (leased) => {
      const parked = parkedEntity(ending, leased);
      if (parked) await rows.submit(partition, [parked], signal);
      else await rows.remove(partition, leaseRowKeyOf(leased.account), leased.etag, signal);
    }),
  );
}

/** The same as part of one write. A removal there cannot be conditional: the caller knows that the lease has not expired. */
function releasing(ending: LeaseEnding, held: readonly LeasedAccount[]): readonly Change[] {
  return held.map(
    (leased) => parkedEntity(ending, leased) ?? { kind: 'remove', rowKey: leaseRowKeyOf(leased.account) },
  );
}

function parkedEntity({ lease, parked }: LeaseEnding, { account, etag }: LeasedAccount): Change | undefined {
  const parking = parked.get(account);
  return parking && { kind: 'replace', entity: toLeaseEntity({ edge: lease.edge, account, parking }), etag };
}

function changeTo(row: LatestRow, etag: string | undefined): Change {
  const entity = toLatestEntity(row);
  return etag === undefined ? { kind: 'create', entity } : { kind: 'replace', entity, etag };
}

function toKnown(stored: StoredRow | undefined): Known {
  return { row: stored && fromLatestEntity(stored.row), etag: stored?.etag };
}
