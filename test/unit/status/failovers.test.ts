import { describe, expect, test } from 'vitest';
import { type Failover, failovers, publicFailovers, spansOfDay } from '../../../shared/status/failovers.js';
import { failoverText } from '../../../shared/status/failoverText.js';
import type { RunOutcome } from '../../../shared/store/resultStore.js';

const edge1 = 'edge1.contoso.example:5269';
const edge2 = 'edge2.contoso.example:5269';

/** Runs of one region, ten seconds apart from `start` on: `1` found edge1 active, `2` edge2, `.` none, `-` could not tell. */
function runs(marks: string, start = '2026-11-20T12:00:00.000Z', region = 'westeurope'): readonly RunOutcome[] {
  const active: Readonly<Record<string, string>> = { 1: edge1, 2: edge2 };
  return [...marks].map((mark, index): RunOutcome => {
    const at = new Date(Date.parse(start) + index * 10_000).toISOString();
    if (mark === '-') return { trigger: 'schedule', outcome: 'inconclusive' };
    const route = { region, at, active: active[mark] };
    return { trigger: 'schedule', outcome: mark === '.' ? 'failure' : 'success', route };
  });
}

const found = (...marks: Parameters<typeof runs>) => failovers(spansOfDay(runs(...marks)));

describe('a fail-over', () => {
  test('tells from where to where, when it was last good, and how long the route was down', () => {
    expect(found('111....222')).toEqual([
      {
        region: 'westeurope',
        from: edge1,
        to: edge2,
        lastGoodAt: '2026-11-20T12:00:20.000Z',
        takenOverAt: '2026-11-20T12:01:10.000Z',
        downForMs: 40_000,
        precisionMs: 10_000,
      },
    ]);
  });

  test('that no run saw the route down for lasted at most as long as between two runs', () => {
    expect(found('1122')).toMatchObject([{ downForMs: 5_000, precisionMs: 5_000 }]);
  });

  test('is told with less precision where runs could not tell', () => {
    expect(found('11-..-22')).toMatchObject([{ downForMs: 30_000, precisionMs: 20_000 }]);
  });

  test('has not happened while the route is down, nor where the same target comes back', () => {
    expect(found('11...')).toEqual([]);
    expect(found('11..11')).toEqual([]);
    expect(found('...11')).toEqual([]);
    expect(found('')).toEqual([]);
  });

  test('and the way back are two', () => {
    expect(found('11.22.11').map(({ from, to }) => `${from} ${to}`)).toEqual([
      `${edge1} ${edge2}`,
      `${edge2} ${edge1}`,
    ]);
  });

  test('over midnight is found in the spans of two days, in whichever order they are', () => {
    const before = spansOfDay(runs('11.', '2026-11-20T23:59:30.000Z'));
    const after = spansOfDay(runs('.22', '2026-11-21T00:00:00.000Z'));

    expect(failovers([...after, ...before])).toMatchObject([
      { lastGoodAt: '2026-11-20T23:59:40.000Z', takenOverAt: '2026-11-21T00:00:10.000Z', downForMs: 20_000 },
    ]);
  });

  test('is told once for each region that saw it', () => {
    const outcomes = [...runs('11.22'), ...runs('11..22', '2026-11-20T12:00:03.000Z', 'eastus')];

    expect(failovers(spansOfDay(outcomes)).map(({ region, downForMs }) => [region, downForMs])).toEqual([
      ['westeurope', 10_000],
      ['eastus', 20_000],
    ]);
  });

  test('is not made of runs that no schedule asked for, nor of other transactions', () => {
    const asked = runs('2').map((run) => ({ ...run, trigger: 'on-demand' as const }));

    expect(failovers(spansOfDay([...runs('111'), ...asked]))).toEqual([]);
    expect(spansOfDay([{ trigger: 'schedule', outcome: 'success' }])).toEqual([]);
  });
});

describe('a day', () => {
  test('is kept as its spans: of hours without a change two moments', () => {
    expect(spansOfDay(runs('1'.repeat(8640), '2026-11-20T00:00:00.000Z'))).toEqual([
      { region: 'westeurope', active: edge1, firstAt: '2026-11-20T00:00:00.000Z', lastAt: '2026-11-20T23:59:50.000Z' },
    ]);
  });
});

describe('in public', () => {
  const [failover] = found('111....222') as readonly [Failover];

  test('hosts are named only where the settings allow it', () => {
    const hidden = publicFailovers([failover], {});

    expect(JSON.stringify(hidden)).not.toContain('contoso');
    expect(hidden.failovers).toMatchObject([{ region: 'westeurope', downForMs: 40_000 }]);
    expect(publicFailovers([failover], { showTargets: true }).failovers).toEqual([failover]);
  });

  test('the newest five are shown, the newest first, and none is no list', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ ...failover, downForMs: index }));

    expect(publicFailovers(many, {}).failovers?.map(({ downForMs }) => downForMs)).toEqual([6, 5, 4, 3, 2]);
    expect(publicFailovers([], {})).toEqual({});
  });

  test('is told in words, in the unit that fits', () => {
    expect(failoverText(failover)).toBe(
      `failed over from ${edge1} to ${edge2}; down for 40 s (10 s more or less), seen from westeurope`,
    );
    const { from: _from, to: _to, ...hidden } = failover;
    expect(failoverText({ ...hidden, downForMs: 600_000, precisionMs: 300_000 })).toBe(
      'failed over to another server; down for 10 min (5 min more or less), seen from westeurope',
    );
    expect(failoverText({ ...hidden, downForMs: 36e5 * 5 })).toContain('down for 5 h');
  });
});
