import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../shared/cli/runCli.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { outputFiles } from '../../edge-simulator/program/files.js';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';

/** The command line against a simulator, with limits that a test can wait for. */
export interface Simulated {
  /** Where its files lie. */
  readonly folder: string;
  /** Runs a transaction once with `--json`. */
  run(transaction: string, timeoutMs?: number): Promise<TransactionResult & { readonly exitCode: number }>;
  /** What `--verbose` prints. */
  watch(transaction: string): Promise<string>;
  /** Removes the files. */
  close(): void;
}

/** Writes the simulator's own files, with presence waiting a second for its notification unless told otherwise. */
export function simulatedRun(simulator: EdgeSimulator, { notifyTimeoutMs = 1_000 } = {}): Simulated {
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-transactions-'));
  for (const { name, text } of outputFiles(simulator)) writeFileSync(join(folder, name), text);
  const config = join(folder, 'probes.json');
  const document = JSON.parse(outputFiles(simulator)[0]?.text ?? '');
  const { presence } = document.edges[0].transactions;
  if (presence) presence.notifyTimeoutMs = notifyTimeoutMs;
  writeFileSync(config, JSON.stringify(document));
  const secrets = {
    PILAR_PASSWORD: simulator.users.pilar.password.reveal(),
    KENMYER_PASSWORD: simulator.users.kenmyer.password.reveal(),
    ...(simulator.xmpp && { ADELANEY_PASSWORD: simulator.xmpp.users.adelaney.password.reveal() }),
  };
  return {
    folder,
    async run(transaction, timeoutMs) {
      const terminal = recordedTerminal();
      const timeout = timeoutMs === undefined ? [] : ['--timeout', String(timeoutMs)];
      const argv = ['run', transaction, '--config', config, '--json', ...timeout];
      const exitCode = await runCli(argv, secrets, terminal);
      const result: TransactionResult = JSON.parse(terminal.stdout);
      return { ...result, exitCode };
    },
    async watch(transaction) {
      const terminal = recordedTerminal();
      await runCli(['run', transaction, '--config', config, '--verbose'], secrets, terminal);
      return terminal.stdout;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
