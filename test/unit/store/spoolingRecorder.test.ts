import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { MemoryResultStore } from '../../../shared/store/memoryResultStore.js';
import { StoreError } from '../../../shared/store/resultStore.js';
import { BoundedSpool, type Spool } from '../../../shared/store/spool.js';
import { SpoolingRecorder } from '../../../shared/store/spoolingRecorder.js';
import { ManualClock, settled } from '../../fakes/manualClock.js';
import { MemorySpoolPlace } from '../../fakes/memorySpoolPlace.js';
import { sampleFailure, sampleResult } from './sampleResult.js';

const away = new StoreError('Results202611: row not written', {
  cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
});
const refusal = new StoreError('Results202611: row not written', {
  cause: Object.assign(new Error('bad'), { statusCode: 400 }),
});

describe('a recorder whose storage works', () => {
  test('looks into the spool once, after the first run, and never again', async () => {
    const world = open();

    for (const minute of [0, 5, 10]) await world.record(at(minute));

    expect(world.place.calls).toEqual(['list']);
    expect(world.lines).toEqual([]);
    expect(world.stored).toEqual([0, 5, 10]);
  });

  test('looks once also when many first runs end at the same time', async () => {
    const world = open();

    await Promise.all(
      Array.from({ length: 20 }, (_, index) => world.record({ ...at(index), transaction: `transaction${index}` })),
    );

    expect(world.place.calls).toEqual(['list']);
  });

  test('stores first what an earlier process left, and then the new result, each in its order', async () => {
    const place = new MemorySpoolPlace();
    for (const minute of [5, 0]) await new BoundedSpool(place).keep(failureAt(minute));
    const world = open({ place });

    await world.record(failureAt(10));

    expect(world.stored).toEqual([0, 5, 10]);
    expect(world.lines).toEqual(['3 results stored from the spool, none waits any more']);
    expect(await world.latest()).toMatchObject({ failuresInARow: 3, since: '2026-11-20T23:00:00.000Z' });
  });

  test('goes on without the spool when it cannot be looked into, says so, and tries again after five minutes', async () => {
    const world = open();
    world.place.failing = ['list'];

    await world.record(at(0));
    await world.record(at(1));
    await world.clock.advance(5 * 60_000);
    world.place.failing = [];
    await world.record(at(6));
    await world.record(at(7));

    expect(world.stored).toEqual([0, 1, 6, 7]);
    expect(world.lines).toEqual(['nobody knows whether results wait: the place cannot list']);
    expect(world.place.calls).toEqual(['list', 'list']);
  });
});

describe('a recorder whose storage is away for a while', () => {
  test('keeps what it cannot store, says so in one line a run, and stores all of it in order later', async () => {
    const world = open();
    await world.record(at(0));
    world.failing = away;
    for (const minute of [5, 10]) await world.record(at(minute));
    world.failing = undefined;

    await world.record(at(15));
    await world.record(at(20));

    expect(world.stored).toEqual([0, 5, 10, 15, 20]);
    expect(world.place.names).toEqual([]);
    const why = 'Results202611: row not written (ECONNREFUSED)';
    expect(world.lines).toEqual([
      `contoso.registration.westeurope.20261120T230500Z kept in the spool, 1 result waits: ${why}`,
      `nothing stored from the spool, 2 results wait: ${why}`,
      '3 results stored from the spool, none waits any more',
    ]);
  });

  test('leaves the latest row as if nothing had happened', async () => {
    const results = [at(0), failureAt(5), failureAt(10), at(15), failureAt(20), failureAt(25), failureAt(30)];
    const calm = open();
    const troubled = open();

    for (const result of results) {
      await calm.record(result);
      troubled.failing = ['10', '15', '20'].includes(result.scheduledAt.slice(14, 16)) ? away : undefined;
      await troubled.record(result);
    }

    expect(await troubled.latest()).toEqual(await calm.latest());
    expect(await troubled.latest()).toMatchObject({ failuresInARow: 3, since: '2026-11-20T23:20:00.000Z' });
  });

  test('gives back what a run holds before its result waits', async () => {
    const world = open();
    world.failing = away;

    await world.record(at(0));
    await world.record(at(5));

    expect(world.ends).toEqual(['stored with its end: 0', 'released: 5']);
  });

  test('does not ask the storage again after a run that found it out of reach', async () => {
    const world = open();
    world.storageAway = 'EdgeState: accounts of contoso not leased';

    await world.record(at(0));
    await world.record(at(5));
    const asked = world.attempts;
    world.storageAway = undefined;
    await world.record(at(10));

    expect(asked).toBe(0);
    expect(world.stored).toEqual([0, 5, 10]);
    expect(world.lines).toEqual([
      'contoso.registration.westeurope.20261120T230000Z kept in the spool, 1 result waits: EdgeState: accounts of contoso not leased',
      'contoso.registration.westeurope.20261120T230500Z kept in the spool, 2 results wait: EdgeState: accounts of contoso not leased',
      '3 results stored from the spool, none waits any more',
    ]);
  });

  test('stores an on-demand run at once, and then what waits: it has no order to keep', async () => {
    const world = open();
    world.failing = away;
    await world.record(at(0));
    world.failing = undefined;

    await world.record({ ...at(5), trigger: 'on-demand' });

    expect(world.stored).toEqual([5, 0]);
    expect(world.place.names).toEqual([]);
  });

  test('tells how many wait, and that none does when all is over', async () => {
    const world = open();
    const seen = [await world.recorder.backlog(true)];
    world.failing = away;
    for (const minute of [5, 10, 15]) await world.record(at(minute));
    seen.push(await world.recorder.backlog(false), await world.recorder.backlog(true));
    world.failing = undefined;
    await world.record(at(20));

    seen.push(await world.recorder.backlog(true));

    expect(seen).toEqual([0, 3, 3, 0]);
  });

  test('counts what another instance keeps, once storage is known to be away', async () => {
    const world = open();
    await world.record(at(0));
    await new BoundedSpool(world.place).keep(at(5));

    expect(await world.recorder.backlog(true)).toBe(0);
    expect(await world.recorder.backlog(false)).toBe(1);
    expect(await world.recorder.backlog(true)).toBe(1);
    world.place.texts.clear();
    expect(await world.recorder.backlog(true)).toBe(0);
  });

  test('tells the last number when the spool cannot be counted', async () => {
    const world = open();
    world.failing = away;
    await world.record(at(5));
    world.place.failing = ['list'];

    expect(await world.recorder.backlog(false)).toBe(1);
  });
});

describe('a recorder with much to catch up', () => {
  test('stops after five seconds; the next run goes on', async () => {
    const place = new MemorySpoolPlace();
    for (let minute = 0; minute < 12; minute++) await new BoundedSpool(place).keep(at(minute));
    const world = open({ place, storingMs: 1_000 });

    await world.record(at(20));
    const first = [...world.stored];
    await world.record(at(21));

    expect(first).toEqual([0, 1, 2, 3, 4]);
    expect(world.stored).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(world.lines).toEqual([
      '5 results stored from the spool, 8 results wait',
      '5 results stored from the spool, 4 results wait',
    ]);
  });

  test('stores two hundred at most in one run', async () => {
    const place = new MemorySpoolPlace();
    const before = new BoundedSpool(place);
    for (let second = 0; second < 210; second++) {
      await before.keep(sampleResult({ scheduledAt: new Date(Date.UTC(2026, 10, 20) + second * 1000).toISOString() }));
    }
    const world = open({ place });

    await world.record(at(0));

    expect(world.stored.length).toBe(200);
    expect(await world.recorder.backlog(true)).toBe(11);
  });

  test('drains once at a time; what others keep meanwhile is part of it', async () => {
    const place = new MemorySpoolPlace();
    for (const minute of [0, 1]) await new BoundedSpool(place).keep(at(minute));
    const world = open({ place });

    await Promise.all([10, 11, 12, 13].map((minute) => world.record(at(minute))));

    expect(world.stored).toEqual([0, 1, 10, 11, 12, 13]);
    expect([world.place.names, await world.recorder.backlog(true)]).toEqual([[], 0]);
  });
});

describe('a recorder in which much happens at once', () => {
  test('does not forget what was kept while the status had it counted', async () => {
    let answer = (_size: number) => {};
    const spool: Spool = {
      keep: async () => [],
      drain: async () => ({ stored: 0, left: 1, refused: [], unreadable: [] }),
      size: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    };
    const world = open({ spool });
    const first = world.record(at(0));
    await settled();
    answer(0);
    await first;

    const counting = world.recorder.backlog(false);
    await settled();
    world.failing = away;
    await world.record(at(5));
    answer(0);

    expect(await counting).toBe(1);
  });

  test('goes on with a drain when more was kept while it took its last look', async () => {
    const nothing = { stored: 0, left: 0, refused: [], unreadable: [] };
    const ends: (() => void)[] = [];
    const spool: Spool = {
      keep: async () => [],
      drain: () => new Promise((resolve) => ends.push(() => resolve(nothing))),
      size: async () => 1,
    };
    const world = open({ spool });

    const draining = world.record(at(0));
    await settled();
    await world.record(at(5));
    ends[0]?.();
    await settled();
    const looks = ends.length;
    ends[1]?.();
    await draining;

    expect(looks).toBe(2);
  });
});

describe('a recorder that has to lose something', () => {
  const why = 'Results202611: row not written (ECONNREFUSED)';
  const runId = 'contoso.registration.westeurope.20261120T230500Z';

  test('says what it was and rejects when neither storage nor spool takes it', async () => {
    const world = open();
    await world.record(at(0));
    world.failing = away;
    world.place.failing = ['write'];

    const recorded = world.record(at(5));

    await expect(recorded).rejects.toThrow(new StoreError(`${runId}: neither stored nor kept in the spool`));
    expect(world.lines).toEqual([`lost: ${runId}: contoso/registration  success: ${why}; the place cannot write`]);
  });

  test('does the same where there is no spool at all', async () => {
    const world = open({ noSpool: true });
    world.failing = away;

    await expect(world.record(at(5))).rejects.toThrow(StoreError);
    expect(world.lines).toEqual([
      `lost: ${runId}: contoso/registration  success: ${why}; there is no spool: neither AzureWebJobsStorage nor EDGE_PROBES_SPOOL_DIR is set`,
    ]);
    expect(await world.recorder.backlog(false)).toBe(0);
  });

  test('stores out of order rather than lose, when others wait and the spool takes no more', async () => {
    const world = open();
    world.failing = away;
    await world.record(at(0));
    world.failing = undefined;
    world.place.failing = ['write'];

    await world.record(at(5));

    expect(world.stored).toEqual([5, 0]);
    expect((await world.latest())?.result.scheduledAt).toBe('2026-11-20T23:05:00.000Z');
  });

  test('asks the storage after all when the spool takes nothing of a run that found it out of reach', async () => {
    const world = open();
    await world.record(at(0));
    world.storageAway = 'EdgeState: accounts of contoso not leased';
    world.place.failing = ['write'];

    await world.record(at(5));

    expect(world.stored).toEqual([0, 5]);
    expect(world.lines).toEqual([]);
  });

  test('lets go of a result that the storage refuses for good, once it takes another', async () => {
    const world = open();
    world.failing = refusal;
    await world.record(at(0));
    world.refused = [0];
    world.failing = undefined;

    await world.record(at(5));

    expect(world.stored).toEqual([5]);
    expect(world.lines.slice(1)).toEqual([
      `lost, because the storage takes others and refuses this one: 20261120T230000000Z.contoso.registration.westeurope.20261120T230000Z`,
      '1 result stored from the spool, none waits any more',
    ]);
  });

  test('names what had to go because the spool is full', async () => {
    const world = open({ results: 1 });
    world.failing = away;
    await world.record(at(0));

    await world.record(at(5));

    expect(world.lines).toContain(
      'lost, because the spool is full: 20261120T230000000Z.contoso.registration.westeurope.20261120T230000Z',
    );
    expect(await world.recorder.backlog(true)).toBe(1);
  });
});

interface Differs {
  readonly place?: MemorySpoolPlace;
  readonly storingMs?: number;
  readonly results?: number;
  readonly noSpool?: boolean;
  readonly spool?: Spool;
}

function open({ place = new MemorySpoolPlace(), storingMs = 0, results = 1000, noSpool = false, spool }: Differs = {}) {
  const clock = new ManualClock();
  const store = new MemoryResultStore();
  const world = {
    place,
    clock,
    failing: undefined as Error | undefined,
    storageAway: undefined as string | undefined,
    /** How often the storage was asked to store something. */
    attempts: 0,
    /** The minutes that the storage refuses. */
    refused: [] as number[],
    /** The minutes that were stored, in this order. */
    stored: [] as number[],
    ends: [] as string[],
    lines: [] as string[],
    latest: async () => (await store.latest('contoso'))[0],
    record: (result: TransactionResult) => {
      const minute = minuteOf(result);
      const incoming = {
        result,
        summary: 'contoso/registration  success',
        storageAway: world.storageAway,
        store: () => {
          world.ends.push(`stored with its end: ${minute}`);
          return save(result);
        },
        release: async () => {
          world.ends.push(`released: ${minute}`);
          throw new StoreError('storage is away');
        },
      };
      return world.recorder.record(incoming, (line) => world.lines.push(line));
    },
    recorder: new SpoolingRecorder({
      store: (result) => save(result),
      openSpool: noSpool ? undefined : async () => spool ?? new BoundedSpool(place, { results, bytes: 10_000_000 }),
      clock,
    }),
  };
  async function save(result: TransactionResult): Promise<void> {
    world.attempts += 1;
    if (world.failing) throw world.failing;
    if (world.refused.includes(minuteOf(result))) throw refusal;
    clock.block(storingMs);
    await store.save(result);
    world.stored.push(minuteOf(result));
  }
  return world;
}

function at(minute: number): TransactionResult {
  return sampleResult({ scheduledAt: timeOf(minute) });
}

function failureAt(minute: number): TransactionResult {
  return sampleFailure({ scheduledAt: timeOf(minute) });
}

function timeOf(minute: number): string {
  return `2026-11-20T23:${String(minute).padStart(2, '0')}:00.000Z`;
}

function minuteOf(result: TransactionResult): number {
  return Number(result.scheduledAt.slice(14, 16));
}
