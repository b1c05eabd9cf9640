import { type ChildProcess, spawn } from 'node:child_process';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a child hangs on this process: it ends itself when that is cut, however this process ended. */
export type Tie = 'ipc' | 'stdin';

/** What a child is started with. */
export interface ChildOptions {
  readonly args: readonly string[];
  readonly tie: Tie;
  /** The environment of this process; the child gets of it only what a program needs to start: secrets are not its business. */
  readonly parentEnv: Environment;
  /** Variables of its own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

const endWithinMs = 5_000;
const keptOutput = 4_000;
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG'];

/** A Node.js program that runs beside this process and never longer than it. */
export class ChildProgram {
  readonly #child: ChildProcess;
  readonly #tie: Tie;
  readonly #exited: Promise<void>;
  #output = '';
  #errors = '';
  #hasExited = false;

  constructor(file: string, { args, tie, parentEnv, env = {}, nodeOptions = [] }: ChildOptions) {
    this.#tie = tie;
    this.#child = spawn(process.execPath, [...nodeOptions, file, ...args], {
      // A group of its own: the terminal's Ctrl-C would end it before what still needs it.
      detached: true,
      stdio: tie === 'ipc' ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'],
      env: { ...inherited(parentEnv), ...env },
      windowsHide: true,
    });
    this.#exited = new Promise((resolve) => {
      const ended = () => {
        this.#hasExited = true;
        resolve();
      };
      this.#child.once('exit', ended);
      this.#child.once('error', (error) => {
        this.#errors = error.message;
        ended();
      });
    });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      if (this.#output.length < keptOutput) this.#output += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk}`.slice(-keptOutput);
    });
  }

  /** Settles when the child is gone; never rejects. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** The end of what it wrote to standard error. */
  get errors(): string {
    return this.#errors.trim();
  }

  /** Waits until `find` sees in the first output what it looks for. Throws when the child ends first, the time is over or `signal` aborts. */
  async waitForOutput<T>(
    find: (output: string) => T | undefined,
    limitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      signal?.throwIfAborted();
      const found = find(this.#output);
      if (found !== undefined) return found;
      if (this.#hasExited) throw new Error(`it ended at once: ${this.errors || 'without a message'}`);
      if (performance.now() > deadline)
        throw new Error(`it was not ready within ${limitMs / 1000} s: ${this.errors || 'no message'}`);
      await Promise.race([this.#exited, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  }

  /** Lets it close in order, and kills it when it does not. Never rejects. */
  async end(): Promise<void> {
    if (this.#tie === 'ipc' && this.#child.connected) this.#child.disconnect();
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.kill(), endWithinMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it now. */
  kill(): void {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
  }
}

function inherited(env: Environment): Record<string, string> {
  const entries = passedOn.map((name) => [name, env[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
