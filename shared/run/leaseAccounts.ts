import { type Clock, toIso } from '../domain/clock.js';
import { type Diagnosis, diagnosis } from '../domain/diagnosis.js';
import type { Account, AccountRole } from '../domain/edge.js';
import type { AccountLease, HeldLease, LeaseAnswer, LeaseRequest, ParkedAccount } from '../store/accountLease.js';
import { isUnchanged } from './fingerprint.js';
import type { Accounts, World } from './world.js';

/** How a run gets its accounts. */
export interface Leasing {
  readonly lease: AccountLease;
  /** Takes its place while the storage is away: present where nobody but this process is known to use the accounts. */
  readonly duringOutage?: AccountLease | undefined;
  /** How long to wait for accounts that are in use. */
  readonly waitMs: number;
  /** Uses an account although it is parked. */
  readonly force: boolean;
  /** The roles whose account, once parked, this run tries again when its time has come. */
  readonly retries: readonly AccountRole[];
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}

/** What came of asking for the accounts of a run. */
export type Leased =
  | {
      readonly kind: 'taken';
      readonly lease: HeldLease;
      readonly waitedMs: number;
      /** For how much longer nobody else can have them, whatever becomes of this process's wall clock. */
      readonly certainForMs: () => number;
    }
  | { readonly kind: 'refused'; readonly why: Diagnosis; readonly waitedMs: number };

/** A parked account is tried once in this time, in all regions together. */
export const parkedRetryMs = 30 * 60_000;

// Whoever has waited long asks more often than whoever has just come, so that nobody waits in vain.
const pauseMs = { first: 2_000, last: 250 };

/** Takes all accounts for at most `forMs`; waits, at most as long as `leasing` says, while another run has them. Never rejects. */
export async function leaseAccounts(
  world: World,
  transaction: string,
  accounts: Accounts,
  forMs: number,
  leasing: Leasing,
): Promise<Leased> {
  const { clock, stop } = world;
  const begunAt = clock.monotonic();
  const waited = () => clock.monotonic() - begunAt;
  const request: LeaseRequest = {
    edge: world.edge.name,
    accounts: Object.values(accounts).map(({ sipAddress }) => sipAddress),
    holder: world.token(24),
    by: `${transaction} from ${world.region}`,
    at: toIso(clock.now()),
    forMs,
    mayTry: (parked) => mayTry(parked, accounts, leasing),
  };
  for (;;) {
    const refuse = (why: Diagnosis): Leased => ({ kind: 'refused', why, waitedMs: waited() });
    if (stop?.aborted) return refuse(aborted());
    const held = longestSince(clock);
    let answer: LeaseAnswer;
    try {
      answer = await leasing.lease.acquire(request);
    } catch (error) {
      world.onUnexpected?.(error);
      return refuse(unreachable(error));
    }
    if (answer.kind === 'taken') {
      return { kind: 'taken', lease: answer.lease, waitedMs: waited(), certainForMs: () => forMs - held() };
    }
    if (answer.kind === 'parked') return refuse(parkedText(answer.parked));
    const leftMs = leasing.waitMs - waited();
    if (leftMs <= 0) return refuse(busy(answer.account, answer.by, leasing.waitMs));
    await pause(Math.min(leftMs, nextPauseMs(leftMs / leasing.waitMs, leasing.random)), clock, stop);
  }
}

async function mayTry({ account, parking, sinceTriedMs }: ParkedAccount, accounts: Accounts, leasing: Leasing) {
  if (leasing.force) return true;
  const entries = Object.entries(accounts) as [AccountRole, Account][];
  const [role, wanted] = entries.find(([, { sipAddress }]) => sipAddress === account) ?? [];
  if (role === undefined || wanted === undefined) return false;
  if (sinceTriedMs >= parkedRetryMs && leasing.retries.includes(role)) return true;
  return !(await isUnchanged(wanted, parking.fingerprint));
}

/** Milliseconds since now, by the clock that has gone further: the wall clock may step, the other one may stand still while a machine sleeps. */
function longestSince(clock: Clock): () => number {
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  return () => Math.max(clock.now() - wall, clock.monotonic() - monotonic);
}

/** `left` is the share of the waiting time that is left; the jitter keeps those who wait from asking in step. */
function nextPauseMs(left: number, random: () => number): number {
  const { first, last } = pauseMs;
  return (last + (first - last) * left) * (0.5 + random() / 2);
}

function pause(ms: number, clock: Clock, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      stop?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    stop?.addEventListener('abort', end, { once: true });
  });
}

function busy(account: string, by: string | undefined, waitMs: number): Diagnosis {
  const error = `${account} is in use by ${by ?? 'another run'} and did not come free within ${waitMs} ms`;
  return diagnosis('PROBER_ACCOUNT_BUSY', { error });
}

function parkedText({ account, parking, sinceTriedMs }: ParkedAccount): Diagnosis {
  const minutes = Math.max(Math.floor(sinceTriedMs / 60_000), 0);
  const error = `${account} is parked: the server refused its credentials at ${parking.parkedAt}, they have not changed since and were last tried ${minutes} minutes ago`;
  return diagnosis('AUTH_ACCOUNT_PARKED', { error });
}

function unreachable(error: unknown): Diagnosis {
  const { message, cause } = error instanceof Error ? error : new Error('something that is no Error was thrown');
  const why = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  return diagnosis('PROBER_STORAGE_UNREACHABLE', { error: `${message}${why}` });
}

function aborted(): Diagnosis {
  return diagnosis('PROBER_RUN_ABORTED', { error: 'the prober was stopped while the run waited for its accounts' });
}
