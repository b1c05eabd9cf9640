import { version } from '../package.json';
import { resolveAccounts, secretOf } from './accounts.js';
import type { Variables } from './config/secrets.js';
import type { EdgeSettings, Settings } from './config/settings.js';
import { type Clock, systemClock } from './domain/clock.js';
import type { Trigger } from './domain/result.js';
import { openPorts, token } from './openPorts.js';
import type { PlannedRun } from './plan.js';
import { RecentTrace } from './protocols/sip/recentTrace.js';
import { formatTrace } from './protocols/sip/trace.js';
import { deadlines } from './run/deadlines.js';
import { watchEventLoop } from './run/eventLoop.js';
import type { Leasing } from './run/leaseAccounts.js';
import { type FinishedRun, runWithLease } from './run/runWithLease.js';
import type { Transaction } from './run/transaction.js';
import type { FollowUp, StepEvent, World } from './run/world.js';
import type { AccountLease } from './store/accountLease.js';
import { transactionFor } from './transactions/catalogue.js';
import { TrustedAccounts } from './trustedAccounts.js';

export interface ProberOptions {
  /** Where secrets are looked up: `process.env`, or what the command line made of it. */
  readonly variables: Variables;
  readonly clock?: Clock;
  /** Takes the wire trace as text, one message at a time, with what authenticates left out. */
  readonly trace?: ((text: string) => void) | undefined;
  /** An error that is ours: for the log. */
  readonly onUnexpected?: (error: unknown) => void;
  /** Where runs get their test accounts, opened when first needed; without it they use them as they are. */
  readonly lease?: (() => Promise<AccountLease>) | undefined;
}

export interface RunOptions {
  readonly trigger: Trigger;
  readonly region: string;
  /** Milliseconds since the epoch; only of a scheduled run. */
  readonly scheduledAt?: number;
  readonly deadlineMs?: number | undefined;
  /** Uses an account although it is parked. */
  readonly force?: boolean;
  readonly stop?: AbortSignal;
  readonly onStep?: (event: StepEvent) => void;
  /** An error that is ours, of this run; in the place of the prober's own. */
  readonly onUnexpected?: (error: unknown) => void;
}

type Runnable = Pick<PlannedRun, 'edge' | 'transaction' | 'settings' | 'retries'>;

/** Runs planned transactions in this process. */
export interface Prober {
  /** What it returns in `ending` is to be given to the result store, or back to the lease. */
  run(planned: Runnable, options: RunOptions): Promise<ProbedRun>;
}

/** A run that is over, and of one that was no success what went over the wire last. */
export interface ProbedRun extends FinishedRun {
  /** With what authenticates left out; for operators alone: it has addresses and messages. Absent when nothing was sent. */
  readonly trace?: string;
}

/** Joins settings, protocols and the runner: the only place that builds the ports. Nothing is opened before the first run. */
export function openProber(settings: Settings, options: ProberOptions): Prober {
  const { clock = systemClock, variables, onUnexpected, lease, trace: write } = options;
  const portsWith = openPorts(settings, clock);
  const trusted = new TrustedAccounts(settings, clock);
  let coldStart = true;
  return {
    async run({ edge, transaction, settings: own, retries }, runOptions) {
      const { trigger, region, scheduledAt, deadlineMs, force = false, stop, onStep } = runOptions;
      const unexpected = runOptions.onUnexpected ?? onUnexpected;
      const first = coldStart;
      coldStart = false;
      const recent = new RecentTrace();
      const ports = portsWith((entry) => {
        recent.add(entry);
        write?.(formatTrace(entry));
      });
      const world: World = {
        edge: edge.edge,
        settings: own,
        accounts: resolveAccounts(transaction, edge, region, variables),
        secret: (reference) => secretOf(reference, variables, `a secret of ${transaction.name}`),
        ports,
        clock,
        region,
        trigger,
        scheduledAt,
        deadlineMs: deadlineMs ?? own.deadlineMs,
        version,
        nodeVersion: process.versions.node,
        coldStart: first,
        token,
        watchEventLoop,
        followUps: followUpsOf(transaction, edge),
        ...(stop ? { stop } : {}),
        ...(onStep ? { onStep } : {}),
        ...(unexpected ? { onUnexpected: unexpected } : {}),
      };
      const waitMs = trigger === 'schedule' ? deadlines.leaseWaitMs : deadlines.leaseWaitOnDemandMs;
      const duringOutage = trusted.lease(edge, region, world.accounts);
      const leasing = lease && { lease: whenNeeded(lease), duringOutage, waitMs, force, retries, random: Math.random };
      const finished = await runWithLease(transaction, world, leasing);
      trusted.learn(edge, world.accounts, finished.result);
      const trace = finished.result.outcome === 'success' ? '' : recent.toText();
      return trace === '' ? finished : { ...finished, trace };
    },
  };
}

/** A transaction without accounts never asks: it does not load what leases are made of. */
function whenNeeded(open: () => Promise<AccountLease>): Leasing['lease'] {
  return {
    acquire: async (request) => (await open()).acquire(request),
    release: async (ending) => (await open()).release(ending),
  };
}

/** The follow-ups of a transaction that are configured for its edge and need no other account than its own. */
function followUpsOf({ followUps = [], accounts }: Transaction, { edge, transactions }: EdgeSettings): FollowUp[] {
  return followUps.flatMap((name) => {
    const [transaction, settings] = [transactionFor(name, edge.dialect), transactions[name]];
    if (!transaction || !settings || !transaction.accounts.every((role) => accounts.includes(role))) return [];
    return [{ transaction, settings }];
  });
}
