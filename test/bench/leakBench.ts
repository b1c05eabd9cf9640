import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProber } from '../../shared/prober.js';
import { askChild, reply } from './children.js';
import { onlyRun, readConfiguration, writeConfiguration } from './configuration.js';
import type { Figure } from './figure.js';
import { startSimulator } from './simulatorProcess.js';
import { type BenchWorld, withEndings } from './world.js';

const warmUpRuns = 200;
const runs = 1_000;
const childWithinMs = 120_000;
/** What a finished run may still have to close, such as a connection's last packet, is gone after this. */
const settleMs = 300;

/** What a process holds on to. */
export interface Held {
  readonly heapMb: number;
  readonly sockets: number;
  readonly timers: number;
  readonly resources: number;
}

interface Leak {
  readonly before: Held;
  readonly after: Held;
  readonly failures: number;
}

/** Does anything grow with the number of runs: heap, sockets, timers? */
export function leakBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const simulator = await startSimulator(root, join(folder, 'simulator'));
    endings.push(() => simulator.end());
    const input = { path: writeConfiguration(folder, 'leak', [{ name: 'bench', simulator }]) };
    const options = { input, nodeOptions: ['--expose-gc'], env: simulator.secrets, limitMs: childWithinMs };
    const { before, after, failures } = await askChild<Leak>('child:leak', options);
    if (failures > 0) throw new Error(`${failures} of ${runs} runs were no success`);
    return growthFigures(before, after, `${runs} runs`);
  });
}

/** In a fresh process with `--expose-gc`: the product's own runner and protocols, without store and host. */
export async function leakChild({ path }: { readonly path: string }): Promise<void> {
  const { settings, plan } = readConfiguration(path);
  const planned = onlyRun(plan);
  const prober = openProber(settings, { variables: process.env });
  let failures = 0;
  const run = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      const { result } = await prober.run(planned, { trigger: 'cli', region: 'bench' });
      if (result.outcome !== 'success') failures += 1;
    }
  };
  await run(warmUpRuns);
  const before = await held();
  await run(runs);
  reply({ before, after: await held(), failures });
}

/** What of a process has grown between two moments that lie `what` (`1000 runs`) apart. */
export function growthFigures(before: Held, after: Held, what: string): readonly Figure[] {
  const growth = (after.heapMb / before.heapMb - 1) * 100;
  const same = (counted: string, count: (held: Held) => number): Figure => ({
    what: `${counted} before and after ${what}`,
    measured: `${count(before)} -> ${count(after)}`,
    goal: 'no growth',
    reached: count(after) <= count(before),
  });
  return [
    {
      what: `heap after collection, before and after ${what}`,
      measured: `${before.heapMb.toFixed(2)} -> ${after.heapMb.toFixed(2)} MB (${growth.toFixed(1)} %)`,
      goal: 'within 10 %',
      reached: growth <= 10,
    },
    same('open sockets', ({ sockets }) => sockets),
    same('timers', ({ timers }) => timers),
    same('all active resources', ({ resources }) => resources),
  ];
}

/** What this process, started with `--expose-gc`, holds once its garbage is collected. */
export async function held(): Promise<Held> {
  await sleep(settleMs);
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start it with --expose-gc');
  // Twice: what a finalizer frees in the first is gone after the second.
  gc();
  await sleep(settleMs);
  gc();
  const active = process.getActiveResourcesInfo();
  const count = (pattern: RegExp) => active.filter((name) => pattern.test(name)).length;
  return {
    heapMb: process.memoryUsage().heapUsed / 1e6,
    sockets: count(/^(TCP|TLS|UDP)/),
    timers: count(/^(Timeout|Immediate)$/),
    resources: active.length,
  };
}
