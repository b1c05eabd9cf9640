import type { EdgeSettings, Settings } from './config/settings.js';
import type { Clock } from './domain/clock.js';
import type { TransactionResult } from './domain/result.js';
import type { Accounts, World } from './run/world.js';
import type { AccountLease } from './store/accountLease.js';
import { MemoryAccountLease } from './store/memoryAccountLease.js';
import { MemoryTables } from './store/memoryTables.js';

/**
 * The accounts that this process may go on using while the storage, and with it every lease and every parked account, is
 * out of reach: those that no other region uses and that a server has let in since this process started. So an outage of
 * the storage does not blind the monitor, locks no account and disturbs no other region.
 */
export class TrustedAccounts {
  readonly #alone: boolean;
  readonly #lease: AccountLease;
  readonly #letIn = new Set<string>();

  constructor({ regions }: Settings, clock: Clock) {
    this.#alone = regions.length === 1;
    this.#lease = new MemoryAccountLease(new MemoryTables(clock));
  }

  /** A lease among the runs of this process; undefined where the accounts are not to be used without the storage. */
  lease(edge: EdgeSettings, region: string, accounts: World['accounts']): AccountLease | undefined {
    const own = this.#alone || Object.hasOwn(edge.accountsByRegion, region);
    const names = namesOf(edge, accounts);
    return own && names.every((name) => this.#letIn.has(name)) ? this.#lease : undefined;
  }

  /** A run that succeeded has proven its accounts; one that did not leaves open which of them was refused. */
  learn(edge: EdgeSettings, accounts: World['accounts'], { outcome, diagnosis }: TransactionResult): void {
    for (const name of namesOf(edge, accounts)) {
      if (outcome === 'success') this.#letIn.add(name);
      if (diagnosis?.layer === 'auth') this.#letIn.delete(name);
    }
  }
}

function namesOf({ edge }: EdgeSettings, accounts: World['accounts']): string[] {
  const known: Accounts = 'missing' in accounts ? {} : accounts;
  return Object.values(known).map(({ sipAddress }) => `${edge.name} ${sipAddress}`);
}
