import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProber } from '../../shared/prober.js';
import { startChild } from './children.js';
import { type EdgeWish, onlyRun, readConfiguration, writeConfiguration } from './configuration.js';
import { connectDelays } from './connectDelays.js';
import { type Figure, spread } from './figure.js';
import type { Peers } from './peers.js';
import { type SimulatorProcess, startSimulator } from './simulatorProcess.js';
import { median } from './statistics.js';
import { excess, readStepTimes, type StepTimes } from './stepTimes.js';
import { type BenchWorld, withEndings } from './world.js';

const delays = [50, 200, 1_000];
const samples = 5;
const childWithinMs = 10_000;

/** One way to be slow: where it is met, and which step has to carry it how often. */
interface Phase {
  readonly name: string;
  readonly step: string;
  /** How many delayed answers the step waits for. */
  readonly times: number;
  /** Takes one run that meets the delay; 0 is the same way without it. */
  run(delayMs: number): Promise<StepTimes>;
}

/** Does the step that was delayed carry the delay, all of it, and no other step any of it? */
export function delayBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const simulator = await startSimulator(root, join(folder, 'simulator'));
    endings.push(() => simulator.end());
    const child = startChild('child:peers', { input: { target: simulator.port, delays: [0, ...delays] } });
    endings.push(() => child.end());
    const peers = await child.next<Peers>(childWithinMs);
    const prober = probing(folder, simulator);
    const all: StepTimes[] = [];
    const figures: Figure[] = [];
    for (const phase of phasesOf(peers, simulator, prober)) {
      await phase.run(0);
      for (const delayMs of delays) figures.push(await measure(phase, delayMs, all));
    }
    figures.push(...(await connectDelays(simulator.port, (port) => prober({ port }, undefined), all)));
    return [...figures, ...sums(all)];
  });
}

function phasesOf(peers: Peers, simulator: SimulatorProcess, run: ReturnType<typeof probing>): readonly Phase[] {
  const dns = (ms: number) => `127.0.0.1:${peers.dns[ms]}`;
  const relay = (ms: number) => peers.relays[ms] ?? 0;
  return [
    {
      name: 'DNS answer',
      step: 'resolve',
      times: 1,
      run: (ms) => run({ port: relay(0), address: false }, dns(ms)),
    },
    { name: "TLS server's hello", step: 'tls', times: 1, run: (ms) => run({ port: relay(ms) }, undefined) },
    {
      name: 'each of two SIP answers',
      step: 'register',
      times: 2,
      async run(ms) {
        await simulator.fault('slow', ms === 0 ? 'off' : ms);
        return run({ port: relay(0) }, undefined);
      },
    },
  ];
}

/** Delayed runs and undelayed ones take turns, so that both meet the same machine. */
async function measure(phase: Phase, delayMs: number, all: StepTimes[]): Promise<Figure> {
  const usual: StepTimes[] = [];
  const delayed: StepTimes[] = [];
  for (let count = 0; count < samples; count += 1) {
    usual.push(await phase.run(0));
    delayed.push(await phase.run(delayMs));
  }
  all.push(...delayed);
  const usually = (step: string) => median(usual.map(({ steps }) => steps.get(step) ?? 0));
  const carried = delayed.map((run) => excess(run, usually));
  const own = carried.map((steps) => steps.get(phase.step) ?? 0);
  // The signing out comes after the answer that counts, and is as slow.
  const others = carried.flatMap((steps) =>
    [...steps].filter(([name]) => name !== phase.step && name !== 'unregister').map(([, ms]) => ms),
  );
  const wanted = delayMs * phase.times;
  const error = Math.abs(median(own) - wanted);
  return {
    what: `${phase.name} ${delayMs} ms late: "${phase.step}" carries, the others`,
    measured: `+${spread(own, 'ms')}, ${median(others) < 0 ? '' : '+'}${median(others).toFixed(1)} ms`,
    goal: `+${wanted} within 5 ms or 2 %`,
    reached: error <= Math.max(5, wanted * 0.02) && Math.abs(median(others)) <= 5,
  };
}

/** Takes one run of registration against the simulator, met where a wish says. */
function probing(folder: string, simulator: SimulatorProcess) {
  const known = new Map<string, () => Promise<StepTimes>>();
  return (wish: Partial<EdgeWish>, dns: string | undefined): Promise<StepTimes> => {
    const name = JSON.stringify([wish, dns]);
    const run = known.get(name) ?? prepare(folder, `delay-${known.size}`, simulator, wish, dns);
    known.set(name, run);
    return run();
  };
}

function prepare(
  folder: string,
  name: string,
  simulator: SimulatorProcess,
  wish: Partial<EdgeWish>,
  dns: string | undefined,
): () => Promise<StepTimes> {
  const servers = dns === undefined ? [] : [dns];
  const { settings, plan } = readConfiguration(
    writeConfiguration(folder, name, [{ name, simulator, ...wish }], servers),
  );
  const prober = openProber(settings, { variables: simulator.secrets });
  const planned = onlyRun(plan);
  return async () => {
    // What the last run left to close must not be in this one's way.
    await sleep(20);
    let begunAt = 0;
    let endedAt = 0;
    const { result } = await prober.run(planned, {
      trigger: 'cli',
      region: 'bench',
      onStep(event) {
        if (event.kind === 'started' && event.name === 'resolve') begunAt = performance.now();
        if (event.kind === 'ended' && event.result.name === 'register') endedAt = performance.now();
      },
    });
    return readStepTimes(result, endedAt - begunAt);
  };
}

/** The steps against the latency, and both against a stopwatch held by the bench. */
function sums(all: readonly StepTimes[]): readonly Figure[] {
  const percent = (part: number, whole: number) => (Math.abs(part - whole) / whole) * 100;
  const ofLatency = all.map(({ sum, latencyMs }) => percent(sum, latencyMs));
  const ofWall = all.map(({ sum, wallMs }) => wallMs - sum);
  return [
    {
      what: 'the steps against the latency, all delayed runs',
      measured: `${Math.max(...ofLatency).toFixed(2)} % at most`,
      goal: 'within 1 %',
      reached: Math.max(...ofLatency) <= 1,
    },
    { what: 'stopwatch minus steps (parsing, not the wire)', measured: spread(ofWall, 'ms') },
  ];
}
