import { setTimeout as wait } from 'node:timers/promises';
import { compose } from '../../shared/compose.js';
import { nextOccurrence } from '../../shared/config/ncrontab.js';
import type { PlannedRun } from '../../shared/plan.js';

// A region's prober as a process of its own: the service that is deployed, on timers of a few lines. A line for each run, as JSON.
const service = compose(process.env);
const stopping = new AbortController();

async function fireBySchedule(planned: PlannedRun): Promise<void> {
  while (!stopping.signal.aborted) {
    const now = Date.now();
    const next = nextOccurrence(planned.schedule, now) ?? now;
    await wait(next - now, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return;
    const result = await service.runScheduled(planned, (line) => console.error(line));
    console.log(JSON.stringify(result));
  }
}

async function main(): Promise<void> {
  console.error(service.plan.map(({ functionName, schedule }) => `${functionName} ${schedule.text}`).join('\n'));
  await Promise.all(service.plan.map(fireBySchedule));
  process.exit(0);
}

process.on('SIGTERM', () => stopping.abort());
void main();
