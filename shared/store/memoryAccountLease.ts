import type { AccountLease, LeaseAnswer, LeaseEnding, LeaseRequest } from './accountLease.js';
import { acquireLease } from './acquireLease.js';
import type { MemoryTables } from './memoryTables.js';
import { release } from './stateWriter.js';

/** Leases among the runs of one process. */
export class MemoryAccountLease implements AccountLease {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    return acquireLease(this.#tables, request, never);
  }

  release(ending: LeaseEnding): Promise<void> {
    return release(this.#tables, ending, never);
  }
}

const never = new AbortController().signal;
