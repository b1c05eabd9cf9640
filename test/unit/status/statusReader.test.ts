import { describe, expect, test } from 'vitest';
import { StatusReader } from '../../../shared/status/statusReader.js';
import { MemoryResultStore } from '../../../shared/store/memoryResultStore.js';
import { type ResultStore, StoreError } from '../../../shared/store/resultStore.js';
import { ManualClock } from '../local/manualClock.js';
import { sampleFailure, sampleResult } from '../store/sampleResult.js';
import { sampleMonitored } from './sampleStatus.js';

const noon = '2026-11-20T12:00:00.000Z';

describe('a reader of the status', () => {
  test('joins the latest rows and the last seven days', async () => {
    const { reader, store } = world();
    await store.save(sampleResult({ scheduledAt: '2026-11-20T11:59:00.000Z' }));
    await store.save(sampleFailure({ scheduledAt: '2026-11-14T10:00:00.000Z' }));
    await store.save(sampleFailure({ scheduledAt: '2026-11-13T10:00:00.000Z' }));

    const document = await reader.document();

    const [registration] = document.edges[0]?.transactions ?? [];
    expect(registration?.state).toBe('up');
    expect(registration?.days.map(({ day, runs, availability }) => [day, runs, availability])).toEqual([
      ['2026-11-14', 1, 0],
      ['2026-11-15', 0, null],
      ['2026-11-16', 0, null],
      ['2026-11-17', 0, null],
      ['2026-11-18', 0, null],
      ['2026-11-19', 0, null],
      ['2026-11-20', 1, 1],
    ]);
  });

  test('hands out one transaction with its steps, and nothing for what is not configured', async () => {
    const { reader, store } = world();
    await store.save(sampleResult({ scheduledAt: '2026-11-20T11:59:00.000Z' }));

    expect((await reader.transaction('contoso', 'registration'))?.regions[0]?.steps.length).toBe(2);
    expect(await reader.transaction('contoso', 'im')).toBeUndefined();
  });

  test('finds a fail-over in the runs of the days, without another question to the store', async () => {
    const { reader, store, calls } = world();
    const runs: readonly (readonly [string, string | null])[] = [
      ['2026-11-19T23:59:00.000Z', 'edge1.contoso.example:5269'],
      ['2026-11-20T00:04:00.000Z', null],
      ['2026-11-20T00:09:00.000Z', 'edge2.contoso.example:5269'],
    ];
    for (const [scheduledAt, activeTarget] of runs) {
      const outcome = activeTarget === null ? 'failure' : 'success';
      await store.save(sampleResult({ scheduledAt, outcome, observations: { activeTarget } }));
    }

    const document = await reader.transaction('contoso', 'registration');

    expect(document?.failovers).toEqual([
      {
        region: 'westeurope',
        lastGoodAt: '2026-11-19T23:59:00.000Z',
        takenOverAt: '2026-11-20T00:09:00.000Z',
        downForMs: 300_000,
        precisionMs: 300_000,
      },
    ]);
    expect(calls.days).toHaveLength(14);
    expect((await reader.document()).edges[0]?.transactions[1]).not.toHaveProperty('failovers');
  });

  test('asks the store once for a flood of readers, and not again for two seconds', async () => {
    const { reader, calls, clock } = world();

    await Promise.all(Array.from({ length: 100 }, () => reader.document()));
    await clock.pass(1999);
    const last = await reader.document();

    expect(calls.latest).toBe(1);
    expect(last).toMatchObject({ generatedAt: noon, ageSeconds: 1 });
  });

  test('sees what is new after two seconds', async () => {
    const { reader, store, clock } = world();
    await reader.document();
    await store.save(sampleResult({ scheduledAt: noon }));

    await clock.pass(2000);

    expect((await reader.document()).edges[0]?.transactions[0]?.state).toBe('up');
  });

  test('reads a day that is over once, and the present one every ten seconds at most', async () => {
    const { reader, calls, clock } = world();
    await reader.document();
    const first = calls.days.length;

    for (let second = 2; second <= 20; second += 2) {
      await clock.pass(2000);
      await reader.document();
    }

    expect(first).toBe(14);
    expect(calls.days.slice(first)).toEqual([
      'registration 20261120',
      'presence 20261120',
      'registration 20261120',
      'presence 20261120',
    ]);
  });

  test('reads yesterday again until ten minutes past midnight', async () => {
    const { reader, calls, clock } = world('2026-11-21T00:09:50.000Z');
    await reader.document();
    const readings = () => calls.days.filter((call) => call === 'registration 20261120').length;

    const counts = [readings()];
    for (const seconds of [10, 10, 60]) {
      await clock.pass(seconds * 1000);
      await reader.document();
      counts.push(readings());
    }

    expect(counts).toEqual([1, 2, 2, 2]);
  });

  test('moves the seven days on at midnight', async () => {
    const { reader, clock } = world('2026-11-20T23:59:59.000Z');
    await reader.document();

    await clock.pass(2000);

    const days = (await reader.document()).edges[0]?.transactions[0]?.days.map(({ day }) => day);
    expect([days?.[0], days?.at(-1), days?.length]).toEqual(['2026-11-15', '2026-11-21', 7]);
  });
});

describe('a reader of the status whose store fails', () => {
  test('says unknown and that storage is unavailable, tells why where it was asked to, and recovers', async () => {
    const { reader, store, calls, clock, errors } = world();
    await store.save(sampleResult({ scheduledAt: noon }));
    calls.fail = new StoreError('EdgeState: latest rows of contoso not read');

    const failed = await reader.document();
    calls.fail = undefined;
    await clock.pass(2000);
    const recovered = await reader.document();

    expect(failed).toMatchObject({ state: 'unknown', storage: 'unavailable' });
    expect(JSON.stringify(failed)).not.toContain('EdgeState');
    expect(errors).toEqual([new StoreError('EdgeState: latest rows of contoso not read')]);
    expect(recovered.edges[0]?.transactions[0]?.state).toBe('up');
    expect(recovered).not.toHaveProperty('storage');
  });

  test('keeps the states, leaves out the days and says so when only days cannot be read', async () => {
    const { reader, store, calls, errors } = world();
    await store.save(sampleResult({ scheduledAt: noon }));
    calls.failDays = new StoreError('Results202611: rows not read');

    const document = await reader.document();

    expect(document).toMatchObject({
      storage: 'unavailable',
      edges: [{ transactions: [{ state: 'up', days: [] }, {}] }],
    });
    expect(errors).toEqual([new StoreError('Results202611: rows not read')]);
    // Four at a time were under way; the rest was not tried any more.
    expect(calls.days.length).toBe(4);
  });

  test('stops reading days when one could not be read: the others would wait as long', async () => {
    const { reader, calls } = world();
    calls.failDays = new StoreError('Results202611: rows not read');
    calls.failures = 1;

    const document = await reader.document();
    await settled();

    expect(document.storage).toBe('unavailable');
    expect(calls.days.length).toBeLessThan(14);
  });

  test('does not wait for ever for a store that does not answer', async () => {
    const { reader, calls, clock } = world();
    calls.hang = new Promise(() => {});

    const waiting = reader.document();
    await clock.pass(8000);

    expect(await waiting).toMatchObject({ state: 'unknown', storage: 'unavailable' });
  });

  test('hands out states without waiting long for days, and the days when they are there', async () => {
    const { reader, store, calls, clock } = world();
    await store.save(sampleResult({ scheduledAt: noon }));
    let release = () => {};
    calls.hangDays = new Promise((resolve) => {
      release = resolve;
    });

    const waiting = reader.document();
    await settled();
    await clock.pass(1500);
    const early = await waiting;
    release();
    await settled();
    await clock.pass(2000);
    const later = await reader.document();

    expect(early).toMatchObject({ edges: [{ transactions: [{ state: 'up', days: [] }, {}] }] });
    expect(early).not.toHaveProperty('storage');
    expect(later.edges[0]?.transactions[0]?.days.length).toBe(7);
  });
});

describe('a reader of the status while results wait to be stored', () => {
  test('says how many, and nothing any more when none waits', async () => {
    const { reader, calls, clock } = world();
    calls.fail = new StoreError('EdgeState: latest rows of contoso not read');
    calls.backlog = async (available) => (available ? 0 : 12);

    const during = await reader.document();
    calls.fail = undefined;
    await clock.pass(2000);
    const after = await reader.document();

    expect(during).toMatchObject({ storage: 'unavailable', backlog: 12 });
    expect(after).not.toHaveProperty('backlog');
  });

  test('says it of a transaction as well', async () => {
    const { reader, calls } = world();
    calls.backlog = async () => 1;

    expect(await reader.transaction('contoso', 'registration')).toMatchObject({ backlog: 1 });
  });

  test('does not wait long for the count', async () => {
    const { reader, calls, clock } = world();
    calls.backlog = () => new Promise(() => {});

    const waiting = reader.document();
    await settled();
    await clock.pass(1500);

    expect(await waiting).not.toHaveProperty('backlog');
  });
});

/** What the store was asked, and what is to go wrong with it. */
interface Calls {
  latest: number;
  readonly days: string[];
  fail: Error | undefined;
  failDays: Error | undefined;
  /** How many readings of a day are to fail. */
  failures: number;
  hang: Promise<void> | undefined;
  hangDays: Promise<void> | undefined;
  backlog: (storageAvailable: boolean) => Promise<number>;
}

function world(start = noon) {
  const clock = new ManualClock(start);
  const store = new MemoryResultStore();
  const calls: Calls = {
    latest: 0,
    days: [],
    fail: undefined,
    failDays: undefined,
    failures: Number.POSITIVE_INFINITY,
    hang: undefined,
    hangDays: undefined,
    backlog: async () => 0,
  };
  const errors: unknown[] = [];
  const reader = new StatusReader({
    store: watched(store, calls),
    clock,
    monitored: sampleMonitored,
    backlog: (available) => calls.backlog(available),
    onStoreError: (error) => errors.push(error),
  });
  return { reader, store, clock, calls, errors };
}

function watched(store: ResultStore, calls: Calls): ResultStore {
  return {
    save: (result) => store.save(result),
    newestFirst: (series, day) => store.newestFirst(series, day),
    async latest(edge) {
      calls.latest += 1;
      await calls.hang;
      if (calls.fail) throw calls.fail;
      return store.latest(edge);
    },
    async *outcomes(series, day) {
      calls.days.push(`${series.transaction} ${day}`);
      await calls.hangDays;
      if (calls.failDays && calls.failures-- > 0) throw calls.failDays;
      yield* store.outcomes(series, day);
    },
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
