import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransactionResult } from '../../shared/domain/result.js';
import { parseSecrets } from '../../shared/local/secretsFile.js';
import type { PlannedRun } from '../../shared/plan.js';
import { openProber, type RunOptions } from '../../shared/prober.js';
import type { Rig } from '../rig/rig.js';
import { readConfiguration } from './configuration.js';

/** Runs one transaction at the rig, again and again. Throws where a run is no success. */
export type RigProber = (options?: Pick<RunOptions, 'onStep'>) => Promise<TransactionResult>;

/** A prober for `transaction` with the configuration that the rig writes into `folder`; `settings` change the transaction's own. */
export async function rigProber(
  rig: Rig,
  folder: string,
  transaction: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<RigProber> {
  mkdirSync(folder, { recursive: true });
  await rig.writeConfig(folder);
  const { settings: all, plan } = readConfiguration(join(folder, 'probes.json'));
  const found = plan.find((one) => one.transaction.name === transaction);
  if (!found) throw new Error(`the rig configures no ${transaction}`);
  const planned: PlannedRun = { ...found, settings: { ...found.settings, ...settings } };
  const prober = openProber(all, { variables: parseSecrets(readFileSync(join(folder, 'secrets.env'), 'utf8')) });
  return async (options = {}) => {
    const { result } = await prober.run(planned, { trigger: 'cli', region: 'bench', ...options });
    if (result.outcome !== 'success') throw new Error(`a run was no success: ${result.diagnosis?.error}`);
    return result;
  };
}
