import type { Outcome, StepResult } from '../domain/result.js';
import type { LatestRow } from '../store/resultStore.js';
import {
  heading,
  judgedRegions,
  type RegionStatus,
  regionStatus,
  type StatusInput,
  storage,
  type TransactionStatus,
  transactionStatus,
} from './statusDocument.js';

/** One transaction in public, with the steps of every region's last run. */
export interface TransactionDocument extends Omit<TransactionStatus, 'regions'> {
  readonly schema: 1;
  readonly generatedAt: string;
  readonly ageSeconds: number;
  readonly storage?: 'unavailable';
  readonly backlog?: number;
  readonly edge: string;
  readonly regions: readonly RegionDetail[];
}

export interface RegionDetail extends RegionStatus {
  readonly outcome: Outcome | null;
  readonly latencyMs: number | null;
  readonly steps: readonly PublicStep[];
}

export interface PublicStep {
  readonly name: string;
  readonly outcome: StepResult['outcome'];
  readonly ms?: number;
  readonly code?: string;
}

/** The document of `/api/status/{edge}/{transaction}`; undefined for what is not configured. */
export function transactionDocument(
  input: StatusInput,
  edgeName: string,
  name: string,
): TransactionDocument | undefined {
  const edge = input.monitored.edges.find((candidate) => candidate.name === edgeName);
  const transaction = edge?.transactions.find((candidate) => candidate.name === name);
  if (edge === undefined || transaction === undefined) return undefined;
  const judged = judgedRegions(input, edge, transaction);
  const status = transactionStatus(input, edge, transaction);
  const regions = judged.map((region) => ({ ...regionStatus(region), ...lastRun(region.row) }));
  return { ...heading(input), ...storage(input), edge: edge.name, ...status, regions };
}

function lastRun(row: LatestRow | undefined): Omit<RegionDetail, keyof RegionStatus> {
  if (row === undefined) return { outcome: null, latencyMs: null, steps: [] };
  const { outcome, latencyMs, steps } = row.result;
  return { outcome, latencyMs, steps: steps.map(publicStep) };
}

function publicStep(step: StepResult): PublicStep {
  const { name, outcome } = step;
  if (step.outcome === 'skipped') return { name, outcome };
  return { name, outcome, ms: step.ms, ...(step.outcome === 'failed' ? { code: step.code } : {}) };
}
