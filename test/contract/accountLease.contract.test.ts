import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import type {
  AccountLease,
  HeldLease,
  LeaseAnswer,
  LeaseEnding,
  LeaseRequest,
  Parking,
} from '../../shared/store/accountLease.js';
import type { Entity } from '../../shared/store/columns.js';
import { stateTable } from '../../shared/store/keys.js';
import { toLeaseEntity } from '../../shared/store/leaseEntity.js';
import { MemoryAccountLease } from '../../shared/store/memoryAccountLease.js';
import { MemoryResultStore } from '../../shared/store/memoryResultStore.js';
import { MemoryTables } from '../../shared/store/memoryTables.js';
import { ReadOnlyLease } from '../../shared/store/readOnlyLease.js';
import type { ResultStore } from '../../shared/store/resultStore.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { TableResultStore } from '../../shared/store/tableResultStore.js';
import { TableStateRows } from '../../shared/store/tableStateRows.js';
import { sampleInconclusive, sampleResult } from '../unit/store/sampleResult.js';
import { type Azurite, startAzurite } from './azurite.js';

/** One process's view of a storage. */
interface Opened {
  readonly lease: AccountLease;
  readonly readOnly: AccountLease;
  readonly results: ResultStore;
}

/** What the suite needs of a kind of storage. */
interface Storage {
  start(): Promise<void>;
  open(): Opened;
  /** Writes a row behind everybody's back. */
  put(row: Entity): Promise<void>;
  stop(): Promise<void>;
}

const pilar = 'sip:pilar@contoso.example';
const kenmyer = 'sip:kenmyer@contoso.example';
const parking: Parking = {
  parkedAt: '2026-11-20T23:15:00.000Z',
  triedAt: '2026-11-20T23:15:00.000Z',
  fingerprint: { salt: 'c2FsdA==', mark: 'bWE=' },
};

describe.each([
  ['memory', inMemory()],
  ['Table Storage', onAzurite()],
])('account leases in %s', (_name, storage) => {
  beforeAll(() => storage.start());
  afterAll(() => storage.stop());

  // An edge of its own for every test, so that none meets another's leases.
  let edgeNumber = 0;
  const nextEdge = () => `edge${++edgeNumber}`;

  test('give an account to one run, and to the next once it was released', async () => {
    const edge = nextEdge();
    const lease = await taken(storage.open().lease, request({ edge }));

    const meanwhile = await storage.open().lease.acquire(request({ edge, by: 'im from eastus' }));
    await storage.open().lease.release(ending(lease));
    const afterwards = await storage.open().lease.acquire(request({ edge }));

    expect(meanwhile).toEqual({ kind: 'busy', account: pilar, by: 'registration from westeurope' });
    expect(afterwards.kind).toBe('taken');
  });

  test('of one edge do not touch those of another', async () => {
    await taken(storage.open().lease, request({ edge: nextEdge() }));

    expect((await storage.open().lease.acquire(request({ edge: nextEdge() }))).kind).toBe('taken');
  });

  test('give both accounts or none', async () => {
    const edge = nextEdge();
    await taken(storage.open().lease, request({ edge, accounts: [kenmyer] }));

    const both = await storage.open().lease.acquire(request({ edge, accounts: [pilar, kenmyer] }));
    const other = await storage.open().lease.acquire(request({ edge, accounts: [pilar] }));

    expect(both).toMatchObject({ kind: 'busy', account: kenmyer });
    expect(other.kind).toBe('taken');
  });

  test('take spellings that differ in case alone for one account', async () => {
    const edge = nextEdge();
    await taken(storage.open().lease, request({ edge }));

    const shouted = await storage.open().lease.acquire(request({ edge, accounts: [pilar.toUpperCase()] }));

    expect(shouted.kind).toBe('busy');
  });

  test('go to exactly one of twenty runs that ask at once, whatever the order of their accounts', async () => {
    const edge = nextEdge();
    const orders = [[pilar, kenmyer], [kenmyer, pilar], [kenmyer], [pilar]];
    const asked = Array.from({ length: 20 }, (_, index) => request({ edge, accounts: orders[index % 2] ?? [] }));

    const answers = await Promise.all(asked.map((wanted) => storage.open().lease.acquire(wanted)));

    expect(answers.filter(({ kind }) => kind === 'taken').length).toBe(1);
  });

  test('are had by the run that asks again because the answer was lost', async () => {
    const edge = nextEdge();
    const wanted = request({ edge, accounts: [pilar, kenmyer] });
    await taken(storage.open().lease, wanted);

    const again = await taken(storage.open().lease, wanted);
    await storage.open().lease.release(ending(again));

    expect((await storage.open().lease.acquire(request({ edge, accounts: [pilar, kenmyer] }))).kind).toBe('taken');
  });

  test('of a run that was killed expire by themselves, and its late release frees nobody else', async () => {
    const edge = nextEdge();
    const dead = await taken(storage.open().lease, request({ edge, forMs: 500 }));

    expect((await storage.open().lease.acquire(request({ edge }))).kind).toBe('busy');
    const successor = await takenBy(storage.open().lease, () => request({ edge }), 5_000);
    await storage.open().lease.release(ending(dead));
    await storage.open().lease.release(ending(dead, [pilar]));

    expect(successor.accounts.map(({ account }) => account)).toEqual([pilar]);
    expect((await storage.open().lease.acquire(request({ edge }))).kind).toBe('busy');
  });

  test('may be released twice', async () => {
    const edge = nextEdge();
    const { lease } = storage.open();
    const held = await taken(lease, request({ edge, accounts: [pilar, kenmyer] }));

    await lease.release(ending(held));
    await lease.release(ending(held));

    expect((await lease.acquire(request({ edge }))).kind).toBe('taken');
  });

  test('are released together with the result, which may be the first of its series or not', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();

    for (const minute of ['00', '05', '10']) {
      const held = await taken(lease, request({ edge, accounts: [pilar, kenmyer] }));
      await results.save(sampleResult({ edge, scheduledAt: `2026-11-20T10:${minute}:00.000Z` }), ending(held));
    }

    expect((await lease.acquire(request({ edge, accounts: [pilar, kenmyer] }))).kind).toBe('taken');
    expect((await results.latest(edge)).map((row) => row.result.scheduledAt)).toEqual(['2026-11-20T10:10:00.000Z']);
  });

  test('are released by a result that changes no latest row: one asked for, and a second firing', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();
    const scheduled = sampleResult({ edge });
    const asked = sampleResult({ edge, trigger: 'on-demand', runId: `${scheduled.runId}.k3v9q1` });

    for (const result of [scheduled, asked, scheduled]) {
      await results.save(result, ending(await taken(lease, request({ edge }))));
    }

    expect((await lease.acquire(request({ edge }))).kind).toBe('taken');
    expect((await results.latest(edge)).length).toBe(1);
  });

  test('are released where another process of the region wrote the latest row in between', async () => {
    const edge = nextEdge();
    const [one, other] = [storage.open(), storage.open()];
    const at = (minute: number) => sampleResult({ edge, scheduledAt: `2026-11-20T10:0${minute}:00.000Z` });
    await one.results.save(at(0));
    await other.results.save(at(1));

    await one.results.save(at(2), ending(await taken(one.lease, request({ edge }))));

    expect((await one.lease.acquire(request({ edge }))).kind).toBe('taken');
    expect((await one.results.latest(edge)).map((row) => row.result.scheduledAt)).toEqual([at(2).scheduledAt]);
  });

  test('of somebody else stay, when a result comes so late that its own lease may have been taken over', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();
    const late = await taken(lease, request({ edge, forMs: 300 }));
    await takenBy(lease, () => request({ edge }), 5_000);

    await results.save(sampleResult({ edge }), { ...ending(late), certainForMs: () => -1 });

    expect((await lease.acquire(request({ edge }))).kind).toBe('busy');
    expect((await results.latest(edge)).length).toBe(1);
  });

  test('are released also where the result cannot be stored', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();
    const held = await taken(lease, request({ edge }));

    await expect(results.save(sampleResult({ edge, scheduledAt: 'never' }), ending(held))).rejects.toThrow();

    expect((await lease.acquire(request({ edge }))).kind).toBe('taken');
  });

  test('of a refused account are parked: whoever comes next is told, and may not have the other one either', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();
    const held = await taken(lease, request({ edge, accounts: [pilar, kenmyer] }));

    await results.save(sampleResult({ edge }), ending(held, [pilar]));
    const next = await storage.open().lease.acquire(request({ edge, accounts: [pilar, kenmyer] }));
    const unconcerned = await storage.open().lease.acquire(request({ edge, accounts: [kenmyer] }));

    expect(next).toMatchObject({ kind: 'parked', parked: { account: pilar, parking } });
    expect(next.kind === 'parked' && Math.abs(next.parked.sinceTriedMs)).toBeLessThan(5_000);
    expect(unconcerned.kind).toBe('taken');
  });

  test('of a parked account go to one of those that may try it, and back to parked as that run leaves it', async () => {
    const edge = nextEdge();
    const { lease } = storage.open();
    await lease.release(ending(await taken(lease, request({ edge })), [pilar]));
    const triedAt = '2026-11-20T23:45:00.000Z';
    const asking = () => request({ edge, at: triedAt, mayTry: async () => true });

    const answers = await Promise.all([1, 2, 3, 4].map(() => storage.open().lease.acquire(asking())));
    const tries = answers.flatMap((answer) => (answer.kind === 'taken' ? [answer.lease] : []));
    const [held] = tries;
    if (held) await lease.release(ending(held, [pilar], { ...parking, triedAt }));

    expect(answers.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'taken']);
    expect(held?.accounts[0]?.parking).toEqual({ ...parking, triedAt });
    expect(await lease.acquire(request({ edge }))).toMatchObject({ kind: 'parked', parked: { parking: { triedAt } } });
  });

  test('of a parked account are free again once a run left it so', async () => {
    const edge = nextEdge();
    const { lease, results } = storage.open();
    await lease.release(ending(await taken(lease, request({ edge })), [pilar]));

    const lifted = await taken(lease, request({ edge, mayTry: async () => true }));
    await results.save(sampleResult({ edge }), ending(lifted));

    expect((await lease.acquire(request({ edge }))).kind).toBe('taken');
  });

  test('of a run that was killed while it tried a parked account leave it parked, and count as that try', async () => {
    const edge = nextEdge();
    const { lease } = storage.open();
    await lease.release(ending(await taken(lease, request({ edge })), [pilar]));
    const triedAt = '2026-11-20T23:45:00.000Z';
    await taken(lease, request({ edge, forMs: 300, at: triedAt, mayTry: async () => true }));

    const next = await answered(
      lease,
      () => request({ edge }),
      ({ kind }) => kind !== 'busy',
      5_000,
    );

    expect(next).toMatchObject({ kind: 'parked', parked: { parking: { ...parking, triedAt } } });
  });

  test('tell a reader that takes none which account is parked, and pass over what is in use', async () => {
    const edge = nextEdge();
    const { lease, readOnly } = storage.open();
    await lease.release(ending(await taken(lease, request({ edge })), [pilar]));
    await taken(lease, request({ edge, accounts: [kenmyer] }));

    const parked = await readOnly.acquire(request({ edge, accounts: [kenmyer, pilar] }));
    const tried = await readOnly.acquire(request({ edge, accounts: [kenmyer, pilar], mayTry: async () => true }));

    expect(parked).toMatchObject({ kind: 'parked', parked: { account: pilar } });
    expect(tried).toEqual({ kind: 'taken', lease: { edge, accounts: [] } });
    expect((await lease.acquire(request({ edge }))).kind).toBe('parked');
  });

  test('that a newer version wrote are respected for as long as a run may last', async () => {
    const edge = nextEdge();
    const holding = { holder: 'x', by: 'y', at: parking.parkedAt, forMs: 1 };
    await storage.open().results.save(sampleInconclusive({ edge }));
    await storage.put({ ...toLeaseEntity({ edge, account: pilar, holding }), schema: 2, heldForMs: 'a minute' });

    const answer = await storage.open().lease.acquire(request({ edge }));

    expect(answer).toEqual({ kind: 'busy', account: pilar, by: undefined });
  });
});

/** A request as a run would make it, by a holder of its own. */
function request(differs: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    edge: 'contoso',
    accounts: [pilar],
    holder: `holder-${Math.random()}`,
    by: 'registration from westeurope',
    at: parking.parkedAt,
    forMs: 60_000,
    mayTry: async () => false,
    ...differs,
  };
}

async function taken(lease: AccountLease, wanted: LeaseRequest): Promise<HeldLease> {
  const answer = await lease.acquire(wanted);
  if (answer.kind !== 'taken') throw new Error(`expected the lease, got ${JSON.stringify(answer)}`);
  return answer.lease;
}

async function takenBy(lease: AccountLease, ask: () => LeaseRequest, withinMs: number): Promise<HeldLease> {
  const answer = await answered(lease, ask, ({ kind }) => kind === 'taken', withinMs);
  if (answer.kind !== 'taken') throw new Error(`expected the lease, got ${JSON.stringify(answer)}`);
  return answer.lease;
}

/** Asks until the answer is good, or time is up. */
async function answered(
  lease: AccountLease,
  ask: () => LeaseRequest,
  isGood: (answer: LeaseAnswer) => boolean,
  withinMs: number,
): Promise<LeaseAnswer> {
  for (const endsAt = performance.now() + withinMs; ; ) {
    const answer = await lease.acquire(ask());
    if (isGood(answer) || performance.now() > endsAt) return answer;
    await wait(100);
  }
}

function ending(lease: HeldLease, parked: readonly string[] = [], as = parking): LeaseEnding {
  return { lease, parked: new Map(parked.map((account) => [account, as])), certainForMs: () => 60_000 };
}

function inMemory(): Storage {
  const tables = new MemoryTables();
  return {
    start: async () => {},
    open: () => ({
      lease: new MemoryAccountLease(tables),
      readOnly: new ReadOnlyLease(tables),
      results: new MemoryResultStore(tables),
    }),
    put: async (row) => {
      tables.put(stateTable, row);
    },
    stop: async () => {},
  };
}

function onAzurite(): Storage {
  let azurite: Azurite | undefined;
  const clients = () => tableClients({ connectionString: new Secret(azurite?.connectionString ?? 'not started') });
  return {
    start: async () => {
      azurite = await startAzurite();
    },
    open: () => ({
      lease: new TableAccountLease(clients()),
      readOnly: new ReadOnlyLease(new TableStateRows(clients())),
      results: new TableResultStore(clients()),
    }),
    put: async (row) => {
      await (await clients().table(stateTable)).upsertEntity(row, 'Replace');
    },
    stop: async () => azurite?.stop(),
  };
}
