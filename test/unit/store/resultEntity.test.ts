import { describe, expect, test } from 'vitest';
import { type Cell, type Row, UnreadableRow } from '../../../shared/store/columns.js';
import { fromEntity, outcomeColumns, readResult, toEntity, toOutcome } from '../../../shared/store/resultEntity.js';
import { sampleFailure, sampleResult } from './sampleResult.js';

describe('the row of a result', () => {
  test('has flat typed columns for what one asks for, and JSON for lists', () => {
    const row = toEntity(sampleFailure());

    expect(row).toMatchObject({
      partitionKey: 'contoso|registration|20261120',
      schema: 1,
      trigger: 'schedule',
      region: 'westeurope',
      outcome: 'failure',
      code: 'SIP_ANSWER_TIMEOUT',
      latencyMs: { value: 48.25, type: 'Double' },
      scheduledAt: { value: '2026-11-20T23:15:00.000Z', type: 'DateTime' },
      startedAt: { value: '2026-11-20T23:15:00.012Z', type: 'DateTime' },
      observations: '{"tlsVersion":"TLSv1.3","addresses":["203.0.113.10:443"]}',
    });
  });

  test('has no code and no diagnosis on success', () => {
    expect(Object.keys(toEntity(sampleResult()))).not.toContain('code');
    expect(Object.keys(toEntity(sampleResult()))).not.toContain('diagnosis');
  });

  test.each([
    ['a success', sampleResult()],
    ['a failure', sampleFailure()],
    ['a latency of a whole number', sampleResult({ latencyMs: 25 })],
    [
      'text with quotes, line breaks and half a surrogate pair',
      sampleResult({ observations: { said: '"\n\u0000\ud800' } }),
    ],
  ])('gives back %s', (_what, result) => {
    expect(fromEntity(toEntity(result))).toEqual(result);
    expect(fromEntity(overTheWire(toEntity(result)))).toEqual(result);
  });

  test('writes no number that is none', () => {
    expect(fromEntity(toEntity(sampleResult({ latencyMs: Number.NaN })))?.latencyMs).toBe(0);
  });
});

describe('a result too large for a row', () => {
  test('loses the observations that do not fit, and says so', () => {
    const observations = { first: 1, huge: 'x'.repeat(40_000), second: 2, truncated: 'no' };

    const read = fromEntity(toEntity(sampleResult({ observations })));

    expect(read?.observations).toEqual({ first: 1, second: 2, truncated: true });
  });

  test('says in the observations also that a list was cut', () => {
    const warning = { code: 'AUTH_NOT_DEMANDED', step: 'register', message: 'm'.repeat(900), degrades: true } as const;

    const read = fromEntity(toEntity(sampleResult({ warnings: Array.from({ length: 100 }, () => warning) })));

    expect(read?.warnings.length).toBeGreaterThan(20);
    expect(read?.observations).toMatchObject({ tlsVersion: 'TLSv1.3', truncated: true });
  });

  test('keeps code, step and the first words of its diagnosis', () => {
    const failure = sampleFailure();
    const said = '\u0001'.repeat(100_000);
    const diagnosis = { code: 'SIP_ANSWER_TIMEOUT', layer: 'sip', fault: 'target', step: 'register' } as const;

    const read = fromEntity(
      toEntity({
        ...failure,
        diagnosis: { ...diagnosis, error: said, serverDiagnosis: said, causes: ['c'], next: ['n'] },
      }),
    );

    const cut = said.slice(0, 2000);
    expect(read?.diagnosis).toEqual({ ...diagnosis, error: cut, serverDiagnosis: cut, causes: [], next: [] });
  });

  test('drops what has no JSON instead of failing', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;

    const read = fromEntity(toEntity(sampleResult({ observations: { circle, count: 10n, gone: undefined, kept: 1 } })));

    expect(read?.observations).toEqual({ kept: 1, truncated: true });
  });

  test('has no column above 32 Ki characters and stays below 1 MiB, whatever is in it', () => {
    const long = '"ü\u0001'.repeat(50_000);
    const many = <T>(item: T) => Array.from({ length: 500 }, () => item);

    const row = toEntity({
      ...sampleFailure({ runId: long, edge: long, region: 'r', targetFqdn: long }),
      steps: many({ name: long, outcome: 'passed', ms: 1 }),
      followUps: many(sampleResult()),
      observations: Object.fromEntries(many(0).map((_, index) => [`${index}${long}`, index])),
      prober: { ...sampleResult().prober, version: long },
    });

    const { partitionKey: _partition, ...columns } = row;
    const texts = Object.values(columns).filter((cell): cell is string => typeof cell === 'string');
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(32_768);
    expect(texts.reduce((bytes, text) => bytes + 2 * text.length, 0)).toBeLessThan(1_000_000);
  });
});

describe('a row that this version did not write', () => {
  const row: Row = toEntity(sampleFailure());

  test('is read when it only has columns more', () => {
    expect(fromEntity({ ...row, inventedLater: 7, etag: 'x', timestamp: 'y' })).toEqual(sampleFailure());
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['of a newer schema', { schema: 2 }],
    ['without a schema', { schema: undefined }],
    ['with an outcome of another version', { outcome: 'perhaps' }],
    ['with a trigger of another version', { trigger: 'webhook' }],
    ['with broken JSON', { steps: '[{' }],
    ['with steps that are none', { steps: '[{"name":"resolve","outcome":"passed"}]' }],
    ['with a diagnosis that is none', { diagnosis: '{"code":"SIP_ANSWER_TIMEOUT"}' }],
    [
      'with a code that is none',
      { diagnosis: '{"code":"<script>","layer":"sip","fault":"target","error":"","causes":[],"next":[]}' },
    ],
    ['with a time that is none', { scheduledAt: 'soon' }],
    ['with text where a number belongs', { latencyMs: 'fast' }],
    ['with a number where text belongs', { region: 7 }],
    ['without the facts of its prober', { prober: undefined }],
    ['with null where a list belongs', { warnings: 'null' }],
  ])('is left out %s', (_what, differs) => {
    expect(fromEntity({ ...row, ...differs })).toBeUndefined();
  });

  test('says what was wrong to whoever wants to know', () => {
    expect(() => readResult({ ...row, schema: 2 })).toThrow(new UnreadableRow('schema 2 is not 1'));
    expect(() => readResult({ ...row, outcome: 'perhaps' })).toThrow(
      new UnreadableRow('outcome is none of success, failure, inconclusive'),
    );
  });
});

describe('the columns for counting', () => {
  test('are enough to count a row', () => {
    const row = toEntity(sampleFailure());
    const selected = Object.fromEntries(outcomeColumns.map((column) => [column, row[column]]));

    expect(toOutcome(selected)).toEqual({ trigger: 'schedule', outcome: 'failure' });
  });

  test('tell which target was active, of a conclusive run that looked for one', () => {
    const active = (activeTarget: unknown, differs = {}) => {
      const row = overTheWire(toEntity(sampleResult({ observations: { activeTarget }, ...differs })));
      return toOutcome(Object.fromEntries(outcomeColumns.map((column) => [column, row[column]])));
    };
    const seen = { region: 'westeurope', at: '2026-11-20T23:15:00.000Z' };

    expect(active('edge1.contoso.example:5269')?.route).toEqual({ ...seen, active: 'edge1.contoso.example:5269' });
    expect(active(null, { outcome: 'failure' })?.route).toEqual({ ...seen, active: undefined });
    expect(active(null, { outcome: 'inconclusive' })).toEqual({ trigger: 'schedule', outcome: 'inconclusive' });
    expect(active(undefined)).toEqual({ trigger: 'schedule', outcome: 'success' });
  });

  test('leave out what is of a newer schema', () => {
    expect(toOutcome({ schema: 2, trigger: 'schedule', outcome: 'failure' })).toBeUndefined();
  });
});

/** What the SDK makes of a row: typed values become plain numbers and dates. */
function overTheWire(row: Readonly<Record<string, Cell>>): Row {
  const plain = (cell: Cell) => {
    if (typeof cell !== 'object') return cell;
    return cell.type === 'DateTime' ? new Date(cell.value) : cell.value;
  };
  return Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, plain(cell)]));
}
