import type { StepResult, TransactionResult } from '../domain/result.js';
import { printable } from '../domain/text.js';
import { factsOf, nameOf } from './availabilityFacts.js';
import { bounded, longestName } from './facts.js';
import type { Operation } from './operation.js';
import { protocolOf } from './protocolOf.js';
import type { TelemetryItem } from './telemetryItem.js';

/** What is sent of a run: its availability and its steps, or that it could not tell. Of runs that no schedule asked for: nothing. */
export function toTelemetry(result: TransactionResult, operation: Operation): readonly TelemetryItem[] {
  if (result.trigger !== 'schedule') return [];
  const inconclusive = result.outcome === 'inconclusive';
  // Under the availability result, so that the portal's end-to-end view nests them there; an event has no id to nest under.
  const stepsParent = inconclusive ? operation.parentId : result.runId;
  return [
    inconclusive ? toEvent(result, operation) : toAvailability(result, operation),
    ...toDependencies(result, { id: operation.id, ...(stepsParent === undefined ? {} : { parentId: stepsParent }) }),
  ];
}

function toAvailability(result: TransactionResult, operation: Operation): TelemetryItem {
  return {
    kind: 'availability',
    id: result.runId,
    name: nameOf(result),
    runLocation: result.region,
    durationMs: result.latencyMs,
    success: result.outcome === 'success',
    ...ofRun(result, operation),
    ...factsOf(result),
  };
}

function toEvent(result: TransactionResult, operation: Operation): TelemetryItem {
  const { message, properties, measurements } = factsOf(result);
  const more = bounded({ region: result.region, runId: result.runId, message });
  return {
    kind: 'event',
    name: 'ProbeInconclusive',
    ...ofRun(result, operation),
    properties: { ...properties, ...more },
    measurements,
  };
}

function ofRun(result: TransactionResult, { id, parentId }: Operation) {
  return { timeMs: Date.parse(result.startedAt), operationId: id, parentId };
}

/** The steps that were taken, laid end to end: a result has their durations, and steps never overlap. */
function toDependencies(result: TransactionResult, operation: Operation): TelemetryItem[] {
  let timeMs = Date.parse(result.startedAt);
  return result.steps.flatMap((step) => {
    if (step.outcome === 'skipped') return [];
    const item = toDependency(step, result, operation, Math.round(timeMs));
    timeMs += step.ms;
    return [item];
  });
}

type TakenStep = Exclude<StepResult, { readonly outcome: 'skipped' }>;

function toDependency(step: TakenStep, result: TransactionResult, operation: Operation, timeMs: number): TelemetryItem {
  const { edge, transaction, region, targetFqdn } = result;
  return {
    kind: 'dependency',
    name: step.name,
    type: protocolOf(step.name, result),
    target: printable(targetFqdn, longestName),
    resultCode: step.outcome === 'failed' ? step.code : 'OK',
    durationMs: step.ms,
    success: step.outcome === 'passed',
    timeMs,
    operationId: operation.id,
    parentId: operation.parentId,
    properties: bounded({ edge, transaction, region, activity: step.activity }),
    measurements: {},
  };
}
