import { describe, expect, test } from 'vitest';
import { entryOf } from '../../../shared/domain/diagnosis.js';
import { statusDocument } from '../../../shared/status/statusDocument.js';
import { transactionDocument } from '../../../shared/status/transactionDocument.js';
import { sampleFailure, sampleInconclusive, sampleResult } from '../store/sampleResult.js';
import { minuteMs, rowAfter, sampleDay, sampleInput, sampleNow } from './sampleStatus.js';

const regions = ['westeurope', 'eastus', 'southeastasia'];
const everywhere = (transaction: string) => regions.map((region) => rowAfter(sampleResult({ transaction, region })));
const earlier = '2026-11-20T23:10:00.000Z';
const downIn = (region: string) => rowAfter(sampleFailure({ region, scheduledAt: earlier }), sampleFailure({ region }));

describe('the status document', () => {
  test('shows states, times and days of everything that is configured', () => {
    const document = statusDocument(sampleInput([...everywhere('registration'), ...everywhere('presence')]));

    const lastRunAt = '2026-11-20T23:15:00.012Z';
    const up = {
      state: 'up',
      since: '2026-11-20T23:15:00.000Z',
      regions: regions.map((region) => ({ region, state: 'up', lastRunAt })),
      days: [sampleDay('2026-11-19', 0), sampleDay('2026-11-20', 3)],
    };
    expect(document).toEqual({
      schema: 1,
      generatedAt: '2026-11-20T23:16:00.000Z',
      ageSeconds: 0,
      state: 'up',
      edges: [
        {
          name: 'contoso',
          title: 'Contoso Edge',
          state: 'up',
          transactions: [
            { name: 'registration', title: 'Sign-in', ...up },
            { name: 'presence', title: 'Presence', group: 'Messaging', ...up },
          ],
        },
      ],
    });
  });

  test('takes the worst state upwards, and says what a code means', () => {
    const rows = [
      ...everywhere('presence'),
      downIn('westeurope'),
      downIn('eastus'),
      rowAfter(sampleResult({ region: 'southeastasia' })),
    ];

    const document = statusDocument(sampleInput(rows));

    expect(document).toMatchObject({ state: 'down', edges: [{ state: 'down' }] });
    expect(document.edges[0]?.transactions[0]).toMatchObject({
      state: 'down',
      since: earlier,
      code: 'SIP_ANSWER_TIMEOUT',
      meaning: entryOf('SIP_ANSWER_TIMEOUT').meaning,
      regions: [{ state: 'down' }, { state: 'down' }, { state: 'up' }],
    });
    expect(document.edges[0]?.transactions[1]).not.toHaveProperty('code');
  });

  test('keeps the code of the failure while a later run could not tell', () => {
    const inconclusive = sampleInconclusive({ scheduledAt: '2026-11-20T23:15:30.000Z' });

    const document = statusDocument(sampleInput([rowAfter(sampleFailure(), inconclusive)]));

    expect(document.edges[0]?.transactions[0]).toMatchObject({ state: 'degraded', code: 'SIP_ANSWER_TIMEOUT' });
  });

  test.each([
    ['no run was recorded', [], { meaning: 'No run has been recorded yet.' }],
    [
      'no recent run was recorded',
      [rowAfter(sampleFailure({ scheduledAt: '2026-11-20T20:00:00.000Z' }))],
      { meaning: 'No recent run has been recorded.' },
    ],
    [
      'the last trouble was ours, but long ago',
      [rowAfter(sampleInconclusive({ scheduledAt: '2026-11-20T20:00:00.000Z' }))],
      { meaning: 'No recent run has been recorded.' },
    ],
    [
      'recent runs could not tell',
      [rowAfter(sampleInconclusive())],
      { code: 'PROBER_EVENT_LOOP_STARVED', meaning: entryOf('PROBER_EVENT_LOOP_STARVED').meaning },
    ],
  ])('is unknown when %s, and says so', (_when, rows, explanation) => {
    const [registration] = statusDocument(sampleInput(rows)).edges[0]?.transactions ?? [];

    expect(registration).toMatchObject({ state: 'unknown', ...explanation });
  });

  test('says that a success was slow, which has no code', () => {
    const document = statusDocument(sampleInput([rowAfter(sampleResult({ latencyMs: 2500 }))]));

    expect(document.edges[0]?.transactions[0]).toMatchObject({
      state: 'degraded',
      since: null,
      meaning: 'The transaction succeeds, but takes longer than it should.',
    });
  });

  test('shows a code of another version without a meaning of its own', () => {
    const row = { ...rowAfter(sampleFailure()), conclusiveCode: 'SIP_INVENTED_LATER' as never };

    const [registration] = statusDocument(sampleInput([row])).edges[0]?.transactions ?? [];

    expect(registration?.code).toBe('SIP_INVENTED_LATER');
    expect(registration).not.toHaveProperty('meaning');
  });

  test('ignores a region that is not configured any more', () => {
    const rows = [
      rowAfter(sampleResult()),
      rowAfter(sampleFailure({ region: 'gone', scheduledAt: earlier }), sampleFailure({ region: 'gone' })),
    ];

    expect(statusDocument(sampleInput(rows)).edges[0]?.transactions[0]?.state).toBe('up');
  });

  test('is unknown, never up, when the results of an edge could not be read', () => {
    const document = statusDocument(sampleInput([], { latest: new Map(), daysOf: () => [], storageAvailable: false }));

    expect(document).toMatchObject({ state: 'unknown', storage: 'unavailable', edges: [{ state: 'unknown' }] });
    expect(document.edges[0]?.transactions[0]).toEqual({
      name: 'registration',
      title: 'Sign-in',
      state: 'unknown',
      since: null,
      meaning: 'The results cannot be read at the moment.',
      regions: regions.map((region) => ({ region, state: 'unknown', lastRunAt: null })),
      days: [],
    });
  });

  test('is unknown when nothing is configured', () => {
    const monitored = { regions, quorum: 2, downAfterRuns: 2, edges: [] };

    expect(statusDocument(sampleInput([], { monitored }))).toMatchObject({ state: 'unknown', edges: [] });
  });

  test('turns from up to unknown as time passes without a run', () => {
    const rows = [...everywhere('registration'), ...everywhere('presence')];

    const document = statusDocument(sampleInput(rows, { now: sampleNow + 16 * minuteMs }));

    expect(document.state).toBe('unknown');
  });
});

describe('the document of one transaction', () => {
  test('adds the steps and the latency of the last run in every region', () => {
    const document = transactionDocument(
      sampleInput([rowAfter(sampleFailure({ latencyMs: 48.25 }))]),
      'contoso',
      'registration',
    );

    expect(document).toMatchObject({
      schema: 1,
      edge: 'contoso',
      name: 'registration',
      state: 'degraded',
      code: 'SIP_ANSWER_TIMEOUT',
    });
    expect(document?.regions[0]).toEqual({
      region: 'westeurope',
      state: 'degraded',
      lastRunAt: '2026-11-20T23:15:00.012Z',
      outcome: 'failure',
      latencyMs: 48.25,
      steps: [
        { name: 'resolve', outcome: 'passed', ms: 3 },
        { name: 'register', outcome: 'failed', ms: 45.25, code: 'SIP_ANSWER_TIMEOUT' },
        { name: 'unregister', outcome: 'skipped' },
      ],
    });
    expect(document?.regions[1]).toEqual({
      region: 'eastus',
      state: 'unknown',
      lastRunAt: null,
      outcome: null,
      latencyMs: null,
      steps: [],
    });
  });

  test.each([
    ['contoso', 'im'],
    ['fabrikam', 'registration'],
    ['__proto__', 'constructor'],
  ])('does not exist for %s/%s, which is not configured', (edge, transaction) => {
    expect(transactionDocument(sampleInput([]), edge, transaction)).toBeUndefined();
  });
});

describe('what is public', () => {
  test('names no host, user, address, error or observation', () => {
    const secretive = sampleFailure({
      targetFqdn: 'HUSH.contoso.example',
      observations: { HUSH: 'HUSH' },
      warnings: [{ code: 'AUTH_NOT_DEMANDED', step: 'register', message: 'HUSH', degrades: true }],
    });
    const said = { error: 'HUSH', serverDiagnosis: 'HUSH', causes: ['HUSH'], next: ['HUSH'] };
    const diagnosis = { code: 'SIP_ANSWER_TIMEOUT', layer: 'sip', fault: 'target', ...said } as const;
    const input = sampleInput([rowAfter({ ...secretive, diagnosis, prober: { ...secretive.prober, node: 'HUSH' } })]);

    const text = JSON.stringify([statusDocument(input), transactionDocument(input, 'contoso', 'registration')]);

    expect(text).not.toContain('HUSH');
    expect(text).toContain('SIP_ANSWER_TIMEOUT');
  });
});
