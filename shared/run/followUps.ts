import type { TransactionResult } from '../domain/result.js';
import { deadlines } from './deadlines.js';
import { runTransaction } from './runTransaction.js';
import type { Transaction } from './transaction.js';
import type { Accounts, FollowUp, World } from './world.js';

/** How long the follow-ups of a run may take together, milliseconds: what its own limit leaves of the host's two minutes. */
export function followUpsMs(transaction: Transaction, world: World): number {
  if (!world.followUps?.length) return 0;
  const own = world.deadlineMs ?? transaction.deadlineMs;
  return Math.max(Math.min(deadlines.followUpsMs, deadlines.runWithFollowUpsMs - own), 0);
}

/**
 * The result with what the transactions found that its failure calls for: they look at what it depends on. They run one
 * after another, while the accounts are still held, and as far as the time lasts.
 */
export async function withFollowUps(
  transaction: Transaction,
  world: World,
  result: TransactionResult,
): Promise<TransactionResult> {
  if (result.outcome !== 'failure') return result;
  const endsAt = world.clock.monotonic() + followUpsMs(transaction, world);
  const followUps: TransactionResult[] = [];
  for (const followUp of world.followUps ?? []) {
    const left = Math.round(endsAt - world.clock.monotonic()) - deadlines.cleanupMs;
    if (left <= 0) break;
    followUps.push(await runTransaction(followUp.transaction, worldOf(followUp, world, left)));
  }
  return { ...result, followUps };
}

/** Asked for by this run, not by a schedule: its states and availability are not counted. */
function worldOf({ transaction, settings }: FollowUp, world: World, limitMs: number): World {
  const { followUps: _, onStep: __, ...same } = world;
  return {
    ...same,
    settings,
    accounts: 'missing' in world.accounts ? world.accounts : only(world.accounts, transaction),
    trigger: 'on-demand',
    scheduledAt: undefined,
    deadlineMs: Math.min(settings.deadlineMs ?? transaction.deadlineMs, limitMs),
  };
}

function only(accounts: Accounts, { accounts: needed, optionalAccounts = [] }: Transaction): Accounts {
  const roles: readonly string[] = [...needed, ...optionalAccounts];
  return Object.fromEntries(Object.entries(accounts).filter(([role]) => roles.includes(role)));
}
