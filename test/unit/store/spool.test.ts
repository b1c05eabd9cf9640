import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { MemoryResultStore } from '../../../shared/store/memoryResultStore.js';
import { StoreError } from '../../../shared/store/resultStore.js';
import { BoundedSpool } from '../../../shared/store/spool.js';
import { entryNameOf, toSpoolText } from '../../../shared/store/spoolEntry.js';
import { MemorySpoolPlace } from '../../fakes/memorySpoolPlace.js';
import { sampleFailure, sampleResult } from './sampleResult.js';

const always = () => true;

describe('a spool', () => {
  test('hands out what waits, the oldest first, and forgets what was stored', async () => {
    const { place, spool, recorded, store } = world();
    for (const minute of [5, 0, 20, 10, 15]) await spool.keep(at(minute));

    const drained = await spool.drain(store, always);

    expect(recorded).toEqual([0, 5, 10, 15, 20]);
    expect(drained).toEqual({ stored: 5, left: 0, refused: [], unreadable: [] });
    expect([place.names, await spool.size()]).toEqual([[], 0]);
  });

  test('keeps one entry of one run, the last', async () => {
    const { spool, store } = world();
    const seen: TransactionResult[] = [];

    await spool.keep(at(0));
    await spool.keep({ ...at(0), latencyMs: 99 });
    await spool.drain(async (result) => {
      seen.push(result);
      return store(result);
    }, always);

    expect(seen.map(({ latencyMs }) => latencyMs)).toEqual([99]);
  });

  test('stops at the first result that could not be tried, and has it and all after it still', async () => {
    const { spool, recorded, store } = world();
    for (const minute of [0, 5, 10]) await spool.keep(at(minute));
    const broken = new StoreError('storage is away');

    const drained = await spool.drain(async (result) => {
      if (minuteOf(result) === 5) throw broken;
      return store(result);
    }, always);

    expect(drained).toEqual({ stored: 1, left: 2, refused: [], unreadable: [], stoppedBy: broken });
    expect([recorded, await spool.size()]).toEqual([[0], 2]);
  });

  test('stops when it was told to', async () => {
    const { spool, recorded, store } = world();
    for (const minute of [0, 5, 10]) await spool.keep(at(minute));

    const drained = await spool.drain(store, () => recorded.length < 2);

    expect(drained).toMatchObject({ stored: 2, left: 1 });
    expect(drained).not.toHaveProperty('stoppedBy');
  });

  test('lets go of a result that the store refuses while it takes others', async () => {
    const { spool, recorded, store } = world();
    for (const minute of [0, 5, 10]) await spool.keep(at(minute));

    const drained = await spool.drain(async (result) => (minuteOf(result) === 0 ? 'refused' : store(result)), always);

    expect(drained).toEqual({ stored: 2, left: 0, refused: [entryNameOf(at(0))], unreadable: [] });
    expect([recorded, await spool.size()]).toEqual([[5, 10], 0]);
  });

  test('lets go of nothing when the store refuses everything: then the store is at fault', async () => {
    const { spool } = world();
    for (const minute of [0, 5, 10]) await spool.keep(at(minute));

    expect(await spool.drain(async () => 'refused', always)).toEqual({
      stored: 0,
      left: 3,
      refused: [],
      unreadable: [],
    });
    expect(await spool.size()).toBe(3);
  });

  test('leaves what it cannot read, tells it once, and does not count it', async () => {
    const { place, spool, recorded, store } = world();
    await place.write('0', '{"of another program":');
    await place.write('1', JSON.stringify({ ...JSON.parse(toSpoolText(at(0))), schema: 2 }));
    await spool.keep(at(5));

    const [first, second] = [await spool.drain(store, always), await spool.drain(store, always)];

    expect(first).toEqual({ stored: 1, left: 0, refused: [], unreadable: ['0', '1'] });
    expect(second).toEqual({ stored: 0, left: 0, refused: [], unreadable: [] });
    expect([recorded, await spool.size(), place.names]).toEqual([[5], 0, ['0', '1']]);
  });

  test('does not remove an entry that was replaced while its first content was being stored', async () => {
    const { spool, store } = world();
    await spool.keep(at(0));

    await spool.drain(async (result) => {
      if (result.latencyMs !== 99) await spool.keep({ ...at(0), latencyMs: 99 });
      return store(result);
    }, always);

    expect(await spool.size()).toBe(1);
  });
});

describe('a spool that is full', () => {
  test('loses the oldest, says which, and never holds more', async () => {
    const { place, spool } = world({ results: 3, bytes: 1_000_000 });
    const lost: string[] = [];

    for (const minute of [0, 5, 10, 15, 20]) lost.push(...(await spool.keep(at(minute))));

    expect(lost).toEqual([entryNameOf(at(0)), entryNameOf(at(5))]);
    expect(place.names).toEqual([10, 15, 20].map((minute) => entryNameOf(at(minute))));
  });

  test('counts what an earlier process left', async () => {
    const { place, spool } = world({ results: 3, bytes: 1_000_000 });
    for (const minute of [0, 5, 10]) await new BoundedSpool(place).keep(at(minute));

    expect(await spool.keep(at(15))).toEqual([entryNameOf(at(0))]);
  });

  test('loses by size as well', async () => {
    const bytes = toSpoolText(at(0)).length;
    const { place, spool } = world({ results: 1000, bytes: 2 * bytes + 50 });

    for (const minute of [10, 15, 20]) await spool.keep(at(minute));

    expect(place.names.length).toBe(2);
  });

  test('counts a lost result once when many are kept at the same time', async () => {
    const { place, spool } = world({ results: 5, bytes: 1_000_000 });
    await spool.size();

    const lost = await Promise.all(Array.from({ length: 20 }, (_, minute) => spool.keep(at(minute))));

    expect(lost.flat().length).toBe(15);
    expect(new Set(lost.flat()).size).toBe(15);
    expect(place.names.length).toBe(5);
  });

  test('counts what was kept while a listing was under way', async () => {
    const { place, spool } = world({ results: 1, bytes: 1_000_000 });
    await spool.size();
    let release = () => {};
    place.listed = new Promise((resolve) => {
      release = resolve;
    });

    const listing = spool.size();
    await spool.keep(at(0));
    release();
    const size = await listing;

    expect(size).toBe(1);
    expect(await spool.keep(at(5))).toEqual([entryNameOf(at(0))]);
  });

  test('does not call lost what it could not remove', async () => {
    const { place, spool } = world({ results: 1, bytes: 1_000_000 });
    await spool.keep(at(0));
    place.failing = ['remove'];

    expect(await spool.keep(at(5))).toEqual([]);
    expect(place.names.length).toBe(2);
  });
});

describe('a spool whose place fails', () => {
  test('rejects what it cannot keep', async () => {
    const { place, spool } = world();
    place.failing = ['write'];

    await expect(spool.keep(at(0))).rejects.toThrow(new StoreError('the place cannot write'));
  });

  test.each(['list', 'read', 'remove'] as const)('says so when it cannot %s, and loses nothing', async (call) => {
    const { place, spool, store } = world();
    await spool.keep(at(0));
    place.failing = [call];

    const drained = await spool.drain(store, always);

    expect(drained.stoppedBy).toEqual(new StoreError(`the place cannot ${call}`));
    expect(place.names.length).toBe(1);
  });
});

describe('two instances that drain one place at once', () => {
  test.each([1, 2, 3, 4, 5])('store every result, count each once and leave nothing (%i)', async (seed) => {
    const place = new MemorySpoolPlace();
    const before = new BoundedSpool(place);
    const results = Array.from({ length: 40 }, (_, index) => (index < 10 ? at(index) : failureAt(index)));
    for (const result of results) await before.keep(result);
    const store = new MemoryResultStore();

    const drains = [0, 1].map((instance) =>
      new BoundedSpool(place).drain(async (result) => {
        // A different interleaving for every seed and instance.
        for (let turn = (minuteOf(result) * (seed + instance)) % 5; turn > 0; turn--) await Promise.resolve();
        await store.save(result);
        return 'stored';
      }, always),
    );
    await Promise.all(drains);

    const stored: string[] = [];
    for await (const row of store.newestFirst({ edge: 'contoso', transaction: 'registration' }, '20261120')) {
      stored.push(row.runId);
    }
    expect(stored).toEqual(results.map(({ runId }) => runId).reverse());
    expect(await store.latest('contoso')).toMatchObject([
      { failuresInARow: 30, since: '2026-11-20T23:10:00.000Z', result: { runId: results.at(-1)?.runId } },
    ]);
    expect(place.names).toEqual([]);
  });
});

function world(limits = { results: 1000, bytes: 1_000_000 }) {
  const place = new MemorySpoolPlace();
  const recorded: number[] = [];
  const store = async (result: TransactionResult) => {
    recorded.push(minuteOf(result));
    return 'stored' as const;
  };
  return { place, spool: new BoundedSpool(place, limits), recorded, store };
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
