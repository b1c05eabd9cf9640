import { expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { runWithLease } from '../../../shared/run/runWithLease.js';
import { MemoryAccountLease } from '../../../shared/store/memoryAccountLease.js';
import { MemoryTables } from '../../../shared/store/memoryTables.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleTransaction } from '../../fakes/sampleTransaction.js';
import { seededRandom } from '../../fakes/seededRandom.js';
import { sampleAccount, world } from '../../fakes/world.js';

const regions = ['westeurope', 'eastus', 'southeastasia'];
const first = sampleAccount();
const second = sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example' });
/** Two transactions use one account, two use both. */
const uses = { registration: { first }, 'xmpp-im': { first }, presence: { first, second }, im: { first, second } };
const minutes = 10;
const runMs = 2_500;

test('three regions with four transactions each share a pair for ten minutes: nobody meets, and all run when they are staggered', async () => {
  const { results, mostAtOnce } = await tenMinutes((series) => series * 5_000);

  expect(mostAtOnce).toBe(1);
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(regions.length * 4 * minutes).fill('success'));
  expect(Math.max(...results.map(({ prober }) => prober.leaseWaitMs))).toBe(0);
});

test('when all twelve ask at the same second there is no room for all of them, nobody meets, and nobody always loses', async () => {
  const { results, mostAtOnce } = await tenMinutes(() => 0);

  const successes = new Map<string, number>();
  for (const { region, transaction, outcome } of results) {
    const name = `${region} ${transaction}`;
    successes.set(name, (successes.get(name) ?? 0) + (outcome === 'success' ? 1 : 0));
  }
  const codes = new Set(results.flatMap(({ diagnosis }) => diagnosis?.code ?? []));
  expect(mostAtOnce).toBe(1);
  expect([...codes]).toEqual(['PROBER_ACCOUNT_BUSY']);
  expect(results.length).toBe(regions.length * 4 * minutes);
  expect(successes.size).toBe(12);
  expect(Math.min(...successes.values())).toBeGreaterThanOrEqual(2);
});

/** Every series runs each minute, `offsetOf` it into the minute. */
async function tenMinutes(
  offsetOf: (series: number) => number,
): Promise<{ results: TransactionResult[]; mostAtOnce: number }> {
  const clock = new ManualClock();
  const lease = new MemoryAccountLease(new MemoryTables(clock));
  const random = seededRandom(20);
  const results: TransactionResult[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const body = () => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    return new Promise<void>((resolve) => {
      clock.after(runMs, () => {
        atOnce -= 1;
        resolve();
      });
    });
  };
  const steps = { first: { deadlineMs: 10_000 } };
  const begin = async (name: keyof typeof uses, region: string) => {
    const transaction = sampleTransaction(({ step }) => step('first', body), { name, steps });
    const token = (length: number) => `${random()}`.padEnd(length, '0');
    const here = world({ clock, region, accounts: uses[name], scheduledAt: clock.now(), token });
    const leasing = { lease, waitMs: 20_000, force: false, retries: [], random };
    const { result, ending } = await runWithLease(transaction, here, leasing);
    results.push(result);
    if (ending) await lease.release(ending);
  };
  const names = Object.keys(uses) as (keyof typeof uses)[];
  const series = regions.flatMap((region) => names.map((name) => ({ region, name })));
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const [index, { region, name }] of series.entries()) {
      clock.after(minute * 60_000 + offsetOf(index), () => void begin(name, region));
    }
  }
  await clock.advance(minutes * 60_000);
  return { results, mostAtOnce };
}
