import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeApp } from './sampleApp.js';

const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** Stands in for the simulator's program: the same arguments, the same files and first line, the same end. */
const fakeSimulator = `
const { writeFileSync, mkdirSync } = require('node:fs');
const { createServer } = require('node:net');
const folder = process.argv[process.argv.indexOf('--out') + 1];
const server = createServer().listen(0, '127.0.0.1', () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/probes.json', '{}');
  writeFileSync(folder + '/secrets.env', "PILAR_PASSWORD='it'\\\\''s secret'\\n");
  writeFileSync(folder + '/port', String(server.address().port));
  console.log(JSON.stringify({ control: 'http://127.0.0.1:1', config: folder + '/probes.json' }));
});
process.stdin.on('end', () => process.exit(0)).resume();
`;

/** A project folder as a built clone is, but with a sample app and a stand-in for the simulator. */
export interface LocalFolder {
  readonly root: string;
  readonly dataDir: string;
  /** Starts `dist/local.cjs` there, on a free port unless `env` says otherwise. */
  start(env?: Readonly<Record<string, string>>): LocalProcess;
  remove(): void;
}

export async function makeLocalFolder(source: string): Promise<LocalFolder> {
  const root = mkdtempSync(join(tmpdir(), 'edge-probes-local-'));
  const dist = join(root, 'dist');
  mkdirSync(join(dist, 'app'), { recursive: true });
  for (const name of ['node_modules', 'shared']) symlinkSync(join(projectRoot, name), join(root, name));
  await writeApp(join(dist, 'app'), { source });
  await build({
    entryPoints: [join(projectRoot, 'shared', 'local', 'main.ts')],
    outfile: join(dist, 'local.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  writeFileSync(join(dist, 'edge-simulator.cjs'), fakeSimulator);
  return {
    root,
    dataDir: join(root, '.data'),
    start: (env = {}) => new LocalProcess(root, env),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** The local run as a process of its own. */
export class LocalProcess {
  readonly #child;
  readonly #exited: Promise<number | string>;
  output = '';

  constructor(root: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [join(root, 'dist', 'local.cjs')], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.on('data', (chunk) => (this.output += chunk));
    this.#child.stderr.on('data', (chunk) => (this.output += chunk));
    this.#exited = new Promise((resolve) =>
      this.#child.on('close', (code, signal) => resolve(code ?? signal ?? 'gone')),
    );
  }

  /** The exit code, or the signal that ended it. */
  get exited(): Promise<number | string> {
    return this.#exited;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for a text in the output and returns the match. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(
      () => pattern.exec(this.output) ?? undefined,
      () => `${pattern} was not said in: ${this.output}`,
    );
  }
}

/** Waits until `probe` finds something, fifteen seconds at most. */
export async function eventually<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  why: () => string,
): Promise<T> {
  for (const deadline = performance.now() + 15_000; performance.now() < deadline; ) {
    const found = await probe();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(why());
}
