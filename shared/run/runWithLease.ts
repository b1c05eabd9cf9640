import { toIso } from '../domain/clock.js';
import type { Diagnosis } from '../domain/diagnosis.js';
import type { Account } from '../domain/edge.js';
import type { TransactionResult } from '../domain/result.js';
import type { HeldLease, LeaseEnding, Parking } from '../store/accountLease.js';
import { deadlines } from './deadlines.js';
import { fingerprintOf, isUnchanged } from './fingerprint.js';
import { followUpsMs, withFollowUps } from './followUps.js';
import { type Leased, type Leasing, leaseAccounts } from './leaseAccounts.js';
import { runTransaction } from './runTransaction.js';
import type { Transaction } from './transaction.js';
import { watchRefusals } from './watchRefusals.js';
import type { Accounts, World } from './world.js';

/** A run that is over, and the accounts that wait to be given back with it. */
export interface FinishedRun {
  readonly result: TransactionResult;
  /** For whoever stores the result. Undefined where the run had no accounts, or did not get them. */
  readonly ending?: LeaseEnding;
  /** Why the storage could not be asked for the accounts: it need not be asked to take the result either. */
  readonly storageAway?: string;
}

/**
 * Runs a transaction while it alone has its accounts; one that needs none runs at once, and so does all without `leasing`. Where it does
 * not get them the result is inconclusive and every step skipped. Never rejects.
 */
export async function runWithLease(
  transaction: Transaction,
  world: World,
  leasing: Leasing | undefined,
): Promise<FinishedRun> {
  const { accounts } = world;
  if (!leasing || 'missing' in accounts || Object.keys(accounts).length === 0) {
    return { result: await withFollowUps(transaction, world, await runTransaction(transaction, world)) };
  }
  const asked = await runLeased(transaction, world, accounts, leasing);
  if (!('refused' in asked)) return asked;
  const { why, waitedMs } = asked.refused;
  if (why.code !== 'PROBER_STORAGE_UNREACHABLE') return { result: await refusedRun(transaction, world, why, waitedMs) };

  const here = leasing.duringOutage;
  if (!here) return { result: await refusedRun(transaction, world, why, waitedMs), storageAway: why.error };
  const instead = await runLeased(transaction, world, accounts, { ...leasing, lease: here });
  if ('refused' in instead) {
    const { refused } = instead;
    return { result: await refusedRun(transaction, world, refused.why, refused.waitedMs), storageAway: why.error };
  }
  await here.release(instead.ending);
  return { result: instead.result, storageAway: why.error };
}

type Refused = Extract<Leased, { readonly kind: 'refused' }>;

async function runLeased(
  transaction: Transaction,
  world: World,
  accounts: Accounts,
  leasing: Leasing,
): Promise<{ readonly result: TransactionResult; readonly ending: LeaseEnding } | { readonly refused: Refused }> {
  const limitMs = (world.deadlineMs ?? transaction.deadlineMs) + followUpsMs(transaction, world);
  const forMs = limitMs + deadlines.cleanupMs + deadlines.leaseMarginMs;
  const leased = await leaseAccounts(world, transaction.name, accounts, forMs, leasing);
  if (leased.kind === 'refused') return { refused: leased };
  const refused = new Map<string, Account>();
  const ports = watchRefusals(world.ports, (account) => refused.set(account.sipAddress, account));
  const leasedWorld = { ...world, leaseWaitMs: leased.waitedMs, ports };
  const result = await withFollowUps(transaction, leasedWorld, await runTransaction(transaction, leasedWorld));
  const parked = await parkedAfter(leased.lease, result, refused, toIso(world.clock.now()));
  return { result, ending: { lease: leased.lease, parked, certainForMs: leased.certainForMs } };
}

function refusedRun(
  transaction: Transaction,
  world: World,
  why: Diagnosis,
  waitedMs: number,
): Promise<TransactionResult> {
  return runTransaction(transaction, { ...world, leaseWaitMs: waitedMs, accounts: { missing: why } });
}

/** Refused credentials are parked; those that were are parked still, unless the run succeeded with them. */
async function parkedAfter(
  lease: HeldLease,
  { outcome }: TransactionResult,
  refused: ReadonlyMap<string, Account>,
  at: string,
): Promise<ReadonlyMap<string, Parking>> {
  const parked = new Map<string, Parking>();
  for (const { account: name, parking } of lease.accounts) {
    const account = refused.get(name);
    if (account) parked.set(name, await parkingOf(account, parking, at));
    else if (parking && outcome !== 'success') parked.set(name, parking);
  }
  return parked;
}

async function parkingOf(account: Account, before: Parking | undefined, at: string): Promise<Parking> {
  if (before && (await isUnchanged(account, before.fingerprint))) return { ...before, triedAt: at };
  return { parkedAt: at, triedAt: at, fingerprint: await fingerprintOf(account) };
}
