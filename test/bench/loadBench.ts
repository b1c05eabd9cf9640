import { join } from 'node:path';
import { systemClock } from '../../shared/domain/clock.js';
import { FunctionsCore } from '../../shared/local/host/functionsCore.js';
import { loadApp } from '../../shared/local/host/loadApp.js';
import { askChild, reply } from './children.js';
import { writeConfiguration } from './configuration.js';
import { below, type Figure, spread } from './figure.js';
import { startSimulator } from './simulatorProcess.js';
import { type BenchWorld, withEndings } from './world.js';

const processes = 11;
const edges = 4;
const childWithinMs = 20_000;

interface Loaded {
  readonly ms: number;
  readonly functions: number;
  readonly residentMb: number;
}

/** How long the deployed bundle takes to load and to register its functions, each time in a fresh process. */
export function loadBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const simulator = await startSimulator(root, join(folder, 'simulator'));
    endings.push(() => simulator.end());
    const names = Array.from({ length: edges }, (_, index) => ({ name: `edge-${index}`, simulator }));
    const env = {
      EDGE_PROBES_CONFIG: writeConfiguration(folder, 'load', names),
      RESULTS_CONNECTION_STRING: 'UseDevelopmentStorage=true',
    };
    const taken: Loaded[] = [];
    for (let count = 0; count < processes; count += 1) {
      taken.push(await askChild('child:load', { input: { root }, env, limitMs: childWithinMs }));
    }
    const functions = taken[0]?.functions ?? 0;
    const times = taken.map(({ ms }) => ms);
    return [
      below(`load of main.cjs and registration of ${functions} functions`, times, 150, 'ms'),
      {
        what: 'resident when loaded',
        measured: spread(
          taken.map((one) => one.residentMb),
          'MB',
          0,
        ),
      },
    ];
  });
}

/** In a fresh process: loads the bundle as the worker does. */
export async function loadChild({ root }: { readonly root: string }): Promise<void> {
  const core = new FunctionsCore(() => undefined);
  const begunAt = systemClock.monotonic();
  await loadApp(join(root, 'dist', 'app'), core);
  const ms = systemClock.monotonic() - begunAt;
  reply({ ms, functions: core.functions.length, residentMb: process.memoryUsage.rss() / 1e6 });
}
