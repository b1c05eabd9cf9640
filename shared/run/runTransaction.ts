import { ProbeError } from '../domain/diagnosis.js';
import type { Account, AccountRole } from '../domain/edge.js';
import type { TransactionResult } from '../domain/result.js';
import type { Scope } from '../domain/scope.js';
import { bounded } from './bounded.js';
import { toResult } from './buildResult.js';
import { deadlines } from './deadlines.js';
import { StepRecorder } from './stepRecorder.js';
import type { RunContext, Transaction } from './transaction.js';
import type { Accounts, World } from './world.js';

interface Cleanup {
  readonly name: string;
  readonly work: (scope: Scope) => Promise<void>;
  readonly when: () => boolean;
}

/** What a body has arranged for the end of its run. */
interface Arranged {
  readonly cleanups: Cleanup[];
  readonly releases: (() => void)[];
}

/** Runs a transaction once and tells what became of it. Never rejects, and never takes longer than its deadlines. */
export async function runTransaction(transaction: Transaction, world: World): Promise<TransactionResult> {
  const startedAt = world.clock.now();
  const stopWatching = world.watchEventLoop();
  const recorder = new StepRecorder(world, transaction.steps);
  const arranged: Arranged = { cleanups: [], releases: [] };
  if ('missing' in world.accounts) {
    recorder.fail(new ProbeError(world.accounts.missing));
  } else {
    await takeBody(transaction, world, world.accounts, recorder, arranged);
    await cleanUp(transaction, world, recorder, arranged.cleanups);
    for (const free of arranged.releases.toReversed()) release(free, world);
  }
  return toResult({
    transaction,
    world,
    startedAt,
    steps: recorder.results(),
    notLatency: new Set(arranged.cleanups.map(({ name }) => name)),
    failure: recorder.failure,
    warnings: recorder.warnings,
    observations: recorder.observations,
    eventLoopDelayMs: stopWatching(),
  });
}

async function takeBody(
  transaction: Transaction,
  world: World,
  accounts: Accounts,
  recorder: StepRecorder,
  arranged: Arranged,
): Promise<void> {
  const { clock, stop } = world;
  const limitMs = world.deadlineMs ?? transaction.deadlineMs;
  const endsAt = clock.monotonic() + limitMs;
  const outer = stop ?? new AbortController().signal;
  try {
    const context: RunContext<string, AccountRole> = {
      edge: world.edge,
      settings: world.settings,
      token: world.token,
      ports: world.ports,
      account: (role) => requireAccount(transaction, accounts[role], role),
      accountIfGiven: (role) => accounts[role],
      secret: world.secret,
      step: (name, work, stepMs = transaction.steps[name]?.deadlineMs ?? Number.POSITIVE_INFINITY) => {
        const left = Math.max(Math.round(endsAt - clock.monotonic()), 0);
        return recorder.take(name, Math.min(stepMs, left), outer, work);
      },
      within: (scope, partMs, work) => bounded(partMs, scope.signal, clock, (signal) => work({ ...scope, signal })),
      cleanup: (name, work, when = () => true) => {
        arranged.cleanups.push({ name, work, when });
      },
      release: (free) => {
        arranged.releases.push(free);
      },
    };
    // Its steps end by themselves; a body that waits for something outside of them must not hold the run either.
    await bounded(limitMs + deadlines.graceMs, new AbortController().signal, clock, () => transaction.run(context));
  } catch (error) {
    recorder.fail(error);
  }
}

/** The last arranged first, all inside one budget; one that fails does not keep the others from being done. */
async function cleanUp(
  transaction: Transaction,
  { clock, onUnexpected }: World,
  recorder: StepRecorder,
  cleanups: readonly Cleanup[],
): Promise<void> {
  const endsAt = clock.monotonic() + deadlines.cleanupMs;
  // Not the signal that stops the process: what was begun is cleaned up also then.
  const outer = new AbortController().signal;
  for (const { name, work, when } of cleanups.toReversed()) {
    if (!needed(when, onUnexpected)) continue;
    const left = Math.max(Math.round(endsAt - clock.monotonic()), 0);
    const limitMs = Math.min(transaction.steps[name]?.deadlineMs ?? left, left);
    await recorder.take(name, limitMs, outer, work).catch(() => undefined);
  }
}

/** Where nobody can tell, it is done. */
function needed(when: () => boolean, onUnexpected: World['onUnexpected']): boolean {
  try {
    return when();
  } catch (error) {
    onUnexpected?.(error);
    return true;
  }
}

function release(free: () => void, world: World): void {
  try {
    free();
  } catch (error) {
    world.onUnexpected?.(error);
  }
}

/** Settings are checked before any run; an account that is missing here is a defect of ours. */
function requireAccount(transaction: Transaction, account: Account | undefined, role: AccountRole): Account {
  if (!account) throw new Error(`${transaction.name} asks for the account "${role}", which the settings do not have`);
  return account;
}
