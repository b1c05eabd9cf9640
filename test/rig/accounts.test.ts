import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TransactionResult } from '../../shared/domain/result.js';
import { type Azurite, startAzurite } from '../contract/azurite.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';
import { overlapping, signInsIn } from './signIns.js';

const services: readonly ServiceName[] = ['dns', 'sip1'];
const regions = ['westeurope', 'eastus'];
// Written so that it is not staggered: every run of both regions wants the accounts at the same second.
const schedule = '0-59/3 * * * * *';

describeWithRig('two regions that share one pair of accounts at Kamailio', services, () => {
  // A folder of our own, so that the whole log can be read from it.
  const state = join(tmpdir(), `edge-rig-accounts-${process.pid}`);
  const rig = useRig({ services, state });
  let folder = '';
  let azurite: Azurite | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-regions-'));
    azurite = await startAzurite();
    const entry = join(import.meta.dirname, 'regionProcess.ts');
    const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
    await build({ ...options, entryPoints: [entry], outfile: join(folder, 'region.cjs') });
  });
  afterAll(async () => {
    await azurite?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are never signed in with one account at the same time, and every run succeeds or finds it busy', async () => {
    rig().writeConfig(folder);
    const config = JSON.parse(readFileSync(join(folder, 'probes.json'), 'utf8'));
    config.regions = regions;
    config.edges[0].transactions = { registration: { schedule }, presence: { schedule }, im: { schedule } };
    writeFileSync(join(folder, 'probes.json'), JSON.stringify(config));
    await rig().kamailio(['corex.debug', '3']);

    const processes = regions.map((region) => new RegionProcess(folder, region, azurite?.connectionString ?? ''));
    await wait(30_000);
    const results = (await Promise.all(processes.map((process) => process.end()))).flat();

    const signIns = signInsIn(readFileSync(join(state, 'log', 'sip1.log'), 'utf8'));
    const words = results.map(({ outcome, diagnosis }) => diagnosis?.code ?? outcome);
    const series = new Set(results.map(({ region, transaction }) => `${region} ${transaction}`));
    const agents = results.flatMap(({ outcome, transaction }) =>
      outcome === 'success' ? [transaction === 'registration' ? 1 : 2] : [],
    );
    expect(words.filter((word) => word !== 'success' && word !== 'PROBER_ACCOUNT_BUSY')).toEqual([]);
    expect(series.size).toBe(6);
    expect(results.length).toBeGreaterThanOrEqual(20);
    expect(results.some(({ prober }) => prober.leaseWaitMs > 0)).toBe(true);
    expect(signIns.length).toBe(agents.reduce((sum, count) => sum + count, 0));
    expect(new Set(signIns.map(({ user }) => user))).toEqual(new Set(['pilar', 'kenmyer']));
    expect(overlapping(signIns)).toEqual([]);
    expect(await rig().contacts()).toEqual([]);
  });
});

/** A prober of one region as a process of its own. */
class RegionProcess {
  readonly #child: ChildProcess;
  #output = '';

  constructor(folder: string, region: string, connectionString: string) {
    const secrets = [...readFileSync(join(folder, 'secrets.env'), 'utf8').matchAll(/^(\w+)='(.*)'$/gm)];
    this.#child = spawn(process.execPath, [join(folder, 'region.cjs')], {
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(secrets.map(([, name, value]) => [name, value])),
        EDGE_PROBES_CONFIG: join(folder, 'probes.json'),
        PROBE_REGION: region,
        RESULTS_CONNECTION_STRING: connectionString,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.#output += chunk;
    });
  }

  /** Lets its runs end; what became of all of them. */
  async end(): Promise<readonly TransactionResult[]> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
    return this.#output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}
