import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../shared/domain/clock.js';
import { diagnosis } from '../../../shared/domain/diagnosis.js';
import { Secret } from '../../../shared/domain/secret.js';
import type { Leasing } from '../../../shared/run/leaseAccounts.js';
import { type FinishedRun, runWithLease } from '../../../shared/run/runWithLease.js';
import type { World } from '../../../shared/run/world.js';
import { MemoryAccountLease } from '../../../shared/store/memoryAccountLease.js';
import { MemoryTables } from '../../../shared/store/memoryTables.js';
import { StoreError } from '../../../shared/store/resultStore.js';
import { registration } from '../../../shared/transactions/registration.js';
import { fakePorts, registered, removed } from '../../fakes/fakePorts.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleTransaction } from '../../fakes/sampleTransaction.js';
import { seededRandom } from '../../fakes/seededRandom.js';
import { sampleAccount, sampleEdge, world } from '../../fakes/world.js';

const minuteMs = 60_000;
const refusing = () => fakePorts({ register: [{ throws: 'AUTH_CREDENTIALS_REJECTED' }] });

/** A prober with its storage in memory; everything in it runs by one clock. */
function prober(clock = new ManualClock()) {
  const lease = new MemoryAccountLease(new MemoryTables(clock));
  const random = seededRandom(1);
  let runs = 0;
  /** Begins a run of registration and leaves its accounts leased. */
  const begin = (differs: Partial<World> = {}, how: Partial<Leasing> = {}): Promise<FinishedRun> => {
    const leasing = { lease, waitMs: 20_000, force: false, retries: [], random, ...how };
    const token = (length: number) => `run${++runs}`.padEnd(length, '-');
    return runWithLease(registration, world({ clock, token, ports: fakePorts(), ...differs }), leasing);
  };
  /** The same, and gives the accounts back. */
  const run = async (differs: Partial<World> = {}, how: Partial<Leasing> = {}): Promise<FinishedRun> => {
    const finished = await begin(differs, how);
    if (finished.ending) await lease.release(finished.ending);
    return finished;
  };
  return { clock, lease, begin, run };
}

/** As `clock`, with a wall clock that somebody has set. */
function stepped(clock: Clock, byMs: () => number): Clock {
  return {
    now: () => clock.now() + byMs(),
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms, callback),
  };
}

function ended(run: Promise<FinishedRun>): { finished: FinishedRun | undefined } {
  const seen: { finished: FinishedRun | undefined } = { finished: undefined };
  void run.then((finished) => {
    seen.finished = finished;
  });
  return seen;
}

describe('a run and its accounts', () => {
  test('are one with the other until both are given back', async () => {
    const { begin, lease } = prober();

    const { result, ending } = await begin();

    expect(result).toMatchObject({ outcome: 'success', prober: { leaseWaitMs: 0 } });
    expect(ending?.lease.accounts.map(({ account }) => account)).toEqual(['sip:pilar@contoso.example']);
    if (ending) await lease.release(ending);
    expect((await begin()).result.outcome).toBe('success');
  });

  test('waits for its accounts, which is neither latency nor lateness', async () => {
    const { clock, begin, lease } = prober();
    const first = await begin();

    const second = ended(begin());
    await clock.advance(7_000);
    if (first.ending) await lease.release(first.ending);
    await clock.advance(3_000);

    const result = second.finished?.result;
    expect(result).toMatchObject({ outcome: 'success', latencyMs: 0, prober: { lateMs: 0 } });
    expect(result?.prober.leaseWaitMs).toBeGreaterThanOrEqual(7_000);
    expect(result?.prober.leaseWaitMs).toBeLessThanOrEqual(9_000);
  });

  test('that others keep for twenty seconds are not to be had: inconclusive, every step skipped', async () => {
    const { clock, begin } = prober();
    await begin({ region: 'eastus' });

    const second = ended(begin());
    await clock.advance(19_999);
    expect(second.finished).toBeUndefined();
    await clock.advance(1);

    expect(second.finished?.ending).toBeUndefined();
    expect(second.finished?.result).toMatchObject({
      outcome: 'inconclusive',
      latencyMs: 0,
      diagnosis: {
        code: 'PROBER_ACCOUNT_BUSY',
        error: 'sip:pilar@contoso.example is in use by registration from eastus and did not come free within 20000 ms',
      },
      prober: { leaseWaitMs: 20_000, lateMs: 0 },
    });
    expect(second.finished?.result.steps.map(({ outcome }) => outcome)).toEqual(Array(5).fill('skipped'));
    expect(clock.pending).toBe(0);
  });

  test('are waited for no longer than somebody who waits for the run is ready to', async () => {
    const { clock, begin } = prober();
    await begin();

    const asked = ended(begin({ trigger: 'on-demand', scheduledAt: undefined }, { waitMs: 5_000 }));
    await clock.advance(5_000);

    expect(asked.finished?.result.diagnosis?.code).toBe('PROBER_ACCOUNT_BUSY');
  });

  test('are not waited for any longer when the process is being stopped', async () => {
    const { clock, begin } = prober();
    await begin();
    const stop = new AbortController();

    const second = ended(begin({ stop: stop.signal }));
    await clock.advance(1_000);
    stop.abort(new Error('stop'));
    await clock.advance(0);

    expect(second.finished?.result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: { code: 'PROBER_RUN_ABORTED', error: 'the prober was stopped while the run waited for its accounts' },
    });
    expect(clock.pending).toBe(0);
  });

  test('come free by themselves when the run was killed: after its deadline, its clean-up and a margin', async () => {
    const { clock, begin } = prober();
    await begin({ deadlineMs: 30_000 });

    await clock.advance(49_999);
    const before = ended(begin({}, { waitMs: 0 }));
    await clock.advance(0);
    await clock.advance(1);
    const after = ended(begin({}, { waitMs: 0 }));
    await clock.advance(0);

    expect(before.finished?.result.diagnosis?.code).toBe('PROBER_ACCOUNT_BUSY');
    expect(after.finished?.result.outcome).toBe('success');
  });

  test('are not asked for without a lease, without accounts, and where a secret is missing', async () => {
    const { begin } = prober();
    const lease = {
      acquire: () => Promise.reject(new Error('nobody asks')),
      release: () => Promise.reject(new Error('nobody releases')),
    };
    const idle = sampleTransaction(async ({ step }) => step('first', async () => {}));

    const without = await runWithLease(registration, world(), undefined);
    const accountless = await runWithLease(idle, world({ accounts: {} }), {
      lease,
      waitMs: 0,
      force: false,
      retries: [],
      random: () => 0,
    });
    const missing = diagnosis('CONFIG_SECRET_MISSING', { error: 'no password' });
    const secretless = await begin({ accounts: { missing } }, { lease });

    expect([without.result.outcome, accountless.result.outcome]).toEqual(['success', 'success']);
    expect(secretless.result.diagnosis?.code).toBe('CONFIG_SECRET_MISSING');
  });

  test('cannot be had while the storage is away: inconclusive at once, with its reason, and logged', async () => {
    const { begin } = prober();
    const error = new StoreError('EdgeState: accounts of contoso not leased', {
      cause: new Error('connect ECONNREFUSED'),
    });
    const logged: unknown[] = [];
    const lease = { acquire: () => Promise.reject(error), release: async () => {} };

    const { result, ending } = await begin({ onUnexpected: (found) => logged.push(found) }, { lease });

    expect(ending).toBeUndefined();
    expect(logged).toEqual([error]);
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: {
        code: 'PROBER_STORAGE_UNREACHABLE',
        error: 'EdgeState: accounts of contoso not leased (connect ECONNREFUSED)',
      },
    });
  });
});

describe('storage that is away, with accounts that only this process uses', () => {
  const away = () => {
    const lease = { acquire: () => Promise.reject(new StoreError('EdgeState: not leased')), release: async () => {} };
    const clock = new ManualClock();
    return { clock, how: { lease, duringOutage: new MemoryAccountLease(new MemoryTables(clock)) } };
  };

  test('does not keep a run from its proof, and is told to whoever stores the result', async () => {
    const { clock, how } = away();

    const { result, ending, storageAway } = await prober(clock).begin({}, how);

    expect(result.outcome).toBe('success');
    expect(ending).toBeUndefined();
    expect(storageAway).toBe('EdgeState: not leased');
  });

  test('still lets one run at a time have them, and gives them back', async () => {
    const { clock, how } = away();
    const { begin } = prober(clock);
    const slow = fakePorts({
      register: [() => new Promise((resolve) => clock.after(3_000, () => resolve(registered))), removed],
    });

    const first = ended(begin({ ports: slow }, how));
    const second = ended(begin({}, how));
    await clock.advance(2_000);
    const early = second.finished;
    await clock.advance(10_000);

    expect(early).toBeUndefined();
    expect([first.finished?.result.outcome, second.finished?.result.outcome]).toEqual(['success', 'success']);
    expect(second.finished?.result.prober.leaseWaitMs).toBeGreaterThan(0);
  });
});

describe('a wall clock that is set', () => {
  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('an hour %s frees no account early, and blocks none', async (_, byMs) => {
    const { clock, begin } = prober();
    let step = 0;
    const wall = stepped(clock, () => step);
    const first = await begin({ clock: wall, deadlineMs: 30_000 });
    step = byMs;

    const tooEarly = ended(begin({ clock: wall }));
    await clock.advance(20_000);
    await clock.advance(30_000);
    const afterwards = ended(begin({ clock: wall }));
    await clock.advance(0);

    expect(tooEarly.finished?.result).toMatchObject({
      diagnosis: { code: 'PROBER_ACCOUNT_BUSY' },
      prober: { leaseWaitMs: 20_000 },
    });
    expect(afterwards.finished?.result.outcome).toBe('success');
    expect(first.ending?.certainForMs()).toBeLessThanOrEqual(0);
  });

  test('makes nobody sure of a lease that may be over', async () => {
    const clock = new ManualClock();
    let step = 0;
    const { ending } = await prober(clock).begin({ clock: stepped(clock, () => step), deadlineMs: 30_000 });

    const before = ending?.certainForMs();
    step = 3_600_000;

    expect(before).toBe(50_000);
    expect(ending?.certainForMs()).toBeLessThan(0);
  });
});

describe('refused credentials', () => {
  const retries = ['first'] as const;

  test('fail the run that was refused, and park the account for those that come after', async () => {
    const { clock, run } = prober();
    const refused = await run({ ports: refusing() });
    await clock.advance(5 * minuteMs);
    const ports = fakePorts();

    const next = await run({ ports }, { retries });

    expect(refused.result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'AUTH_CREDENTIALS_REJECTED' } });
    expect(next.result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: {
        code: 'AUTH_ACCOUNT_PARKED',
        layer: 'auth',
        error:
          'sip:pilar@contoso.example is parked: the server refused its credentials at 2026-11-20T23:15:00.000Z, they have not changed since and were last tried 5 minutes ago',
      },
    });
    expect(ports.calls).toEqual([]);
  });

  test('are tried again by the one transaction that may, after half an hour and not before', async () => {
    const { clock, run } = prober();
    await run({ ports: refusing() });

    const codes: (string | undefined)[] = [];
    for (const minutes of [29, 1, 29, 1]) {
      await clock.advance(minutes * minuteMs);
      codes.push((await run({ ports: refusing() })).result.diagnosis?.code);
      codes.push((await run({ ports: refusing() }, { retries })).result.diagnosis?.code);
    }

    const [parked, refused] = ['AUTH_ACCOUNT_PARKED', 'AUTH_CREDENTIALS_REJECTED'];
    expect(codes).toEqual([parked, parked, parked, refused, parked, parked, parked, refused]);
  });

  test('are forgotten once a try succeeds', async () => {
    const { clock, run } = prober();
    await run({ ports: refusing() });
    await clock.advance(30 * minuteMs);

    const tried = await run({}, { retries });
    const next = await run();

    expect([tried.result.outcome, next.result.outcome]).toEqual(['success', 'success']);
  });

  test('stay parked where the try proved nothing, and wait another half hour', async () => {
    const { clock, run } = prober();
    await run({ ports: refusing() });
    await clock.advance(30 * minuteMs);
    const unreachable = fakePorts({ connectTcp: () => Promise.reject(new Error('no route')) });

    await run({ ports: unreachable }, { retries });
    await clock.advance(29 * minuteMs);
    const next = await run({}, { retries });

    expect(next.result.diagnosis).toMatchObject({
      code: 'AUTH_ACCOUNT_PARKED',
      error: expect.stringContaining('refused its credentials at 2026-11-20T23:15:00.000Z'),
    });
  });

  test.each([
    ['another password', { password: new Secret('battery staple') }],
    ['another user name', { userName: 'CONTOSO\\pilar' }],
  ])(
    'are tried at once by any run when they have become %s, and parked anew when those are refused',
    async (_, differs) => {
      const { clock, run } = prober();
      await run({ ports: refusing() });
      const accounts = { first: sampleAccount(differs) };
      await clock.advance(minuteMs);

      const changed = await run({ accounts, ports: refusing() });
      const again = await run({ accounts });
      const changedBack = await run();

      expect(changed.result.diagnosis?.code).toBe('AUTH_CREDENTIALS_REJECTED');
      expect(again.result.diagnosis).toMatchObject({
        code: 'AUTH_ACCOUNT_PARKED',
        error: expect.stringContaining('at 2026-11-20T23:16:00.000Z'),
      });
      expect(changedBack.result.outcome).toBe('success');
    },
  );

  test('are used all the same by a run that is forced', async () => {
    const { run } = prober();
    await run({ ports: refusing() });

    const forced = await run({}, { force: true });

    expect(forced.result.outcome).toBe('success');
    expect((await run()).result.outcome).toBe('success');
  });

  test('of one account leave the other one alone', async () => {
    const { run } = prober();
    const both = { first: sampleAccount(), second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example' }) };
    await run({ accounts: both, ports: refusing() });

    const second = await run({ accounts: { first: both.second } });
    const either = await run({ accounts: both });

    expect(second.result.outcome).toBe('success');
    expect(either.result.diagnosis?.error).toContain('sip:pilar@contoso.example is parked');
  });

  test('at one edge say nothing about an account of that name at another', async () => {
    const { run } = prober();
    await run({ ports: refusing() });

    const other = await run({
      edge: sampleEdge({ name: 'fabrikam' }),
      ports: fakePorts({ register: [registered, removed] }),
    });

    expect(other.result.outcome).toBe('success');
  });
});
