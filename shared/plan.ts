import { longestIntervalMs, type Schedule } from './config/ncrontab.js';
import {
  type EdgeSettings,
  type Settings,
  type TransactionName,
  type TransactionSettings,
  transactionNames,
} from './config/settings.js';
import { staggeredSchedule } from './config/stagger.js';
import type { AccountRole, Dialect } from './domain/edge.js';
import { deadlines } from './run/deadlines.js';
import { parkedRetryMs } from './run/leaseAccounts.js';
import type { Transaction } from './run/transaction.js';
import type { Monitored } from './status/monitored.js';
import { transactionFor, transactions } from './transactions/catalogue.js';

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

/** The transactions that there are. */
export const availableNames: readonly string[] = [...new Set(transactions.map(({ name }) => name))];

/** The accounts that a transaction signs in with; none for a name that is no transaction of that dialect. */
export function accountsOf(transaction: string, dialect: Dialect): readonly AccountRole[] {
  return transactionFor(transaction, dialect)?.accounts ?? [];
}

/** What the settings ask for, in the order of the file. */
export function planOf(settings: Settings): readonly PlannedRun[] {
  return settings.edges.flatMap((edge) =>
    transactionNames.flatMap((name) => {
      const wanted = edge.transactions[name];
      // The settings refuse what an edge of its dialect does not have.
      const transaction = wanted && transactionFor(name, edge.edge.dialect);
      if (!transaction) return [];
      const schedule = staggeredSchedule(wanted.schedule, edge.edge.name, name, settings);
      const retries = retriesOf(transaction, edge, settings);
      return [{ functionName: `${edge.edge.name}-${name}`, edge, transaction, settings: wanted, schedule, retries }];
    }),
  );
}

/** `registration` does that, being the shortest, where it runs often enough; an account that it does not sign in with is left to all. */
function retriesOf(transaction: Transaction, edge: EdgeSettings, settings: Settings): readonly AccountRole[] {
  const registration = transactionFor('registration', edge.edge.dialect);
  const wanted = edge.transactions.registration;
  const own = [...transaction.accounts, ...(transaction.optionalAccounts ?? [])];
  if (!registration || !wanted || transaction === registration) return own;
  const schedule = staggeredSchedule(wanted.schedule, edge.edge.name, 'registration', settings);
  if (longestIntervalMs(schedule) > parkedRetryMs) return own;
  return own.filter((role) => !registration.accounts.includes(role));
}

/** How long a run of the transaction may take without its clean-up, milliseconds, unless its settings say otherwise. */
export function deadlineOf(name: TransactionName, dialect: Dialect): number {
  return transactionFor(name, dialect)?.deadlineMs ?? deadlines.runMs;
}

/** What the status tells of: the plan, by edge. */
export function monitoredOf(settings: Settings, plan: readonly PlannedRun[]): Monitored {
  const { regions, quorum, downAfterRuns, edges } = settings;
  return {
    regions,
    quorum,
    downAfterRuns,
    showTargets: settings.public.targetFqdn,
    edges: edges.map(({ edge }) => ({
      name: edge.name,
      title: edge.title,
      transactions: plan
        .filter((planned) => planned.edge.edge.name === edge.name)
        .map(({ transaction, settings: own, schedule }) => ({
          name: transaction.name,
          title: own.title,
          group: own.group,
          intervalMs: longestIntervalMs(schedule),
          degradedAboveMs: own.degradedAboveMs,
        })),
    })),
  };
}
