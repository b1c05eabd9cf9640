import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatFigure } from './figure.js';
import { machineFacts } from './machine.js';
import type { Bench } from './world.js';

/** Loaded one by one: a bench must not carry what another one needs. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  load: async () => (await import('./loadBench.js')).loadBench,
  resident: async () => (await import('./residentBench.js')).residentBench,
  leak: async () => (await import('./leakBench.js')).leakBench,
  delay: async () => (await import('./delayBench.js')).delayBench,
  fairness: async () => (await import('./fairnessBench.js')).fairnessBench,
  presence: async () => (await import('./presenceBench.js')).presenceBench,
  xmpp: async () => (await import('./xmppBench.js')).xmppBench,
  'xmpp-im': async () => (await import('./xmppImBench.js')).xmppImBench,
  turn: async () => (await import('./turnBench.js')).turnBench,
  start: async () => (await import('./startBench.js')).startBench,
};

/** What the benches start in processes of their own; the argument is its JSON. */
const childPrograms: Readonly<Record<string, (input: never) => Promise<void>>> = {
  'child:load': async (input) => (await import('./loadBench.js')).loadChild(input),
  'child:resident': async (input) => (await import('./residentBench.js')).residentChild(input),
  'child:leak': async (input) => (await import('./leakBench.js')).leakChild(input),
  'child:presence': async (input) => (await import('./presenceBench.js')).presenceChild(input),
  'child:xmpp': async (input) => (await import('./xmppBench.js')).xmppChild(input),
  'child:peers': async (input) => (await import('./peers.js')).peersChild(input),
  'child:standstill': async (input) => (await import('./peers.js')).standstillChild(input),
};

/** Takes all figures, or those of the benches that are named. Resolves to the exit code: 1 when one could not be taken. */
async function takeFigures(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`bench: expected some of ${Object.keys(benches).join(', ')}, not ${unknown.join(', ')}`);
    return 2;
  }
  // The bundle lies in dist/.
  const root = dirname(__dirname);
  const folder = mkdtempSync(join(tmpdir(), 'edge-probes-bench-'));
  let code = 0;
  console.log(machineFacts());
  try {
    for (const [name, load] of Object.entries(benches)) {
      if (names.length > 0 && !names.includes(name)) continue;
      console.log(`\n${name}`);
      const own = join(folder, name);
      mkdirSync(own);
      try {
        const bench = await load();
        for (const figure of await bench({ root, folder: own })) console.log(formatFigure(figure));
      } catch (error) {
        code = 1;
        console.log(`  could not be taken: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return code;
}

const [verb = '', input = ''] = process.argv.slice(2);
const child = childPrograms[verb];
if (child) {
  child(JSON.parse(input) as never).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
} else {
  void takeFigures(process.argv.slice(2)).then((code) => process.exit(code));
}
