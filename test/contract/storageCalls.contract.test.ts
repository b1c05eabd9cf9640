import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../shared/domain/secret.js';
import { runWithLease } from '../../shared/run/runWithLease.js';
import type { Accounts, World } from '../../shared/run/world.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { TableResultStore } from '../../shared/store/tableResultStore.js';
import { registration } from '../../shared/transactions/registration.js';
import { fakePorts, response } from '../fakes/fakePorts.js';
import { ManualClock } from '../fakes/manualClock.js';
import { sampleAccount, sampleEdge, world } from '../fakes/world.js';
import { type Azurite, startAzurite } from './azurite.js';
import { type CountingProxy, startCountingProxy } from './countingProxy.js';

const accounts = {
  first: sampleAccount(),
  second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example', userName: 'kenmyer' }),
};

describe('the calls to Table Storage of one scheduled run', () => {
  let azurite: Azurite | undefined;
  let proxy: CountingProxy | undefined;
  const counted = () => {
    if (!proxy) throw new Error('the proxy runs only while tests do');
    return proxy;
  };
  beforeAll(async () => {
    azurite = await startAzurite();
    proxy = await startCountingProxy(azurite.connectionString);
  });
  afterAll(async () => {
    proxy?.stop();
    await azurite?.stop();
  });

  test('are three, with one account or two: the first run of a process reads its latest row besides', async () => {
    const prober = open(counted());
    await prober.run(0, accounts);
    counted().take();
    const restarted = open(counted());

    const calls: (readonly string[])[] = [];
    for (const [minute, used] of [accounts, { first: accounts.first }, accounts].entries()) {
      await restarted.run(minute + 1, used);
      calls.push(counted().take());
    }

    const usual = ['POST $batch', 'PUT Results202611', 'POST $batch'];
    expect(calls).toEqual([['POST $batch', 'PUT Results202611', 'GET EdgeState', 'POST $batch'], usual, usual]);
  });

  test.each([
    [1, 'the lease', ['POST $batch', 'POST $batch', 'GET EdgeState', 'PUT Results202611', 'POST $batch']],
    [2, 'the row of the run', ['POST $batch', 'PUT Results202611', 'PUT Results202611', 'POST $batch']],
    [3, 'condition and release', ['POST $batch', 'PUT Results202611', 'POST $batch', 'POST $batch', 'GET EdgeState']],
  ])('may lose answer %s: %s is asked for again, found done, and counts once', async (number, _, expected) => {
    const edge = sampleEdge({ name: `losing${number}` });
    const forbidden = () => fakePorts({ register: [response(403, 'Forbidden')] });
    const prober = open(counted());
    await prober.run(0, accounts, { edge, ports: forbidden() });
    counted().take();

    counted().loseAnswer(number);
    const run = await prober.run(1, accounts, { edge, ports: forbidden() });
    const calls = counted().take();
    const next = await prober.run(2, accounts, { edge, ports: forbidden() });

    expect(calls).toEqual(expected);
    expect([run.diagnosis?.code, next.diagnosis?.code]).toEqual(['SIP_REQUEST_FORBIDDEN', 'SIP_REQUEST_FORBIDDEN']);
    expect((await prober.results.latest(edge.name)).map((row) => row.failuresInARow)).toEqual([3]);
  });

  test('are two where it needs no account', async () => {
    const prober = open(counted());
    await prober.run(20, {});
    counted().take();

    await prober.run(21, {});

    expect(counted().take()).toEqual(['PUT Results202611', 'POST $batch']);
  });

  test('are three and a release of its own where the lease may have expired meanwhile', async () => {
    const clock = new ManualClock();
    const prober = open(counted(), clock);
    await prober.run(30, accounts);
    counted().take();

    await prober.run(31, accounts, {}, () => clock.block(3_600_000));

    expect(counted().take().slice(2)).toEqual(['POST $batch', 'DELETE EdgeState', 'DELETE EdgeState']);
  });
});

function open(proxy: CountingProxy, clock = new ManualClock()) {
  const clients = tableClients({ connectionString: new Secret(proxy.connectionString) });
  const lease = new TableAccountLease(clients);
  const results = new TableResultStore(clients);
  const leasing = { lease, waitMs: 0, force: false, retries: [], random: Math.random };
  return {
    results,
    async run(minute: number, used: Accounts, differs: Partial<World> = {}, beforeStoring = () => {}) {
      const scheduledAt = Date.UTC(2026, 10, 20, 10, minute);
      const token = (length: number) => `${Math.random()}`.slice(2).padEnd(length, '0');
      const here = world({ clock, accounts: used, ports: fakePorts(), scheduledAt, token, ...differs });
      const { result, ending } = await runWithLease(registration, here, leasing);
      beforeStoring();
      await results.save(result, ending);
      return result;
    },
  };
}
