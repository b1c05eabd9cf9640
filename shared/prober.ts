import { randomBytes } from 'node:crypto';
import { version } from '../package.json';
import { accountsFor } from './config/regions.js';
import { resolveSecret, type Variables, whySecretMissing } from './config/secrets.js';
import type { EdgeSettings, Settings } from './config/settings.js';
import { type Clock, systemClock } from './domain/clock.js';
import { type Diagnosis, diagnosis } from './domain/diagnosis.js';
import type { Account, AccountRole } from './domain/edge.js';
import type { Trigger } from './domain/result.js';
import type { Scope } from './domain/scope.js';
import type { PlannedRun } from './plan.js';
import { findAccessEdge } from './protocols/dns/findAccessEdge.js';
import { openResolver } from './protocols/dns/resolver.js';
import { httpsGet } from './protocols/lync/discovery/httpsGet.js';
import { type Autodiscovery, besideAutodiscover } from './protocols/lync/discovery/observeAutodiscover.js';
import { openLyncUserAgent } from './protocols/lync/lyncUserAgent.js';
import { connectTcp } from './protocols/net/connectTcp.js';
import { startTls, withoutTls } from './protocols/net/startTls.js';
import { secureContext } from './protocols/net/trust.js';
import { RecentTrace } from './protocols/sip/recentTrace.js';
import { formatTrace, type Trace } from './protocols/sip/trace.js';
import { openUserAgent } from './protocols/sip/userAgent.js';
import { deadlines } from './run/deadlines.js';
import { watchEventLoop } from './run/eventLoop.js';
import type { Leasing } from './run/leaseAccounts.js';
import type { Ports } from './run/ports.js';
import { type FinishedRun, runWithLease } from './run/runWithLease.js';
import type { Transaction } from './run/transaction.js';
import type { Accounts, StepEvent, World } from './run/world.js';
import type { AccountLease } from './store/accountLease.js';
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

/** What all runs share is opened once; the user agents of each have a trace of their own. */
function openPorts(settings: Settings, clock: Clock): (trace: Trace) => Ports {
  const resolver = openResolver(settings.dnsServers);
  const policy = { ...settings.tls, warnDays: settings.certificateWarningDays };
  let context: ReturnType<typeof secureContext> | undefined;
  const trusted = (scope: Scope) => {
    const begunAt = clock.monotonic();
    context ??= secureContext(policy);
    scope.exclude(clock.monotonic() - begunAt);
    return context;
  };
  return (trace) => ({
    findAccessEdge: (edge, scope) => {
      const found = findAccessEdge(edge, resolver, Math.random, scope);
      if (edge.dialect !== 'lync' || edge.accessEdge) return found;
      const { sipDomain } = edge;
      const get: Autodiscovery['get'] = (question, signal) =>
        httpsGet({ ...question, secureContext: trusted(scope) }, signal);
      return besideAutodiscover(found, { sipDomain, resolver, get, clock }, scope);
    },
    connectTcp: (target, scope) => connectTcp(target, clock, scope),
    startTls: (tcp, scope) => startTls(tcp, trusted(scope), policy, clock, scope),
    withoutTls,
    openUserAgent: (connection, edge, account) =>
      openUserAgent(connection, {
        account,
        sipDomain: edge.sipDomain,
        userAgent: edge.userAgent ?? `edge-probes/${version}`,
        clock,
        token,
        trace,
      }),
    openLyncUserAgent: (connection, edge, account) =>
      openLyncUserAgent(connection, {
        account,
        sipDomain: edge.sipDomain,
        userAgent: edge.userAgent ?? `edge-probes/${version}`,
        clock,
        randomBytes,
        trace,
      }),
  });
}

/** The declared accounts with their secrets, or the first reason why one cannot be had. */
function resolveAccounts(
  transaction: Transaction,
  edge: EdgeSettings,
  region: string,
  variables: Variables,
): Accounts | { readonly missing: Diagnosis } {
  const pair = accountsFor(edge, region);
  const accounts: Partial<Record<AccountRole, Account>> = {};
  for (const role of transaction.accounts) {
    const settings = pair[role];
    if (!settings) continue;
    const password = resolveSecret(settings.password, variables);
    if (!password) {
      const error = `password of ${settings.sipAddress}: ${whySecretMissing(settings.password, variables)}`;
      return { missing: diagnosis('CONFIG_SECRET_MISSING', { error }) };
    }
    accounts[role] = { sipAddress: settings.sipAddress, userName: settings.userName, password };
  }
  return accounts;
}

/** A transaction without accounts never asks: it does not load what leases are made of. */
function whenNeeded(open: () => Promise<AccountLease>): Leasing['lease'] {
  return {
    acquire: async (request) => (await open()).acquire(request),
    release: async (ending) => (await open()).release(ending),
  };
}

/** Letters and digits from a cryptographic source. */
function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
