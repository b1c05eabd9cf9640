import type { DiagnosisCode } from '../domain/diagnosis.js';
import {
  type Cell,
  double,
  type Entity,
  ifReadable,
  type Row,
  readChoice,
  readNumber,
  readText,
  readTime,
  time,
} from './columns.js';
import { latestRowKeyOf, statePartitionOf } from './keys.js';
import { readResult, toColumns } from './resultEntity.js';
import type { LatestRow } from './resultStore.js';

const conclusions = ['success', 'failure'] as const;

/** The row of `EdgeState` that holds a series' newest condition in one region. */
export function toLatestEntity(row: LatestRow): Entity {
  return {
    partitionKey: statePartitionOf(row.edge),
    rowKey: latestRowKeyOf(row),
    ...toColumns(row.result),
    degraded: row.degraded,
    failuresInARow: row.failuresInARow,
    ...optional('conclusiveAt', row.conclusiveAt, time),
    ...optional('conclusive', row.conclusive, (word) => word),
    ...optional('conclusiveCode', row.conclusiveCode, (code) => code),
    ...optional('conclusiveLatencyMs', row.conclusiveLatencyMs, double),
    ...optional('since', row.since, time),
  };
}

/** The condition in a row; undefined for a row of a newer schema or a damaged one. */
export function fromLatestEntity(row: Row): LatestRow | undefined {
  return ifReadable(() => {
    const result = readResult(row);
    return {
      edge: result.edge,
      transaction: result.transaction,
      region: result.region,
      result,
      degraded: row.degraded === true,
      failuresInARow: readNumber(row, 'failuresInARow'),
      ...conclusionIn(row),
    };
  });
}

function conclusionIn(row: Row): Partial<LatestRow> {
  if (row.conclusive === undefined) return {};
  return {
    conclusive: readChoice(row, 'conclusive', conclusions),
    conclusiveAt: readTime(row, 'conclusiveAt'),
    conclusiveLatencyMs: readNumber(row, 'conclusiveLatencyMs'),
    since: readTime(row, 'since'),
    ...(row.conclusiveCode === undefined ? {} : { conclusiveCode: readCode(row) }),
  };
}

// As in a diagnosis: a code that this version's catalogue may not have.
function readCode(row: Row): DiagnosisCode {
  return readText(row, 'conclusiveCode') as DiagnosisCode;
}

function optional<T>(column: string, value: T | undefined, toCell: (value: T) => Cell): Readonly<Record<string, Cell>> {
  return value === undefined ? {} : { [column]: toCell(value) };
}
