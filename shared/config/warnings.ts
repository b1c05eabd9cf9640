import type { Dialect, PairRole } from '../domain/edge.js';
import { parseSchedule, shortestIntervalMs } from './ncrontab.js';
import type { ConfigProblem } from './problems.js';
import { type EdgeSettings, type Settings, type TransactionName, transactionNames } from './settings.js';

/** The limit of a run whose transaction has none of its own. */
const defaultDeadlineMs = 45_000;
/** How long the clean-up after a run may take. */
const cleanUpMs = 5_000;

/** What works, but probably not as meant: for `check-config`. `deadlineOf` gives a transaction's own limit in milliseconds. */
export function configWarnings(
  { edges }: Settings,
  deadlineOf: (transaction: TransactionName, dialect: Dialect) => number = () => defaultDeadlineMs,
): readonly ConfigProblem[] {
  return [
    ...edges.flatMap((edge, index) => scheduleWarnings(edge, index, deadlineOf)),
    ...sharedAccountWarnings(edges),
  ];
}

/** Schedules that fire again before a run must have ended: the occurrences in between are dropped. */
function scheduleWarnings(
  { edge, transactions }: EdgeSettings,
  index: number,
  deadlineOf: (transaction: TransactionName, dialect: Dialect) => number,
): readonly ConfigProblem[] {
  return transactionNames.flatMap((name) => {
    const settings = transactions[name];
    const schedule = parseSchedule(settings?.schedule ?? '');
    if (settings === undefined || schedule.kind === 'problem') return [];
    const runMs = (settings.deadlineMs ?? deadlineOf(name, edge.dialect)) + cleanUpMs;
    const everyMs = shortestIntervalMs(schedule);
    if (everyMs >= runMs) return [];
    const message = `fires every ${everyMs / 1000} s, but a run may take ${runMs / 1000} s with its clean-up; expected a longer interval or a shorter deadlineMs`;
    return [{ path: `edges[${index}].transactions.${name}.schedule`, message }];
  });
}

const roles = ['first', 'second'] as const satisfies readonly PairRole[];

/** Two edges may be two deployments with users of the same name; where they are one, their runs disturb each other. */
function sharedAccountWarnings(edges: readonly EdgeSettings[]): readonly ConfigProblem[] {
  const owners = new Map<string, number>();
  const warnings: ConfigProblem[] = [];
  for (const [index, { accounts, accountsByRegion }] of edges.entries()) {
    for (const address of addresses([accounts, ...Object.values(accountsByRegion)])) {
      const owner = owners.get(address) ?? index;
      owners.set(address, owner);
      if (owner === index) continue;
      const message = `uses ${address}, as edges[${owner}] does; expected an account of its own, unless it is another user`;
      warnings.push({ path: `edges[${index}].accounts`, message });
    }
  }
  return warnings;
}

function addresses(pairs: readonly EdgeSettings['accounts'][]): readonly string[] {
  return pairs.flatMap((pair) => roles.flatMap((role) => pair[role]?.sipAddress.toLowerCase() ?? []));
}
