import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { below, type Figure } from './figure.js';
import type { BenchWorld } from './world.js';

const starts = 3;
const startWithinMs = 60_000;
const endWithinMs = 15_000;
/** What a clone has and `npm start` needs. */
const cloned = ['package.json', 'package-lock.json', 'host.json', 'tsconfig.json', 'functions', 'shared', 'test'];

interface Started {
  readonly listeningMs: number;
  readonly firstResultMs: number;
}

/** From `npm start` on an installed clone without a configuration to the first results of the demo Edge. */
export async function startBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  for (const name of cloned) cpSync(join(root, name), join(clone, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const taken: Started[] = [];
  for (let count = 0; count < starts; count += 1) {
    taken.push(await start(clone, join(folder, `data-${count}`)));
  }
  return [
    below(
      'npm start, build included, until it listens',
      taken.map((one) => one.listeningMs / 1000),
      5,
      's',
    ),
    below(
      'npm start until the first result',
      taken.map((one) => one.firstResultMs / 1000),
      15,
      's',
    ),
  ];
}

async function start(clone: string, dataDir: string): Promise<Started> {
  const { PATH = '', HOME = '' } = process.env;
  const begunAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { PATH, HOME, PORT: '0', DATA_DIR: dataDir },
    // A group of its own, to be ended as a terminal's Ctrl-C ends it: npm and what it started.
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = async (text: string) => {
    while (!output.includes(text)) {
      if (performance.now() - begunAt > startWithinMs || child.exitCode !== null)
        throw new Error(`npm start did not say "${text}": ${output.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return performance.now() - begunAt;
  };
  const signal = (name: NodeJS.Signals) =>
    child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, name);
  try {
    return { listeningMs: await said('listens on'), firstResultMs: await said('demo/registration  success') };
  } finally {
    signal('SIGINT');
    const timer = setTimeout(() => signal('SIGKILL'), endWithinMs);
    await gone;
    clearTimeout(timer);
  }
}
