import type { TransactionResult } from '../domain/result.js';
import type { LatestRow } from './resultStore.js';

/**
 * The condition after one more result. Where the result changes nothing, the previous row itself comes back: it was not scheduled, is
 * older than what is known, or is a second firing of the same schedule, which must not count twice.
 */
export function nextLatest(previous: LatestRow | undefined, result: TransactionResult): LatestRow | undefined {
  if (result.trigger !== 'schedule') return previous;
  if (previous !== undefined && Date.parse(result.scheduledAt) <= Date.parse(previous.result.scheduledAt)) {
    return previous;
  }
  const kept = { ...result, followUps: [] };
  if (result.outcome === 'inconclusive') {
    // It tells nothing about the edge: what was known stays, and grows old.
    return { ...(previous ?? firstOf(result)), result: kept };
  }
  return { ...firstOf(result), result: kept, ...conclusionOf(previous, result, result.outcome) };
}

function conclusionOf(
  previous: LatestRow | undefined,
  result: TransactionResult,
  outcome: 'success' | 'failure',
): Omit<LatestRow, 'edge' | 'transaction' | 'region' | 'result'> {
  const degrading = result.warnings.find((warning) => warning.degrades);
  const code = outcome === 'failure' ? result.diagnosis?.code : degrading?.code;
  const goesOn = previous?.conclusive === outcome;
  return {
    conclusiveAt: result.scheduledAt,
    conclusive: outcome,
    ...(code === undefined ? {} : { conclusiveCode: code }),
    degraded: degrading !== undefined,
    conclusiveLatencyMs: result.latencyMs,
    failuresInARow: outcome === 'failure' ? (previous?.failuresInARow ?? 0) + 1 : 0,
    since: (goesOn ? previous.since : undefined) ?? result.scheduledAt,
  };
}

function firstOf(result: TransactionResult): Omit<LatestRow, 'result'> {
  const { edge, transaction, region } = result;
  return { edge, transaction, region, degraded: false, failuresInARow: 0 };
}
