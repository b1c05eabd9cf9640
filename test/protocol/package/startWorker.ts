import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A function as the app registered it. */
export interface Registered {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Loaded {
  readonly functions: readonly Registered[];
  readonly capabilities: Readonly<Record<string, string>>;
}

export interface Invocation {
  readonly name: string;
  readonly data:
    | { readonly timer: object }
    | {
        readonly http: {
          readonly method: string;
          readonly url: string;
          readonly params?: Readonly<Record<string, string>>;
        };
      };
  readonly traceParent?: string;
}

/** What an HTTP function answered; of a timer, nothing. */
export interface Invoked {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WorkerLook {
  readonly node: string;
  /** Everything logged. */
  readonly lines: readonly string[];
  /** Rejections and exceptions that nobody handled. */
  readonly unhandled: readonly string[];
  /** The names of the files that were loaded. */
  readonly loaded: readonly string[];
}

/** A process that plays the Functions worker. */
export interface Worker {
  /** Loads the app in a folder; rejects when it throws. */
  load(folder: string): Promise<Loaded>;
  /** Invokes a function once; rejects when it fails. */
  invoke(invocation: Invocation): Promise<Invoked>;
  look(): Promise<WorkerLook>;
  /** Runs what the app does at its end. */
  terminate(): Promise<void>;
  kill(): Promise<void>;
}

export function startWorker(node: string, env: Readonly<Record<string, string>>): Worker {
  const child = fork(join(import.meta.dirname, 'worker.cjs'), {
    execPath: node,
    execArgv: [],
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ failed: `the worker ended: ${code ?? signal}` }));
  const ask = async <T>(kind: string, order: object = {}): Promise<T> => {
    const answered = once(child, 'message');
    child.send({ kind, ...order });
    const answer = await Promise.race([answered.then(([message]) => message), ended]);
    if (answer.failed !== undefined) throw new Error(answer.failed);
    return answer.done;
  };
  return {
    load: (folder) => ask('load', { folder }),
    invoke: (invocation) => ask('invoke', invocation),
    look: () => ask('look'),
    terminate: () => ask('terminate'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
