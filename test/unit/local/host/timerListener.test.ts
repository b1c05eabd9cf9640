import { describe, expect, test } from 'vitest';
import { nextOccurrence, parseSchedule, shortestIntervalMs } from '../../../../shared/config/ncrontab.js';
import { toIso } from '../../../../shared/domain/clock.js';
import type { TypedData } from '../../../../shared/local/host/coreTypes.js';
import type { MonitorEntry } from '../../../../shared/local/host/scheduleMonitor.js';
import { TimerListener } from '../../../../shared/local/host/timerListener.js';
import { ManualClock } from '../manualClock.js';

interface Setup {
  readonly schedule: string;
  readonly remembered?: MonitorEntry;
  readonly run?: () => Promise<void>;
}

/** A listener at 12:00:03, and the times at which it fired. */
function listener({ schedule: text, remembered, run = async () => undefined }: Setup) {
  const schedule = parseSchedule(text);
  if (schedule.kind === 'problem') throw new Error(schedule.message);
  const clock = new ManualClock('2026-11-20T12:00:03.250Z');
  const fired: string[] = [];
  const data: TypedData[] = [];
  const entries: MonitorEntry[] = [];
  const timer = {
    schedule: text,
    shortestIntervalMs: shortestIntervalMs(schedule),
    nextAfter: (atMs: number) => nextOccurrence(schedule, atMs),
    run: (given: TypedData) => {
      fired.push(toIso(clock.now()));
      data.push(given);
      return run();
    },
    remembered: () => remembered,
    remember: (entry: MonitorEntry) => entries.push(entry),
  };
  return { listener: new TimerListener(timer, clock), clock, fired, data, entries };
}

const entry = (schedule: string, next: string): MonitorEntry => ({
  schedule,
  last: '2026-11-20T11:00:00.000Z',
  next,
  lastUpdated: '2026-11-20T11:00:00.000Z',
});

describe('a timer', () => {
  test('fires at each occurrence of its schedule', async () => {
    const { listener: timer, clock, fired } = listener({ schedule: '*/10 * * * * *' });

    timer.start();
    await clock.pass(27_000);

    expect(fired).toEqual(['2026-11-20T12:00:10.000Z', '2026-11-20T12:00:20.000Z', '2026-11-20T12:00:30.000Z']);
    expect(timer.next).toBe(Date.parse('2026-11-20T12:00:40.000Z'));
  });

  test('never overlaps itself: what falls due during a run is dropped', async () => {
    let end: () => void = () => undefined;
    const run = () => new Promise<void>((resolve) => (end = resolve));
    const { listener: timer, clock, fired } = listener({ schedule: '*/10 * * * * *', run });

    timer.start();
    await clock.pass(32_000);
    end();
    await clock.pass(0);
    await new Promise((resolve) => setImmediate(resolve));
    await clock.pass(10_000);

    expect(fired).toEqual(['2026-11-20T12:00:10.000Z', '2026-11-20T12:00:40.000Z']);
  });

  test('waits for a time that is months away, in sleeps that setTimeout can do', async () => {
    const { listener: timer, clock, fired } = listener({ schedule: '0 0 0 1 3 *' });

    timer.start();
    await clock.pass(24 * 3_600_000);

    expect(fired).toEqual([]);
    expect(timer.next).toBe(Date.parse('2027-03-01T00:00:00.000Z'));
    expect(clock.waiting).toBe(1);
  });

  test('fires once when the clock was set forward over several occurrences', async () => {
    const { listener: timer, clock, fired } = listener({ schedule: '0 * * * * *' });

    timer.start();
    clock.step(600_000);
    await clock.pass(30_000);

    expect(fired).toEqual(['2026-11-20T12:10:33.250Z']);
  });

  test('goes on when the clock was set back', async () => {
    const { listener: timer, clock, fired } = listener({ schedule: '0 * * * * *' });

    timer.start();
    clock.step(-24 * 3_600_000);
    await clock.pass(60_000);

    expect(fired).toEqual(['2026-11-19T12:01:00.000Z']);
  });

  test('fires nothing after it was stopped', async () => {
    const { listener: timer, clock, fired } = listener({ schedule: '* * * * * *' });

    timer.start();
    timer.stop();
    await clock.pass(5_000);

    expect(fired).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test('that is stopped during a run notes that it ran, and arms nothing', async () => {
    let end: () => void = () => undefined;
    const run = () => new Promise<void>((resolve) => (end = resolve));
    const { listener: timer, clock, entries } = listener({ schedule: '0 * * * * *', run });
    timer.start();
    await clock.pass(57_000);

    timer.stop();
    end();
    await new Promise((resolve) => setImmediate(resolve));
    await clock.pass(3_600_000);

    expect(entries.map(({ last, next }) => [last, next]).at(-1)).toEqual([
      '2026-11-20T12:01:00.000Z',
      '2026-11-20T12:02:00.000Z',
    ]);
    expect(clock.waiting).toBe(0);
  });
});

describe('the memory of a timer', () => {
  const hourly = '0 0 * * * *';

  test('catches up at once, and once, when a run was missed', async () => {
    const {
      listener: timer,
      clock,
      fired,
      data,
    } = listener({
      schedule: hourly,
      remembered: entry(hourly, '2026-11-20T09:00:00.000Z'),
    });

    timer.start();
    await clock.pass(60_000);

    expect(fired).toEqual(['2026-11-20T12:00:03.250Z']);
    expect(JSON.parse(data[0]?.json ?? '')).toEqual({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: {
        Last: '2026-11-20T11:00:00.000Z',
        Next: '2026-11-20T09:00:00.000Z',
        LastUpdated: '2026-11-20T11:00:00.000Z',
      },
      IsPastDue: true,
    });
  });

  test.each([
    ['its next run is still to come', entry(hourly, '2026-11-20T13:00:00.000Z')],
    ['its schedule has changed', entry('0 30 * * * *', '2026-11-20T09:00:00.000Z')],
  ])('owes nothing when %s', async (_, remembered) => {
    const { listener: timer, clock, fired } = listener({ schedule: hourly, remembered });

    timer.start();
    await clock.pass(60_000);

    expect(fired).toEqual([]);
  });

  test('is not kept for a timer that fires more than once a minute', async () => {
    const often = '*/30 * * * * *';
    const {
      listener: timer,
      clock,
      fired,
      entries,
    } = listener({ schedule: often, remembered: entry(often, '2026-11-20T09:00:00.000Z') });

    timer.start();
    await clock.pass(30_000);

    expect(fired).toEqual(['2026-11-20T12:00:30.000Z']);
    expect(entries).toEqual([]);
  });

  test('says after each run when it ran and when it runs next', async () => {
    const { listener: timer, clock, entries } = listener({ schedule: hourly });

    timer.start();
    await clock.pass(3_600_000);

    expect(entries).toEqual([
      {
        schedule: hourly,
        last: '0001-01-01T00:00:00.000Z',
        next: '2026-11-20T13:00:00.000Z',
        lastUpdated: '2026-11-20T12:00:03.250Z',
      },
      {
        schedule: hourly,
        last: '2026-11-20T13:00:00.000Z',
        next: '2026-11-20T14:00:00.000Z',
        lastUpdated: '2026-11-20T13:00:00.000Z',
      },
    ]);
  });
});
