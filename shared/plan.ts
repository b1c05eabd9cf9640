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

/** The transactions that this version can run. */
export const availableNames: readonly string[] = [...new Set(transactions.map(({ name }) => name))];

/** The accounts that a transaction signs in with; none for a name that is no transaction of that dialect. */
export function accountsOf(transaction: string, dialect: Dialect): readonly AccountRole[] {
  return transactionFor(transaction, dialect)?.accounts ?? [];
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
      const transaction = transactionFor(name, edge.edge.dialect);
      if (!transaction) {
        unavailable.push({ edge: edge.edge.name, transaction: name, reason: whyNot(name, edge) });
        continue;
      }
      const schedule = staggeredSchedule(wanted.schedule, edge.edge.name, name, settings);
      const retries = retriesOf(transaction, edge, settings);
      runs.push({ functionName: `${edge.edge.name}-${name}`, edge, transaction, settings: wanted, schedule, retries });
    }
  }
  return { runs, unavailable };
}

function whyNot(name: TransactionName, { edge }: EdgeSettings): string {
  const dialects = transactions.filter((one) => one.name === name).flatMap((one) => one.dialects);
  if (dialects.length === 0) return `not available in this version; available: ${availableNames.join(', ')}`;
  return `not available in dialect ${edge.dialect} in this version; available in: ${dialects.join(', ')}`;
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
