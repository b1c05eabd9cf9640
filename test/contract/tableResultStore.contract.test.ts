import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { GetTableEntityOptions } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { StoreError } from '../../shared/store/resultStore.js';
import { type TableClients, tableClients } from '../../shared/store/tableClients.js';
import { TableResultStore } from '../../shared/store/tableResultStore.js';
import { sampleFailure, sampleResult } from '../unit/store/sampleResult.js';
import { type Azurite, connectionStringOf, freePort, startAzurite } from './azurite.js';

describe('Table Storage on which another process writes between our reading and our writing', () => {
  let azurite: Azurite | undefined;
  const open = () => clientsOf(azurite?.connectionString ?? 'not started');
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite?.stop());

  test.each([
    ['no latest row yet', []],
    ['a latest row', [sampleFailure({ scheduledAt: '2026-11-20T09:00:00.000Z' })]],
  ])('with %s, the newer of both stays and both are counted', async (_what, before) => {
    const edge = `between${before.length}`;
    const other = new TableResultStore(open());
    const older = sampleFailure({ edge, scheduledAt: '2026-11-20T10:00:00.000Z' });
    const newer = sampleFailure({ edge, scheduledAt: '2026-11-20T10:05:00.000Z' });
    for (const result of before) await other.save({ ...result, edge });

    await new TableResultStore(interrupted(open(), () => other.save(older))).save(newer);
    await new TableResultStore(
      interrupted(open(), () => other.save({ ...newer, scheduledAt: '2026-11-20T10:15:00.000Z' })),
    ).save({ ...newer, scheduledAt: '2026-11-20T10:10:00.000Z' });

    expect(await other.latest(edge)).toMatchObject([
      { failuresInARow: before.length + 3, result: { scheduledAt: '2026-11-20T10:15:00.000Z' } },
    ]);
  });

  test('time and again, it is a StoreError rather than a wait without end', async () => {
    const edge = 'restless';
    const other = new TableResultStore(open());
    let minute = 10;
    const always = () => other.save(sampleResult({ edge, scheduledAt: `2026-11-20T00:${minute++}:00.000Z` }));
    const result = sampleResult({ edge, scheduledAt: '2026-11-20T01:00:00.000Z' });

    const saved = new TableResultStore(interrupted(open(), always, Number.POSITIVE_INFINITY)).save(result);

    await expect(saved).rejects.toThrow(
      new StoreError(
        'EdgeState: latest row for restless.registration.westeurope.20261120T010000Z not written, another process changed it 8 times',
      ),
    );
  });
});

describe('Table Storage that does not work', () => {
  const result = sampleResult();

  test('refusing connections, it is a StoreError that names table and run, and no key', async () => {
    const store = new TableResultStore(clientsOf(connectionStringOf(await freePort())));

    const failed = await store.save(result).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(StoreError);
    expect(failed).toMatchObject({
      message: 'Results202611: row of contoso.registration.westeurope.20261120T231500Z not written',
      cause: { code: 'ECONNREFUSED' },
    });
    await expect(store.latest('contoso')).rejects.toThrow(new StoreError('EdgeState: latest rows of contoso not read'));
    await expect(firstOf(store, 'contoso', '20261120')).rejects.toThrow(
      new StoreError('Results202611: rows of contoso/registration on 20261120 not read'),
    );
  });

  test('accepting connections and saying nothing, it is a StoreError when the deadline has passed', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const store = new TableResultStore(clientsOf(connectionStringOf(port)), 300);

    const failed = await store.save(result).catch((error: unknown) => error);
    const notRead = await store.latest('contoso').catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(StoreError);
    expect(notRead).toBeInstanceOf(StoreError);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('with an address that cannot be asked for, it is a StoreError as well', async () => {
    const store = new TableResultStore({ table: () => new Promise(() => {}) }, 100);

    await expect(store.save(result)).rejects.toThrow(StoreError);
  });
});

/** The same clients, but something else happens after each of the first `times` readings of a row. */
function interrupted(clients: TableClients, happens: () => Promise<void>, times = 1): TableClients {
  let left = times;
  return {
    async table(name) {
      const table = await clients.table(name);
      const read = table.getEntity.bind(table);
      const getEntity = async (partitionKey: string, rowKey: string, options: GetTableEntityOptions) => {
        const row = await read(partitionKey, rowKey, options).catch((error: unknown) => ({ error }));
        if (left-- > 0) await happens();
        if ('error' in row) throw row.error;
        return row;
      };
      return Object.assign(table, { getEntity });
    },
  };
}

function clientsOf(connectionString: string) {
  return tableClients({ connectionString: new Secret(connectionString) });
}

async function firstOf(store: TableResultStore, edge: string, day: string): Promise<unknown> {
  for await (const result of store.newestFirst({ edge, transaction: 'registration' }, day)) return result;
  return undefined;
}
