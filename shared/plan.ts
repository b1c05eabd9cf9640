import { parseSchedule, type Schedule } from './config/ncrontab.js';
import {
  type EdgeSettings,
  type Settings,
  type TransactionName,
  type TransactionSettings,
  transactionNames,
} from './config/settings.js';
import { deadlines } from './run/deadlines.js';
import type { Transaction } from './run/transaction.js';
import { transactions } from './transactions/catalogue.js';

/** A configured transaction that can be run. */
export interface PlannedRun {
  /** `<edge>-<transaction>`: the function's name in Azure. */
  readonly functionName: string;
  readonly edge: EdgeSettings;
  readonly transaction: Transaction;
  readonly settings: TransactionSettings;
  readonly schedule: Schedule;
}

/** The transactions that this version can run. */
export const availableNames: readonly string[] = [...transactions.keys()];

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
      const schedule = parseSchedule(wanted.schedule);
      if (schedule.kind === 'problem') throw new Error(`${edge.edge.name}/${name}: ${schedule.message}`);
      runs.push({ functionName: `${edge.edge.name}-${name}`, edge, transaction, settings: wanted, schedule });
    }
  }
  return { runs, unavailable };
}

function whyNot(transaction: Transaction | undefined, { edge }: EdgeSettings): string | undefined {
  if (!transaction) return `not available in this version; available: ${availableNames.join(', ')}`;
  if (transaction.dialects.includes(edge.dialect)) return undefined;
  return `not available in dialect ${edge.dialect} in this version; available in: ${transaction.dialects.join(', ')}`;
}

/** How long a run of the transaction may take without its clean-up, milliseconds, unless its settings say otherwise. */
export function deadlineOf(name: TransactionName): number {
  return transactions.get(name)?.deadlineMs ?? deadlines.runMs;
}
