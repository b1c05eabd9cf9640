import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { Azurite } from '../../shared/local/azurite.js';
import { FunctionsCore } from '../../shared/local/host/functionsCore.js';
import type { HostLine } from '../../shared/local/host/hostLog.js';
import { invoke } from '../../shared/local/host/invoke.js';
import { loadApp } from '../../shared/local/host/loadApp.js';
import type { Envelope } from '../protocol/telemetry/envelopeShape.js';
import { startIngestion } from '../protocol/telemetry/ingestion.js';
import { askChild, reply } from './children.js';
import { writeConfiguration } from './configuration.js';
import { startCountingProxy } from './countingProxy.js';
import { below, type Figure, spread } from './figure.js';
import { startSimulator } from './simulatorProcess.js';
import { type BenchWorld, withEndings } from './world.js';

const runs = 500;
const childWithinMs = 120_000;
const mostStorageCalls = 3;
const mostTelemetryKb = 1.5;
const mostResidentMb = 128;
/** What Node 20 chooses by itself where it may use 512 MB in all: the smallest instance of the Flex Consumption plan. */
const smallHeap = ['--max-heap-size=259'];
/** Makes glibc give back what it would otherwise keep for later, mostly the compiler's; application settings in Azure. */
const returningMemory = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

interface Resident {
  readonly successes: number;
  readonly residentMb: number;
  readonly peakMb: number;
  readonly runMs: readonly number[];
}

/** What the deployed bundle holds in memory after many runs of its timer, and what those asked of storage and telemetry. */
export function residentBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const simulator = await startSimulator(root, join(folder, 'simulator'));
    endings.push(() => simulator.end());
    const parentEnv = { PATH: process.env.PATH };
    const azurite = await Azurite.start({ root, folder: join(folder, 'azurite'), parentEnv, log: () => undefined });
    endings.push(() => azurite.stop());
    const target = Number(new URL(azurite.tablesUrl).port);
    const proxy = await startCountingProxy(target);
    endings.push(() => proxy.end());
    const ingestion = await startIngestion();
    endings.push(() => ingestion.stop());
    const authority = join(folder, 'ingestion-ca.pem');
    writeFileSync(authority, ingestion.ca);
    const plain = {
      ...simulator.secrets,
      EDGE_PROBES_CONFIG: writeConfiguration(folder, 'resident', [{ name: 'bench', simulator }]),
      EDGE_PROBES_SPOOL_DIR: join(folder, 'spool'),
      RESULTS_CONNECTION_STRING: azurite.connectionString.replace(`:${target}/`, `:${proxy.port}/`),
    };
    const telling = {
      ...plain,
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
      NODE_EXTRA_CA_CERTS: authority,
    };
    const small = await take(root, { ...plain, ...returningMemory }, smallHeap);
    const calls = proxy.count() / runs;
    const smallTelling = await take(root, { ...telling, ...returningMemory }, smallHeap);
    const large = await take(root, plain, []);
    const hostHeap = `${(getHeapStatistics().heap_size_limit / 2 ** 30).toFixed(0)} GiB`;
    return [
      resident('512 MB instance, returning memory', small),
      resident('the same with telemetry', smallTelling),
      resident(`no setting, a heap of ${hostHeap}`, large),
      { what: 'one run of registration, storage included', measured: spread(small.runMs, 'ms') },
      { what: 'the same, with telemetry', measured: spread(smallTelling.runMs, 'ms') },
      {
        what: `storage calls a run, over ${runs} runs, the tables made once`,
        measured: calls.toFixed(2),
        goal: `<= ${mostStorageCalls}`,
        reached: Math.floor(calls) <= mostStorageCalls,
      },
      ...telemetrySizes(ingestion.items()),
    ];
  });
}

/** Runs the bundle in a fresh process. Throws when not every run was a success: its figures would say nothing. */
async function take(root: string, env: Readonly<Record<string, string>>, nodeOptions: readonly string[]) {
  const taken = await askChild<Resident>('child:resident', {
    input: { root },
    env,
    nodeOptions,
    limitMs: childWithinMs,
  });
  if (taken.successes !== runs) throw new Error(`only ${taken.successes} of ${runs} runs were a success`);
  return taken;
}

function resident(how: string, { residentMb, peakMb }: Resident): Figure {
  const what = `resident after ${runs} runs: ${how}`;
  const measured = `${residentMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)})`;
  return { what, measured, goal: `< ${mostResidentMb} MB`, reached: residentMb < mostResidentMb };
}

function telemetrySizes(items: readonly Envelope[]): readonly Figure[] {
  const sizes = (type: string) =>
    items.filter(({ data }) => data.baseType === type).map((item) => Buffer.byteLength(JSON.stringify(item)) / 1024);
  const availability = sizes('AvailabilityData');
  if (availability.length === 0) throw new Error('no availability telemetry arrived');
  return [
    {
      ...below('availability telemetry a run', availability, mostTelemetryKb, 'KB', 2),
      goal: `<= ${mostTelemetryKb} KB`,
    },
    { what: 'telemetry of one step', measured: spread(sizes('RemoteDependencyData'), 'KB', 2) },
  ];
}

/** In a fresh process: fires the bundle's only timer again and again, as the host would. */
export async function residentChild({ root }: { readonly root: string }): Promise<void> {
  let successes = 0;
  const log = ({ source, text }: HostLine) => {
    if (source === 'app' && /^bench\/registration {2}success/.test(text)) successes += 1;
  };
  const core = new FunctionsCore(log);
  await loadApp(join(root, 'dist', 'app'), core);
  const timer = core.functions.find(({ metadata }) => metadata.name === 'bench-registration');
  const [name] = Object.keys(timer?.metadata.bindings ?? {});
  if (timer === undefined || name === undefined) throw new Error('the bundle has no timer bench-registration');
  const data = { json: JSON.stringify({ Schedule: { AdjustForDST: true }, IsPastDue: false }) };
  const runMs: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const begunAt = performance.now();
    await invoke(core, timer, { name, data }, { timeoutMs: undefined, log });
    runMs.push(performance.now() - begunAt);
  }
  const { maxRSS } = process.resourceUsage();
  reply({ successes, residentMb: process.memoryUsage.rss() / 1e6, peakMb: (maxRSS * 1024) / 1e6, runMs });
}
