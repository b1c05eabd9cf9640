import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../shared/cli/runCli.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { recordedTerminal } from '../fakes/recordedTerminal.js';

export interface RunOptions {
  /** Changes the edge before the run. */
  readonly change?: (edge: Record<string, unknown>) => void;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs a transaction with the configuration and the secrets in `folder`. */
export async function runFolder(
  folder: string,
  transaction: string,
  { change, secrets = {}, timeoutMs = 10_000 }: RunOptions = {},
): Promise<TransactionResult> {
  const path = join(folder, 'probes.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  change?.(config.edges[0]);
  writeFileSync(path, JSON.stringify(config));
  const written = [...readFileSync(join(folder, 'secrets.env'), 'utf8').matchAll(/^(\w+)='(.*)'$/gm)];
  const terminal = recordedTerminal();
  const argv = ['run', transaction, '--config', path, '--json', '--timeout', String(timeoutMs)];
  await runCli(argv, { ...Object.fromEntries(written.map(([, name, value]) => [name, value])), ...secrets }, terminal);
  return JSON.parse(terminal.stdout);
}

/** What became of each step. */
export function outcomes(result: TransactionResult): Record<string, string> {
  return Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]));
}
