import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { MemoryResultStore } from '../../shared/store/memoryResultStore.js';
import type { ResultStore, Retention } from '../../shared/store/resultStore.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { TableResultStore } from '../../shared/store/tableResultStore.js';
import { TableRetention } from '../../shared/store/tableRetention.js';
import { sampleResult } from '../unit/store/sampleResult.js';
import { type Azurite, startAzurite } from './azurite.js';

interface Storage {
  start(): Promise<void>;
  open(): { readonly results: ResultStore; readonly retention: Retention };
  stop(): Promise<void>;
}

// Long ago: the service's own time counts as well.
const now = Date.parse('2020-03-15T00:00:00.000Z');
const scheduledAts = ['2019-10-31', '2019-11-01', '2019-12-24', '2020-02-01', '2020-03-01'].map(
  (day) => `${day}T12:00:00.000Z`,
);

describe.each([
  ['memory', inMemory()],
  ['Table Storage', onAzurite()],
])('old results in %s', (_name, storage) => {
  beforeAll(() => storage.start());
  afterAll(() => storage.stop());

  test('are dropped by whole months, the conditions of the edges stay', async () => {
    const { results, retention } = storage.open();
    for (const scheduledAt of scheduledAts) await results.save(sampleResult({ scheduledAt }));

    const dropped = await retention.dropOldTables(now, 90);
    const again = await retention.dropOldTables(now, 90);

    expect(dropped).toEqual(['Results201910', 'Results201911']);
    expect(again).toEqual([]);
    expect(await Promise.all(scheduledAts.map((at) => countOf(results, at)))).toEqual([0, 0, 1, 1, 1]);
    expect((await results.latest('contoso')).length).toBe(1);
  });
});

describe('old results in Table Storage', () => {
  test('stay when a clock of ours has run years ahead of the service', async () => {
    const azurite = await startAzurite();
    const clients = clientsOf(azurite.connectionString);
    const today = new Date().toISOString();
    await new TableResultStore(clients).save(sampleResult({ scheduledAt: today }));

    const dropped = await new TableRetention(clients).dropOldTables(Date.parse('2199-01-01T00:00:00.000Z'), 1);

    expect(dropped).toEqual([]);
    await azurite.stop();
  });
});

async function countOf(results: ResultStore, scheduledAt: string): Promise<number> {
  let count = 0;
  const day = scheduledAt.slice(0, 10).replaceAll('-', '');
  for await (const _ of results.newestFirst({ edge: 'contoso', transaction: 'registration' }, day)) count += 1;
  return count;
}

function inMemory(): Storage {
  const store = new MemoryResultStore();
  return { start: async () => {}, open: () => ({ results: store, retention: store }), stop: async () => {} };
}

function onAzurite(): Storage {
  let azurite: Azurite | undefined;
  return {
    start: async () => {
      azurite = await startAzurite();
    },
    open: () => {
      const clients = clientsOf(azurite?.connectionString ?? 'not started');
      return { results: new TableResultStore(clients), retention: new TableRetention(clients) };
    },
    stop: async () => azurite?.stop(),
  };
}

function clientsOf(connectionString: string) {
  return tableClients({ connectionString: new Secret(connectionString) });
}
