import { type Diagnosis, layers } from '../domain/diagnosis.js';
import { dialects } from '../domain/edge.js';
import type { Outcome, ProberFacts, StepResult, TransactionResult, Trigger, Warning } from '../domain/result.js';
import { type BoundedJson, boundedDiagnosis, boundedList, boundedRecord } from './boundedJson.js';
import {
  type Cell,
  double,
  type Entity,
  ifReadable,
  isRecord,
  type Row,
  readChoice,
  readJson,
  readNumber,
  readText,
  readTime,
  text,
  time,
  UnreadableRow,
} from './columns.js';
import { dayOf, partitionKeyOf, rowKeyOf } from './keys.js';
import type { RunOutcome } from './resultStore.js';

const outcomes: readonly Outcome[] = ['success', 'failure', 'inconclusive'];
const triggers: readonly Trigger[] = ['schedule', 'on-demand', 'cli'];

/** The raw row of a result: one per firing of a schedule, however often it is written. */
export function toEntity(result: TransactionResult): Entity {
  return {
    partitionKey: partitionKeyOf(result, dayOf(result.scheduledAt)),
    rowKey: rowKeyOf(result),
    ...toColumns(result),
  };
}

/** The columns of a result: flat and typed where one queries, JSON where it is a list, none larger than a row can hold. */
export function toColumns(result: TransactionResult): Readonly<Record<string, Cell>> {
  const steps = boundedList(result.steps);
  const warnings = boundedList(result.warnings);
  const followUps = boundedList(result.followUps);
  const prober = boundedRecord({ ...result.prober }, false);
  const diagnosis = result.diagnosis === undefined ? undefined : boundedDiagnosis(result.diagnosis);
  const cut = [steps, warnings, followUps, prober, diagnosis].some((json?: BoundedJson) => json?.truncated === true);
  return {
    schema: result.schema,
    runId: text(result.runId),
    trigger: result.trigger,
    edge: text(result.edge),
    transaction: text(result.transaction),
    dialect: result.dialect,
    region: text(result.region),
    scheduledAt: time(result.scheduledAt),
    startedAt: time(result.startedAt),
    targetFqdn: text(result.targetFqdn),
    outcome: result.outcome,
    latencyMs: double(result.latencyMs),
    ...(result.diagnosis === undefined ? {} : { code: result.diagnosis.code }),
    ...(diagnosis === undefined ? {} : { diagnosis: diagnosis.json }),
    steps: steps.json,
    warnings: warnings.json,
    followUps: followUps.json,
    observations: boundedRecord(result.observations, cut).json,
    prober: prober.json,
    ...activeTargetColumn(result.observations.activeTarget),
  };
}

/** A column of its own, so that a history of it is read without the rest; empty where the run found none. */
function activeTargetColumn(active: unknown): Readonly<Record<string, Cell>> {
  if (typeof active === 'string') return { activeTarget: text(active) };
  return active === null ? { activeTarget: '' } : {};
}

/** The result of a raw row; undefined for a row of a newer schema or a damaged one. Unknown columns are ignored. */
export function fromEntity(row: Row): TransactionResult | undefined {
  return ifReadable(() => readResult(row));
}

/** The result in a row's columns. Throws `UnreadableRow`. */
export function readResult(row: Row): TransactionResult {
  const diagnosis = readJson(row, 'diagnosis', isDiagnosis);
  return {
    schema: readSchema(row),
    runId: readText(row, 'runId'),
    trigger: readChoice(row, 'trigger', triggers),
    edge: readText(row, 'edge'),
    transaction: readText(row, 'transaction'),
    dialect: readChoice(row, 'dialect', dialects),
    region: readText(row, 'region'),
    scheduledAt: readTime(row, 'scheduledAt'),
    startedAt: readTime(row, 'startedAt'),
    targetFqdn: readText(row, 'targetFqdn'),
    outcome: readChoice(row, 'outcome', outcomes),
    latencyMs: readNumber(row, 'latencyMs'),
    steps: readJson(row, 'steps', isListOf(isStep)) ?? [],
    ...(diagnosis === undefined ? {} : { diagnosis }),
    warnings: readJson(row, 'warnings', isListOf(isWarning)) ?? [],
    followUps: readJson(row, 'followUps', isListOf(isFollowUp)) ?? [],
    observations: readJson(row, 'observations', isRecord) ?? {},
    prober: required(readJson(row, 'prober', isProberFacts), 'prober'),
  };
}

/** The columns that `toOutcome` needs, to be asked for alone. */
export const outcomeColumns = ['schema', 'trigger', 'outcome', 'region', 'scheduledAt', 'activeTarget'] as const;

/** What counting needs of a raw row; undefined as with `fromEntity`. */
export function toOutcome(row: Row): RunOutcome | undefined {
  return ifReadable(() => {
    readSchema(row);
    const outcome = readChoice(row, 'outcome', outcomes);
    const { activeTarget } = row;
    const told = { trigger: readChoice(row, 'trigger', triggers), outcome };
    if (outcome === 'inconclusive' || typeof activeTarget !== 'string') return told;
    const active = activeTarget === '' ? undefined : activeTarget;
    return { ...told, route: { region: readText(row, 'region'), at: readTime(row, 'scheduledAt'), active } };
  });
}

function readSchema(row: Row): 1 {
  if (row.schema !== 1) throw new UnreadableRow(`schema ${String(row.schema)} is not 1`);
  return 1;
}

function required<T>(value: T | undefined, column: string): T {
  if (value === undefined) throw new UnreadableRow(`${column} is missing`);
  return value;
}

function isListOf<T>(holds: (value: unknown) => value is T): (value: unknown) => value is readonly T[] {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(holds);
}

function isStep(value: unknown): value is StepResult {
  if (!isRecord(value) || typeof value.name !== 'string') return false;
  if (value.outcome === 'skipped') return typeof value.after === 'string';
  if (typeof value.ms !== 'number') return false;
  return value.outcome === 'passed' || (value.outcome === 'failed' && isCode(value.code));
}

// The code may be one that this version's catalogue does not have (any more): a reader asks the catalogue, it does not assume.
function isDiagnosis(value: unknown): value is Diagnosis {
  if (!isRecord(value) || !isCode(value.code) || typeof value.error !== 'string') return false;
  const { layer, fault, causes, next } = value;
  return (
    layers.some((known) => known === layer) &&
    (fault === 'target' || fault === 'prober') &&
    isTexts(causes) &&
    isTexts(next)
  );
}

const isTexts = isListOf((value): value is string => typeof value === 'string');

function isWarning(value: unknown): value is Warning {
  return (
    isRecord(value) && isCode(value.code) && typeof value.message === 'string' && typeof value.degrades === 'boolean'
  );
}

function isFollowUp(value: unknown): value is TransactionResult {
  return isRecord(value) && typeof value.runId === 'string' && typeof value.outcome === 'string';
}

function isProberFacts(value: unknown): value is ProberFacts {
  return isRecord(value) && typeof value.version === 'string' && typeof value.lateMs === 'number';
}

function isCode(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{0,99}$/.test(value);
}
