import type { AccountLease, LeaseAnswer, LeaseRequest } from './accountLease.js';
import { leaseRowKeyOf, statePartitionOf, stateTable } from './keys.js';
import { standingOf } from './leaseEntity.js';
import type { StateRows } from './stateRows.js';
import { bounded } from './tableCalls.js';

/** For a command that never writes: tells which accounts are parked, and passes over those that are in use. */
export class ReadOnlyLease implements AccountLease {
  readonly #rows: StateRows;
  readonly #deadlineMs: number;

  constructor(rows: StateRows, deadlineMs = 5000) {
    this.#rows = rows;
    this.#deadlineMs = deadlineMs;
  }

  acquire({ edge, accounts, holder, mayTry }: LeaseRequest): Promise<LeaseAnswer> {
    return bounded(`${stateTable}: parked accounts of ${edge} not read`, this.#deadlineMs, async (signal) => {
      const found = await this.#rows.read(statePartitionOf(edge), accounts.map(leaseRowKeyOf), signal);
      for (const account of accounts) {
        const standing = standingOf(account, found.get(leaseRowKeyOf(account)), holder);
        if (standing.kind !== 'parked' || (await mayTry(standing.parked))) continue;
        return { kind: 'parked', parked: standing.parked };
      }
      return { kind: 'taken', lease: { edge, accounts: [] } };
    });
  }

  async release(): Promise<void> {}
}
