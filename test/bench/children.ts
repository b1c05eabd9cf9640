import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** A child of this program: one of its own verbs in a fresh process, which ends when its standard input does. */
export interface Child {
  /** Resolves to the next line of its output, which is JSON. Throws when it ends, or is silent for `limitMs`. */
  next<T>(limitMs: number): Promise<T>;
  tell(line: string): void;
  /** Closes its input and waits until it is gone; kills it after two seconds. */
  end(): Promise<void>;
}

export interface ChildOptions {
  readonly input: unknown;
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const endWithinMs = 2_000;

/** Starts this program anew with a verb that `childPrograms` in main.ts knows. */
export function startChild(verb: string, { input, nodeOptions = [], env = {} }: ChildOptions): Child {
  const { PATH = '', HOME = '' } = process.env;
  const file = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...nodeOptions, file, verb, JSON.stringify(input)], {
    env: { PATH, HOME, ...env },
  });
  const lines = readLines(child);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined);
  return {
    next: async <T>(limitMs: number) => JSON.parse(await lines.next(limitMs)) as T,
    tell: (line) => child.stdin.write(`${line}\n`),
    async end() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Starts a child, takes its one line and ends it. */
export async function askChild<T>(verb: string, options: ChildOptions & { readonly limitMs: number }): Promise<T> {
  const child = startChild(verb, options);
  try {
    return await child.next<T>(options.limitMs);
  } finally {
    await child.end();
  }
}

/** Called by a child: says its result. */
export function reply(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Called by a child that serves: it ends when nobody holds its standard input any more. */
export function endWithInput(): void {
  process.stdin.on('end', () => process.exit(0)).resume();
}

function readLines(child: ChildProcessWithoutNullStreams) {
  const lines: string[] = [];
  let rest = '';
  let errors = '';
  let closed = false;
  let wake: () => void = () => undefined;
  child.stdout.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  child.once('close', () => {
    closed = true;
    wake();
  });
  return {
    async next(limitMs: number): Promise<string> {
      const deadline = performance.now() + limitMs;
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        const leftMs = deadline - performance.now();
        if (closed || leftMs <= 0)
          throw new Error(`${closed ? 'it ended' : 'it was silent'} without a result: ${errors}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}
