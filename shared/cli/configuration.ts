import { checkSettings } from '../config/checkSettings.js';
import { readEnvironment } from '../config/environment.js';
import { loadSettings, readTextFile } from '../config/loadSettings.js';
import type { ConfigProblem } from '../config/problems.js';
import type { Variables } from '../config/secrets.js';
import type { Settings } from '../config/settings.js';
import { openParkedAccounts } from '../storage.js';
import { type Options, textOption } from './arguments.js';
import { UsageError } from './usageError.js';

/** The configuration file a command is to use: `--config`, else the environment's, else `probes.json` here. */
export function configPath(options: Options, variables: Variables): string {
  return textOption(options, 'config') ?? (variables.EDGE_PROBES_CONFIG?.trim() || 'probes.json');
}

/** The settings of the file. Throws `UsageError` with everything that is wrong. */
export function requireSettings(options: Options, variables: Variables): Settings {
  const path = configPath(options, variables);
  const loaded = loadSettings({ path, region: regionOf(options, variables) });
  if (loaded.problems) throw new UsageError(problemText(loaded.problems));
  return loaded.settings;
}

/** The settings that options describe, checked by the rules of the file. Throws `UsageError`. */
export function settingsFromText(text: string, options: Options, variables: Variables): Settings {
  const ownRegion = regionOf(options, variables);
  const checked = checkSettings(text, { path: 'the command line', ownRegion, readFile: readTextFile });
  if (checked.problems) throw new UsageError(problemText(checked.problems));
  return checked.settings;
}

/**
 * What tells which accounts are parked, where the environment names the storage of the results; undefined where it does not. Throws
 * `UsageError` when the storage is named wrongly.
 */
export function parkedAccounts(variables: Variables): (() => ReturnType<typeof openParkedAccounts>) | undefined {
  const { RESULTS_CONNECTION_STRING, RESULTS_TABLE_ENDPOINT, RESULTS_BLOB_ENDPOINT } = variables;
  const named = { RESULTS_CONNECTION_STRING, RESULTS_TABLE_ENDPOINT, RESULTS_BLOB_ENDPOINT };
  const { environment, problems } = readEnvironment(named);
  if (problems) throw new UsageError(problemText(problems));
  const { storage } = environment;
  return storage && (() => openParkedAccounts(storage));
}

/** One problem a line: path and what was expected. */
export function problemText(problems: readonly ConfigProblem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
}

function regionOf(options: Options, variables: Variables): string | undefined {
  return textOption(options, 'region') ?? (variables.PROBE_REGION?.trim() || undefined);
}
