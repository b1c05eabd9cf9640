import type { AccountLease, LeaseAnswer, LeaseEnding, LeaseRequest } from './accountLease.js';
import { acquireLease } from './acquireLease.js';
import { stateTable } from './keys.js';
import { release } from './stateWriter.js';
import { bounded } from './tableCalls.js';
import type { TableClients } from './tableClients.js';
import { TableStateRows } from './tableStateRows.js';

// Far more than fall into the time after which a lease ends by itself.
const mostGivenUp = 500;

/** Leases among all processes and regions that share a storage account. */
export class TableAccountLease implements AccountLease {
  readonly #rows: TableStateRows;
  readonly #deadlineMs: number;
  /** Holders of this process that got no answer: storage that stood still may yet write their rows, and nobody would release them. */
  readonly #gaveUp = new Set<string>();

  /** `deadlineMs` bounds each method as a whole. */
  constructor(clients: TableClients, deadlineMs = 5000) {
    this.#rows = new TableStateRows(clients);
    this.#deadlineMs = deadlineMs;
  }

  async acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    const message = `${stateTable}: accounts of ${request.edge} not leased`;
    try {
      return await bounded(message, this.#deadlineMs, (signal) =>
        acquireLease(this.#rows, request, signal, this.#gaveUp),
      );
    } catch (error) {
      this.#giveUp(request.holder);
      throw error;
    }
  }

  release(ending: LeaseEnding): Promise<void> {
    const message = `${stateTable}: accounts of ${ending.lease.edge} not released`;
    return bounded(message, this.#deadlineMs, (signal) => release(this.#rows, ending, signal));
  }

  #giveUp(holder: string): void {
    this.#gaveUp.add(holder);
    const [oldest] = this.#gaveUp;
    if (this.#gaveUp.size > mostGivenUp && oldest !== undefined) this.#gaveUp.delete(oldest);
  }
}
