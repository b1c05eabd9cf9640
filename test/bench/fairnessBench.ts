import { join } from 'node:path';
import { nextOccurrence, parseSchedule, previousOccurrence, shortestIntervalMs } from '../../shared/config/ncrontab.js';
import { systemClock } from '../../shared/domain/clock.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { TimerListener } from '../../shared/local/host/timerListener.js';
import type { PlannedRun } from '../../shared/plan.js';
import { openProber, type Prober } from '../../shared/prober.js';
import { readConfiguration, writeConfiguration } from './configuration.js';
import { type Figure, spread } from './figure.js';
import { startSimulator } from './simulatorProcess.js';
import { percentile } from './statistics.js';
import { type BenchWorld, withEndings } from './world.js';

const intervalMs = 20_000;
const healthy = 15;
const hanging = 5;
const intervals = 2;

/** A run that has ended, and when. */
interface Ended {
  readonly edge: string;
  readonly scheduledAt: number;
  readonly endedAt: number;
  readonly result: TransactionResult;
}

/** Twenty transactions due at the same second, five of which get no answer: do the others start on time, and do all run? */
export function fairnessBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const good = await startSimulator(root, join(folder, 'simulator'));
    endings.push(() => good.end());
    const mute = await startSimulator(root, join(folder, 'mute'), { faults: ['silent-after-tls'] });
    endings.push(() => mute.end());
    const schedule = `*/${intervalMs / 1000} * * * * *`;
    const named = (prefix: string, count: number, simulator: typeof good) =>
      Array.from({ length: count }, (_, index) => ({ name: `${prefix}-${index}`, simulator, schedule }));
    const edges = [...named('healthy', healthy, good), ...named('hanging', hanging, mute)];
    const { settings, plan } = readConfiguration(writeConfiguration(folder, 'fairness', edges));
    const prober = openProber(settings, { variables: good.secrets });
    const ended: Ended[] = [];
    const timers = plan.map((planned) => timerOf(planned, prober, (one) => ended.push(one)));
    endings.push(() => {
      for (const timer of timers) timer.stop();
    });
    for (const timer of timers) timer.start();
    const untilEnd = Math.max(...timers.map((timer) => timer.next ?? 0)) + intervals * intervalMs - systemClock.now();
    await new Promise((resolve) => setTimeout(resolve, untilEnd - 500));
    return judge(ended);
  });
}

function timerOf(planned: PlannedRun, prober: Prober, onEnd: (ended: Ended) => void): TimerListener {
  // As configured, not staggered as the product does it: all at the same second is the worst that can be asked.
  const schedule = parseSchedule(planned.settings.schedule);
  if (schedule.kind === 'problem') throw new Error(schedule.message);
  const timer = {
    schedule: schedule.text,
    shortestIntervalMs: shortestIntervalMs(schedule),
    nextAfter: (atMs: number) => nextOccurrence(schedule, atMs),
    async run() {
      const scheduledAt = previousOccurrence(schedule, systemClock.now()) ?? 0;
      const { result } = await prober.run(planned, { trigger: 'schedule', region: 'bench', scheduledAt });
      onEnd({ edge: planned.edge.edge.name, scheduledAt, endedAt: systemClock.now(), result });
    },
    remembered: () => undefined,
    remember: () => undefined,
  };
  return new TimerListener(timer, systemClock);
}

function judge(ended: readonly Ended[]): readonly Figure[] {
  const ofHealthy = ended.filter(({ edge }) => edge.startsWith('healthy'));
  const failed = ofHealthy.filter(({ result }) => result.outcome !== 'success');
  if (failed.length > 0) throw new Error(`${failed.length} runs failed: ${failed[0]?.result.diagnosis?.error}`);
  const late = ofHealthy.map(({ result }) => result.prober.lateMs);
  const p99 = percentile(late, 99);
  const first = Math.min(...ended.map(({ scheduledAt }) => scheduledAt));
  const inFirst = ended.filter(
    ({ scheduledAt, endedAt }) => scheduledAt < first + intervalMs && endedAt < first + intervalMs,
  );
  const hung = ended.filter(({ edge }) => edge.startsWith('hanging'));
  const all = healthy + hanging;
  return [
    {
      what: `start after schedule of ${healthy} beside ${hanging} that hang, 99th percentile`,
      measured: `${p99} ms (of ${spread(late, 'ms', 0)})`,
      goal: '< 250 ms',
      reached: p99 < 250,
    },
    {
      what: `run once inside the first interval of ${intervalMs / 1000} s`,
      measured: `${new Set(inFirst.map(({ edge }) => edge)).size} of ${all}`,
      goal: `${all}`,
      reached: new Set(inFirst.map(({ edge }) => edge)).size === all,
    },
    {
      what: 'latency of the healthy ones',
      measured: spread(
        ofHealthy.map(({ result }) => result.latencyMs),
        'ms',
      ),
    },
    {
      what: 'time the hanging ones took until their deadline',
      measured: spread(
        hung.map(({ endedAt, scheduledAt }) => (endedAt - scheduledAt) / 1000),
        's',
      ),
    },
  ];
}
