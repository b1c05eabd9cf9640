import { toIso } from '../domain/clock.js';
import type { Diagnosis } from '../domain/diagnosis.js';
import type { Edge } from '../domain/edge.js';
import type { Outcome, StepResult, TransactionResult, Warning } from '../domain/result.js';
import type { Transaction } from './transaction.js';
import type { World } from './world.js';

/** What a finished run is known by. */
export interface RunFacts {
  readonly transaction: Transaction;
  readonly world: World;
  /** Wall clock, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly steps: readonly StepResult[];
  /** Steps that nobody waits for: clean-up. */
  readonly notLatency: ReadonlySet<string>;
  readonly failure: Diagnosis | undefined;
  readonly warnings: readonly Warning[];
  readonly observations: Readonly<Record<string, unknown>>;
  readonly eventLoopDelayMs: number;
}

/** The result of a run, in the shape that is stored and printed. */
export function toResult(facts: RunFacts): TransactionResult {
  const { transaction, world, failure, startedAt } = facts;
  const scheduledAt = world.scheduledAt ?? startedAt;
  const leaseWaitMs = Math.round(world.leaseWaitMs ?? 0);
  return {
    schema: 1,
    runId: runId(world, transaction.name, scheduledAt),
    trigger: world.trigger,
    edge: world.edge.name,
    transaction: transaction.name,
    dialect: world.edge.dialect,
    region: world.region,
    scheduledAt: toIso(scheduledAt),
    startedAt: toIso(startedAt),
    targetFqdn: targetOf(world.edge, facts.observations),
    outcome: outcomeOf(failure),
    latencyMs: latencyOf(facts.steps, facts.notLatency),
    steps: facts.steps,
    ...(failure === undefined ? {} : { diagnosis: failure }),
    warnings: facts.warnings,
    followUps: [],
    observations: facts.observations,
    prober: {
      version: world.version,
      node: world.nodeVersion,
      coldStart: world.coldStart,
      lateMs: Math.max(Math.round(startedAt - scheduledAt) - leaseWaitMs, 0),
      eventLoopDelayMs: Math.round(facts.eventLoopDelayMs * 10) / 10,
      leaseWaitMs,
    },
  };
}

/** A schedule's runs are named by their time, so that a second firing is the same run; others get a random suffix. */
function runId(world: World, transaction: string, scheduledAt: number): string {
  const time = toIso(scheduledAt).replace(/[-:]|\.\d+/g, '');
  const parts = [world.edge.name, transaction, world.region, time];
  return [...parts, ...(world.trigger === 'schedule' ? [] : [world.token(6)])].join('.');
}

function outcomeOf(failure: Diagnosis | undefined): Outcome {
  if (!failure) return 'success';
  return failure.fault === 'target' ? 'failure' : 'inconclusive';
}

function latencyOf(steps: readonly StepResult[], notLatency: ReadonlySet<string>): number {
  const needed = steps.filter((step) => step.outcome !== 'skipped' && !notLatency.has(step.name));
  const sum = needed.reduce((total, step) => total + (step.outcome === 'skipped' ? 0 : step.ms), 0);
  return Math.round(sum * 10) / 10;
}

function targetOf(edge: Edge, observations: Readonly<Record<string, unknown>>): string {
  const { targetFqdn, srvTarget } = observations;
  // Of a transaction that goes elsewhere than to the Access Edge.
  if (typeof targetFqdn === 'string') return targetFqdn;
  return edge.accessEdge?.host ?? (typeof srvTarget === 'string' ? srvTarget : `sip.${edge.sipDomain}`);
}
