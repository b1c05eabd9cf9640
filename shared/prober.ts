import { randomBytes } from 'node:crypto';
import { version } from '../package.json';
import { accountsFor } from './config/regions.js';
import { resolveSecret, type Variables, whySecretMissing } from './config/secrets.js';
import type { EdgeSettings, Settings } from './config/settings.js';
import { type Clock, systemClock } from './domain/clock.js';
import { type Diagnosis, diagnosis } from './domain/diagnosis.js';
import type { Account, AccountRole } from './domain/edge.js';
import type { TransactionResult, Trigger } from './domain/result.js';
import type { PlannedRun } from './plan.js';
import { findAccessEdge } from './protocols/dns/findAccessEdge.js';
import { openResolver } from './protocols/dns/resolver.js';
import { connectTcp } from './protocols/net/connectTcp.js';
import { startTls, withoutTls } from './protocols/net/startTls.js';
import { secureContext } from './protocols/net/trust.js';
import { formatTrace, type Trace } from './protocols/sip/trace.js';
import { openUserAgent } from './protocols/sip/userAgent.js';
import { watchEventLoop } from './run/eventLoop.js';
import type { Ports } from './run/ports.js';
import { runTransaction } from './run/runTransaction.js';
import type { Transaction } from './run/transaction.js';
import type { Accounts, StepEvent } from './run/world.js';

export interface ProberOptions {
  /** Where secrets are looked up: `process.env`, or what the command line made of it. */
  readonly variables: Variables;
  readonly clock?: Clock;
  /** Takes the wire trace as text, one message at a time, with what authenticates left out. */
  readonly trace?: ((text: string) => void) | undefined;
  /** An error that is ours: for the log. */
  readonly onUnexpected?: (error: unknown) => void;
}

export interface RunOptions {
  readonly trigger: Trigger;
  readonly region: string;
  /** Milliseconds since the epoch; only of a scheduled run. */
  readonly scheduledAt?: number;
  readonly deadlineMs?: number | undefined;
  readonly stop?: AbortSignal;
  readonly onStep?: (event: StepEvent) => void;
}

/** Runs planned transactions in this process. */
export interface Prober {
  run(planned: Pick<PlannedRun, 'edge' | 'transaction' | 'settings'>, options: RunOptions): Promise<TransactionResult>;
}

/** Joins settings, protocols and the runner: the only place that builds the ports. Nothing is opened before the first run. */
export function openProber(settings: Settings, options: ProberOptions): Prober {
  const { clock = systemClock, variables, onUnexpected, trace: write } = options;
  const ports = openPorts(settings, clock, write && ((entry) => write(formatTrace(entry))));
  let coldStart = true;
  return {
    run({ edge, transaction, settings: own }, { trigger, region, scheduledAt, deadlineMs, stop, onStep }) {
      const first = coldStart;
      coldStart = false;
      return runTransaction(transaction, {
        edge: edge.edge,
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
        ...(onUnexpected ? { onUnexpected } : {}),
      });
    },
  };
}

function openPorts(settings: Settings, clock: Clock, trace: Trace | undefined): Ports {
  const resolver = openResolver(settings.dnsServers);
  const policy = { ...settings.tls, warnDays: settings.certificateWarningDays };
  let context: ReturnType<typeof secureContext> | undefined;
  return {
    findAccessEdge: (edge, scope) => findAccessEdge(edge, resolver, Math.random, scope),
    connectTcp: (target, scope) => connectTcp(target, clock, scope),
    startTls: (tcp, scope) => {
      const begunAt = clock.monotonic();
      context ??= secureContext(policy);
      scope.exclude(clock.monotonic() - begunAt);
      return startTls(tcp, context, policy, clock, scope);
    },
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
  };
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

/** Letters and digits from a cryptographic source. */
function token(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
