import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { Operation } from '../../../shared/telemetry/operation.js';

export interface Order {
  /** As runs that end at the same time: each is flushed for itself. */
  readonly together?: readonly { readonly result: TransactionResult; readonly operation: Operation }[];
  readonly runs?: readonly { readonly result: TransactionResult; readonly operation: Operation }[];
  readonly errors?: readonly { readonly name: string; readonly message: string; readonly operation: Operation }[];
}

/** A process that sends telemetry through the bundle that is deployed. */
export interface Sender {
  /** Takes what is given, flushes, and tells how that went. */
  send(order: Order): Promise<{ readonly trouble: string | null; readonly tookMs: number }>;
  look(): Promise<Look>;
  /** Lets go of the process and waits until it has ended by itself; resolves to its exit code. */
  end(): Promise<number | null>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** What lies in its folder for temporary files. */
  files(): string[];
}

export interface Look {
  /** Rejections and exceptions that nobody handled. */
  readonly unhandled: readonly string[];
  /** `host:port` of everything that was connected to. */
  readonly connections: readonly string[];
  /** How many of the things that collectors replace are not what they were. */
  readonly replaced: number;
}

export interface SenderOptions {
  /** The file to load. */
  readonly telemetry: string;
  readonly connectionString: string;
  readonly ca: string;
  readonly identity?: { readonly clientId?: string };
  readonly roleName?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startSender({
  telemetry,
  connectionString,
  ca,
  identity,
  roleName = 'probes-app',
  env = {},
}: SenderOptions): Promise<Sender> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-telemetry-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, ca);
  const child = fork(join(import.meta.dirname, 'sender.mjs'), [telemetry], {
    env: { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: temporary, NODE_EXTRA_CA_CERTS: caFile, ...env },
    execArgv: [],
  });
  const ended = once(child, 'exit');
  const gone = async () => {
    const [code] = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  const ask = async <T>(order: object): Promise<T> => {
    const answered = once(child, 'message');
    child.send(order);
    const [answer] = await Promise.race([answered, ended.then(([code]) => [{ failed: `the sender ended: ${code}` }])]);
    if (answer.failed !== undefined) throw new Error(answer.failed);
    return answer;
  };
  await ask({ kind: 'open', connectionString, roleName, ...(identity ? { identity } : {}) });
  return {
    send: (order) => ask({ kind: 'send', ...order }),
    look: () => ask({ kind: 'look' }),
    files: () => readdirSync(temporary),
    end() {
      child.disconnect();
      return gone();
    },
    async kill() {
      child.kill('SIGKILL');
      await gone();
    },
  };
}
