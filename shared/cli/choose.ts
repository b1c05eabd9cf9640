import type { Settings } from '../config/settings.js';
import { availableNames, type PlannedRun, planOf } from '../plan.js';
import { choices, UsageError } from './usageError.js';

/** The one configured run that a command means. Throws `UsageError` naming what there is to choose from. */
export function chooseRun(
  settings: Settings,
  transaction: string | undefined,
  edgeName: string | undefined,
  command = 'run',
): PlannedRun {
  if (transaction === undefined) {
    throw new UsageError(`${command}: which transaction? expected one of: ${choices(availableNames)}`);
  }
  const names = settings.edges.map(({ edge }) => edge.name);
  const chosen = edgeName ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw new UsageError(
      `${command}: the configuration has several edges; expected --edge with one of: ${choices(names)}`,
    );
  }
  if (!names.includes(chosen))
    throw new UsageError(`${command}: no edge "${chosen}"; expected one of: ${choices(names)}`);

  const runs = planOf(settings);
  const here = runs.filter(({ edge }) => edge.edge.name === chosen);
  const found = here.find((run) => run.transaction.name === transaction);
  if (found) return found;
  const configured = choices(here.map((run) => run.transaction.name));
  throw new UsageError(
    `${command}: ${transaction} is not configured for edge "${chosen}"; configured there: ${configured}`,
  );
}
