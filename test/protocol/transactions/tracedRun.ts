import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../shared/cli/runCli.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';
import { roomAddress } from '../../fixtures/xmppRoom.js';

export interface TracedRun {
  readonly result: TransactionResult;
  readonly trace: string;
  /** All that the command wrote anywhere. */
  readonly output: string;
}

/** Two users of an XMPP server on that port, who meet in a room. */
export function roomConfig(port: number, { create = true } = {}): object {
  const member = (name: string) => ({
    jid: `${name}@partner.example`,
    password: { env: `${name.toUpperCase()}_PASSWORD` },
    service: `xmpps://127.0.0.1:${port}`,
  });
  const transactions = {
    'persistent-chat': { room: roomAddress, create, first: member('ade'), second: member('bjo') },
  };
  return { edges: [{ name: 'contoso', dialect: 'rfc', sipDomain: 'contoso.example', transactions }] };
}

/** Runs a transaction once from the command line with `config` and the authority `ca`, and reads the trace that it left. */
export async function tracedRun(
  transaction: string,
  config: object,
  { ca, secrets, timeoutMs = 10_000 }: { ca: string; secrets: Readonly<Record<string, string>>; timeoutMs?: number },
): Promise<TracedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-traced-'));
  const [path, traceFile] = [join(folder, 'probes.json'), join(folder, 'trace.txt')];
  try {
    writeFileSync(join(folder, 'ca.pem'), ca);
    writeFileSync(path, JSON.stringify({ tls: { caFile: 'ca.pem' }, ...config }));
    const terminal = recordedTerminal();
    const argv = ['run', transaction, '--config', path, '--json', '--trace', traceFile, '--timeout', String(timeoutMs)];
    await runCli(argv, secrets, terminal);
    const trace = readFileSync(traceFile, 'utf8');
    return { result: JSON.parse(terminal.stdout), trace, output: `${terminal.stdout}\n${terminal.stderr}\n${trace}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
