import { type RouteTarget, routeTargetsIn, targetName } from '../domain/federationRoute.js';
import type { TransactionResult } from '../domain/result.js';
import { aboutPool, type CheckedStep, type PoolFacts } from './failoverCheckPool.js';
import { isStopped } from './failoverCheckTarget.js';

/** What the check goes by: the settings, and what an earlier check of the same watch has seen. */
export interface FailoverContext {
  readonly sipDomain: string;
  readonly port: number;
  readonly expectActive: string | undefined;
  readonly expectStandby: readonly string[];
  readonly before?: FailoverMemory;
}

/** What one check leaves to the next: some things can be seen only while they last. */
export interface FailoverMemory {
  /** The host that carried federation when the watch began, or should have. */
  readonly firstActive: string | undefined;
  /** Hosts whose services were seen stopped. */
  readonly stopped: readonly string[];
}

/** The procedure's seven steps at one moment; printed by `--json`. */
export interface FailoverCheck {
  readonly schema: 1;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly edge: string;
  readonly sipDomain: string;
  readonly outcome: TransactionResult['outcome'];
  readonly phase: 'before' | 'during' | 'after';
  /** `host:port` that carries federation; null when none does. */
  readonly active: string | null;
  /** The pool that federation is moved from, and to; null where nothing says which. */
  readonly from: string | null;
  readonly to: string | null;
  /** Could `to` carry federation as far as partners can see? */
  readonly ready: boolean;
  readonly diagnosis?: { readonly code: string; readonly error: string };
  readonly steps: readonly CheckedStep[];
}

/** The checklist that a result of xmpp-federation amounts to. */
export function failoverCheck(result: TransactionResult, context: FailoverContext): FailoverCheck {
  const targets = routeTargetsIn(result.observations);
  const active = targets.find(({ role }) => role === 'active');
  const from = lower(context.expectActive) ?? context.before?.firstActive ?? targets[0]?.host;
  const phase = active === undefined ? 'during' : active.host === from ? 'before' : 'after';
  const to = phase === 'after' ? active?.host : standbyOf(targets, from, context);
  const pool = targets.find(({ host }) => host === to);
  const facts: PoolFacts = { pool, to, first: targets[0], old: targets.find(({ host }) => host === from), targets };
  const wasStopped = to !== undefined && (context.before?.stopped ?? []).includes(to);
  const { diagnosis } = result;
  return {
    schema: 1,
    checkedAt: result.startedAt,
    edge: result.edge,
    sipDomain: context.sipDomain,
    outcome: result.outcome,
    phase,
    active: active ? targetName(active) : null,
    from: from ?? null,
    to: to ?? null,
    ready: pool !== undefined && pool.code === undefined,
    ...(diagnosis === undefined ? {} : { diagnosis: { code: diagnosis.code, error: diagnosis.error } }),
    steps: aboutPool(facts, { ...context, phase, wasStopped }),
  };
}

/** What the next check of the same watch is to know. */
export function remember(result: TransactionResult, before: FailoverMemory | undefined): FailoverMemory {
  const targets = routeTargetsIn(result.observations);
  const stopped = targets.filter(isStopped).map(({ host }) => host);
  return {
    firstActive: before?.firstActive ?? (targets.find(({ role }) => role === 'active') ?? targets[0])?.host,
    stopped: [...new Set([...(before?.stopped ?? []), ...stopped])],
  };
}

/** The pool that is to take over: as the settings say, else one that is ready, else any other that is published. */
function standbyOf(
  targets: readonly RouteTarget[],
  from: string | undefined,
  { expectStandby }: FailoverContext,
): string | undefined {
  const named = expectStandby.map(lower).find((host) => host !== from);
  const others = targets.filter(({ host }) => host !== from);
  return named ?? (others.find(({ role }) => role === 'standby') ?? others[0])?.host;
}

/** As the names of targets are. */
function lower(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/\.$/, '');
}
