import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { stateTable } from '../../shared/store/keys.js';
import { StoreError } from '../../shared/store/resultStore.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
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

describe('Table Storage whose tables somebody deletes in the middle of a run', () => {
  test('gets them back with the result, and the account is free', async () => {
    const azurite = await startAzurite();
    const clients = clientsOf(azurite.connectionString);
    const [store, lease] = [new TableResultStore(clients), new TableAccountLease(clients)];
    const request = {
      edge: 'contoso',
      accounts: ['sip:pilar@contoso.example'],
      by: 'x',
      at: '2026-11-20T23:15:00.000Z',
    };
    const asked = { ...request, holder: 'one', forMs: 60_000, mayTry: async () => false };
    await store.save(sampleResult({ scheduledAt: '2026-11-20T10:00:00.000Z' }));
    const answer = await lease.acquire(asked);
    if (answer.kind !== 'taken') throw new Error('the account is not to be had');
    const service = await clients.service();
    for (const name of [stateTable, 'Results202611']) await service.deleteTable(name);

    const later = sampleResult({ scheduledAt: '2026-11-20T10:05:00.000Z' });
    await store.save(later, { lease: answer.lease, parked: new Map(), certainForMs: () => 60_000 });

    expect((await store.latest('contoso')).map(({ result }) => result)).toEqual([later]);
    expect(await firstOf(store, 'contoso', '20261120')).toEqual(later);
    expect((await lease.acquire({ ...asked, holder: 'two' })).kind).toBe('taken');
    await azurite.stop();
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
    const silent = () => new Promise<never>(() => {});
    const store = new TableResultStore({ table: silent, service: silent }, 100);

    await expect(store.save(result)).rejects.toThrow(StoreError);
  });
});

/** The same clients, but something else happens before each of the first `times` writes to `EdgeState`. */
function interrupted(clients: TableClients, happens: () => Promise<void>, times = 1): TableClients {
  let left = times;
  const interrupt = async (table: TableClient): Promise<TableClient> => {
    const write = table.submitTransaction.bind(table);
    const submitTransaction: typeof write = async (actions, options) => {
      if (left-- > 0) await happens();
      return write(actions, options);
    };
    return Object.assign(table, { submitTransaction });
  };
  const state = clients.table(stateTable).then(interrupt);
  return { ...clients, table: (name) => (name === stateTable ? state : clients.table(name)) };
}

function clientsOf(connectionString: string) {
  return tableClients({ connectionString: new Secret(connectionString) });
}

async function firstOf(store: TableResultStore, edge: string, day: string): Promise<unknown> {
  for await (const result of store.newestFirst({ edge, transaction: 'registration' }, day)) return result;
  return undefined;
}
