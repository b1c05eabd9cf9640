import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../shared/domain/result.js';
import { Secret } from '../../shared/domain/secret.js';
import type { Entity } from '../../shared/store/columns.js';
import { stateTable } from '../../shared/store/keys.js';
import { toLatestEntity } from '../../shared/store/latestEntity.js';
import { MemoryResultStore } from '../../shared/store/memoryResultStore.js';
import { MemoryTables } from '../../shared/store/memoryTables.js';
import { toEntity } from '../../shared/store/resultEntity.js';
import { type ResultStore, StoreError } from '../../shared/store/resultStore.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { TableResultStore } from '../../shared/store/tableResultStore.js';
import { sampleFailure, sampleInconclusive, sampleResult } from '../unit/store/sampleResult.js';
import { type Azurite, startAzurite } from './azurite.js';

/** What the suite needs of a kind of storage beside the store itself. */
interface Storage {
  start(): Promise<void>;
  /** Another process's store on the same storage. */
  open(): ResultStore;
  /** Writes a row behind the store's back. */
  put(table: string, row: Entity): Promise<void>;
  stop(): Promise<void>;
}

describe.each([
  ['memory', inMemory()],
  ['Table Storage', onAzurite()],
])('a result store in %s', (_name, storage) => {
  beforeAll(() => storage.start());
  afterAll(() => storage.stop());

  // An edge of its own for every test, so that none sees another's rows.
  let edgeNumber = 0;
  const nextEdge = () => `edge${++edgeNumber}`;

  test('gives back what was saved, in every detail', async () => {
    const edge = nextEdge();
    const saved = sampleFailure({
      edge,
      warnings: [{ code: 'AUTH_NOT_DEMANDED', step: 'register', message: 'no challenge', degrades: true }],
      followUps: [sampleResult({ edge, transaction: 'sip-federation' })],
    });

    await storage.open().save(saved);

    expect(await day(storage.open(), edge, '20261120')).toEqual([saved]);
    expect(await storage.open().latest(edge)).toEqual([
      {
        edge,
        transaction: 'registration',
        region: 'westeurope',
        result: { ...saved, followUps: [] },
        conclusive: 'failure',
        conclusiveAt: saved.scheduledAt,
        conclusiveCode: 'SIP_ANSWER_TIMEOUT',
        conclusiveLatencyMs: 48.25,
        degraded: true,
        failuresInARow: 1,
        since: saved.scheduledAt,
      },
    ]);
  });

  test('has nothing of an edge, a day or a month that never reported', async () => {
    const store = storage.open();

    expect(await store.latest('nobody')).toEqual([]);
    expect(await day(store, 'nobody', '20261120')).toEqual([]);
    expect(await day(store, 'nobody', '19991231')).toEqual([]);
  });

  test('keeps one row of a result that is saved twice, and counts it once', async () => {
    const edge = nextEdge();
    const failure = sampleFailure({ edge });

    await storage.open().save(failure);
    await storage.open().save(failure);

    expect(await day(storage.open(), edge, '20261120')).toEqual([failure]);
    expect((await storage.open().latest(edge)).map((row) => row.failuresInARow)).toEqual([1]);
  });

  test('keeps runs that somebody asked for apart from the scheduled one, and out of the latest rows', async () => {
    const edge = nextEdge();
    const scheduled = sampleResult({ edge });
    const asked = (random: string) =>
      sampleFailure({
        edge,
        trigger: 'on-demand',
        runId: `${edge}.registration.westeurope.20261120T231500Z.${random}`,
      });

    for (const result of [scheduled, asked('a1'), asked('b2')]) await storage.open().save(result);

    expect((await day(storage.open(), edge, '20261120')).length).toBe(3);
    expect((await storage.open().latest(edge)).map((row) => row.conclusive)).toEqual(['success']);
  });

  test('hands out the newest first, whatever order they came in', async () => {
    const edge = nextEdge();
    const times = ['2026-11-20T10:00:00.000Z', '2026-11-20T23:59:59.000Z', '2026-11-20T00:00:00.000Z'];

    for (const scheduledAt of times) await storage.open().save(sampleResult({ edge, scheduledAt }));

    const read = await day(storage.open(), edge, '20261120');
    expect(read.map((result) => result.scheduledAt)).toEqual([times[1], times[0], times[2]]);
  });

  test('stores an older result that arrives late without moving the latest row back', async () => {
    const edge = nextEdge();
    const newer = sampleResult({ edge, scheduledAt: '2026-11-20T10:05:00.000Z' });
    const older = sampleFailure({ edge, scheduledAt: '2026-11-20T10:00:00.000Z' });

    await storage.open().save(newer);
    await storage.open().save(older);

    expect((await day(storage.open(), edge, '20261120')).length).toBe(2);
    expect((await storage.open().latest(edge)).map((row) => row.result)).toEqual([newer]);
  });

  test('keeps the days on both sides of a month boundary apart', async () => {
    const edge = nextEdge();
    const last = sampleResult({ edge, scheduledAt: '2026-11-30T23:59:59.999Z' });
    const first = sampleResult({ edge, scheduledAt: '2026-12-01T00:00:00.000Z' });

    await storage.open().save(last);
    await storage.open().save(first);

    expect(await day(storage.open(), edge, '20261130')).toEqual([last]);
    expect(await day(storage.open(), edge, '20261201')).toEqual([first]);
  });

  test('loses no update when several processes write latest rows at once', async () => {
    const edge = nextEdge();
    const minutes = ['00', '01', '02', '03', '04'];
    const results = minutes.map((minute) => sampleFailure({ edge, scheduledAt: `2026-11-20T10:${minute}:00.000Z` }));

    await Promise.all(results.map((result) => storage.open().save(result)));

    const [row] = await storage.open().latest(edge);
    expect(row?.result.scheduledAt).toBe('2026-11-20T10:04:00.000Z');
    expect((await day(storage.open(), edge, '20261120')).length).toBe(5);
  });

  test('counts what two processes write in turns as one row of failures', async () => {
    const edge = nextEdge();
    const stores = [storage.open(), storage.open()];

    for (const minute of [0, 1, 2, 3]) {
      await stores[minute % 2]?.save(sampleFailure({ edge, scheduledAt: `2026-11-20T10:0${minute}:00.000Z` }));
    }
    await stores[0]?.save(sampleInconclusive({ edge, scheduledAt: '2026-11-20T10:04:00.000Z' }));

    expect(await storage.open().latest(edge)).toMatchObject([
      { failuresInARow: 4, since: '2026-11-20T10:00:00.000Z', result: { outcome: 'inconclusive' } },
    ]);
  });

  test('has one latest row for every transaction and region', async () => {
    const edge = nextEdge();

    for (const transaction of ['registration', 'presence']) {
      for (const region of ['westeurope', 'eastus'])
        await storage.open().save(sampleResult({ edge, transaction, region }));
    }

    const names = (await storage.open().latest(edge)).map((row) => `${row.transaction} ${row.region}`);
    expect(names.sort()).toEqual([
      'presence eastus',
      'presence westeurope',
      'registration eastus',
      'registration westeurope',
    ]);
  });

  test.each([
    ["quote ' and bar |", "o'neil|x"],
    ['slashes and marks', 'a/b\\c#d?e%f'],
    ['control characters', 'a\tb\nc\u0000d\u007f'],
    ['other scripts', 'büro 東京 😀'],
    ['what an escaped name looks like', 'a~2f~b'],
  ])('takes names with %s', async (_what, weird) => {
    const saved = sampleResult({ edge: `${nextEdge()}${weird}`, transaction: weird, region: weird });
    const series = { edge: saved.edge, transaction: weird };

    await storage.open().save(saved);

    expect(await all(storage.open().newestFirst(series, '20261120'))).toEqual([saved]);
    expect((await storage.open().latest(saved.edge)).map((row) => row.region)).toEqual([weird]);
  });

  test('saves a result whose observations are too large for a row, cut and marked', async () => {
    const edge = nextEdge();
    const huge = 'ü'.repeat(700_000);
    const followUps = Array.from({ length: 40 }, () => sampleFailure({ edge, observations: { huge } }));

    await storage.open().save(sampleFailure({ edge, observations: { small: 1, huge }, followUps }));

    const [read] = await day(storage.open(), edge, '20261120');
    expect(read?.observations).toEqual({ small: 1, truncated: true });
    expect(read?.diagnosis).toEqual(sampleFailure({ edge }).diagnosis);
    expect(read?.followUps).toEqual([]);
  });

  test('saves a result that is as large as every part may be', async () => {
    const edge = nextEdge();
    const many = <T>(item: T) => Array.from({ length: 2000 }, () => item);
    const text = '"\u0001'.repeat(20_000);
    const failure = sampleFailure({ edge });
    const diagnosis = {
      code: 'SIP_ANSWER_TIMEOUT',
      layer: 'sip',
      fault: 'target',
      error: text,
      serverDiagnosis: text,
    } as const;

    await storage.open().save({
      ...failure,
      targetFqdn: text,
      steps: many({ name: 'a-step-with-quite-a-long-name', outcome: 'passed', ms: 1 }),
      diagnosis: { ...diagnosis, causes: [text], next: [text] },
      followUps: many(failure),
      observations: Object.fromEntries(many(0).map((_, index) => [`key${index}`, 'x'.repeat(100)])),
    });

    const [read] = await day(storage.open(), edge, '20261120');
    expect(read).toMatchObject({ outcome: 'failure', observations: { truncated: true } });
    expect(read?.diagnosis).toMatchObject({ code: 'SIP_ANSWER_TIMEOUT', error: text.slice(0, 2000) });
  });

  test('leaves out rows of a newer schema and damaged ones, and ignores columns it does not know', async () => {
    const edge = nextEdge();
    const readable = sampleResult({ edge, scheduledAt: '2026-11-20T10:00:00.000Z' });
    const rowAt = (minute: string) => toEntity(sampleResult({ edge, scheduledAt: `2026-11-20T10:${minute}:00.000Z` }));

    await storage.open().save(sampleResult({ edge, region: 'eastus', scheduledAt: '2026-11-19T10:00:00.000Z' }));
    await storage.put('Results202611', { ...toEntity(readable), inventedLater: 'x' });
    await storage.put('Results202611', { ...rowAt('01'), schema: 2, steps: 'of another kind' });
    await storage.put('Results202611', { ...rowAt('02'), steps: '{"broken' });
    await storage.put('Results202611', { ...rowAt('03'), outcome: 'perhaps' });
    const row = { edge, transaction: 'im', region: 'eastus', degraded: false, failuresInARow: 0 };
    await storage.put(stateTable, {
      ...toLatestEntity({ ...row, result: sampleResult({ edge, transaction: 'im' }) }),
      schema: 2,
    });

    expect(await day(storage.open(), edge, '20261120')).toEqual([readable]);
    expect((await storage.open().latest(edge)).map((latest) => latest.transaction)).toEqual(['registration']);
  });

  test('brings a latest row of a newer schema back to what this version writes', async () => {
    const edge = nextEdge();
    const row = { edge, transaction: 'registration', region: 'westeurope', degraded: false, failuresInARow: 7 };
    await storage.open().save(sampleResult({ edge, region: 'eastus' }));
    await storage.put(stateTable, { ...toLatestEntity({ ...row, result: sampleResult({ edge }) }), schema: 2 });

    await storage.open().save(sampleFailure({ edge }));

    const found = (await storage.open().latest(edge)).find(({ region }) => region === 'westeurope');
    expect(found?.failuresInARow).toBe(1);
  });

  test('hands out the outcomes of a day for counting, over several pages', async () => {
    const edge = nextEdge();
    const seconds = Array.from({ length: 1100 }, (_, index) =>
      new Date(Date.UTC(2026, 10, 20) + index * 10_000).toISOString(),
    );
    const store = storage.open();
    await store.save(sampleInconclusive({ edge, scheduledAt: '2026-11-20T23:00:00.000Z' }));
    const save = (part: number) => seconds.filter((_, index) => index % 10 === part);

    for (let part = 0; part < 10; part++) {
      await Promise.all(
        save(part).map((scheduledAt) => storage.put('Results202611', toEntity(sampleResult({ edge, scheduledAt })))),
      );
    }

    const read = await all(store.outcomes({ edge, transaction: 'registration' }, '20261120'));
    expect(read.length).toBe(1101);
    expect(read[0]).toEqual({ trigger: 'schedule', outcome: 'inconclusive' });
  });

  test('refuses a result that was scheduled at no time, and a day that is none', async () => {
    const save = storage.open().save(sampleResult({ scheduledAt: 'soon', runId: 'contoso.registration.westeurope.x' }));
    const read = day(storage.open(), 'contoso', '2026-11');

    await expect(save).rejects.toThrow(new StoreError('day "soon" is not of the form 20261120'));
    await expect(read).rejects.toThrow(new StoreError('day "2026-11" is not of the form 20261120'));
  });
});

function inMemory(): Storage {
  const tables = new MemoryTables();
  return {
    start: async () => {},
    open: () => new MemoryResultStore(tables),
    put: async (table, row) => {
      tables.put(table, row);
    },
    stop: async () => {},
  };
}

function onAzurite(): Storage {
  let azurite: Azurite | undefined;
  const clients = () => clientsOf(azurite?.connectionString ?? 'not started');
  return {
    start: async () => {
      azurite = await startAzurite();
    },
    open: () => new TableResultStore(clients()),
    put: async (name, row) => {
      const table = await clients().table(name);
      await table.upsertEntity(row, 'Replace');
    },
    stop: async () => azurite?.stop(),
  };
}

function clientsOf(connectionString: string) {
  return tableClients({ connectionString: new Secret(connectionString) });
}

function day(store: ResultStore, edge: string, utcDay: string): Promise<TransactionResult[]> {
  return all(store.newestFirst({ edge, transaction: 'registration' }, utcDay));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
