import { longestIntervalMs, type Schedule } from './config/ncrontab.js';
import {
  type EdgeSettings,
  type Settings,
  type TransactionName,
  type TransactionSettings,
  transactionNames,
} from './config/settings.js';
import { staggeredSchedule } from './config/stagger.js';
import type { AccountRole } from './domain/edge.js';
import { deadlines } from './run/deadlines.js';
import { parkedRetryMs } from './run/leaseAccounts.js';
import type { Transaction } from './run/transaction.js';
import { transactions } from './transactions/catalogue.js';

/** A configured transaction that can be run. */
export interface PlannedRun {
  /** `<edge>-<transaction>`: the function's name in Azure. */
  readonly functionName: string;
  readonly edge: EdgeSettings;
  readonly transaction: Transaction;
  readonly settings: TransactionSettings;
  /** When it really runs: as configured, but staggered. */
  readonly schedule: Schedule;
  /** The roles whose account, once its credentials were refused, this transaction tries again from time to time. */
  readonly retries: readonly AccountRole[];
}

/** The transactions that this version can run. */
export const availableNames: readonly string[] = [...transactions.keys()];

/** The test accounts that a transaction signs in with; none for a name that is no transaction. */
export function accountsOf(transaction: string): readonly AccountRole[] {
  return transactions.get(transaction)?.accounts ?? [];
}

/** A configured transaction that this version cannot run, and why. */
export interface Unavailable {
  readonly edge: string;
  readonly transaction: TransactionName;
  readonly reason: string;
}

/** What the settings ask for: what can be run, and what not yet. */
export function planOf(settings: Settings): {
  readonly runs: readonly PlannedRun[];
  readonly unavailable: readonly Unavailable[];
} {
  const runs: PlannedRun[] = [];
  const unavailable: Unavailable[] = [];
  for (const edge of settings.edges) {
    for (const name of transactionNames) {
      const wanted = edge.transactions[name];
      if (!wanted) continue;
      const transaction = transactions.get(name);
      const reason = whyNot(transaction, edge);
      if (!transaction || reason !== undefined) {
        unavailable.push({ edge: edge.edge.name, transaction: name, reason: reason ?? '' });
        continue;
      }
      const schedule = staggeredSchedule(wanted.schedule, edge.edge.name, name, settings);
      const retries = retriesOf(transaction, edge, settings);
      runs.push({ functionName: `${edge.edge.name}-${name}`, edge, transaction, settings: wanted, schedule, retries });
    }
  }
  return { runs, unavailable };
}

function whyNot(transaction: Transaction | undefined, { edge }: EdgeSettings): string | undefined {
  if (!transaction) return `not available in this version; available: ${availableNames.join(', ')}`;
  if (transaction.dialects.includes(edge.dialect)) return undefined;
  return `not available in dialect ${edge.dialect} in this version; available in: ${transaction.dialects.join(', ')}`;
}

/** `registration` does that, being the shortest, where it runs often enough; an account that it does not sign in with is left to all. */
function retriesOf(transaction: Transaction, edge: EdgeSettings, settings: Settings): readonly AccountRole[] {
  const registration = transactions.get('registration');
  const wanted = edge.transactions.registration;
  if (!registration || !wanted || transaction === registration || whyNot(registration, edge) !== undefined) {
    return transaction.accounts;
  }
  const schedule = staggeredSchedule(wanted.schedule, edge.edge.name, 'registration', settings);
  if (longestIntervalMs(schedule) > parkedRetryMs) return transaction.accounts;
  return transaction.accounts.filter((role) => !registration.accounts.includes(role));
}

/** How long a run of the transaction may take without its clean-up, milliseconds, unless its settings say otherwise. */
export function deadlineOf(name: TransactionName): number {
  return transactions.get(name)?.deadlineMs ?? deadlines.runMs;
}
