import { describe, expect, test } from 'vitest';
import { expiredTables } from '../../../shared/store/retention.js';

const months = ['202607', '202608', '202609', '202610', '202611', '202612', '202701'].map((month) => `Results${month}`);

describe('tables that are old enough to be deleted', () => {
  test('are those whose last day is more than the retention past', () => {
    const at = (iso: string) => expiredTables(months, Date.parse(iso), 90);

    expect(at('2026-11-29T00:00:00.000Z')).toEqual(['Results202607']);
    expect(at('2026-11-29T00:00:00.001Z')).toEqual(['Results202607']);
    expect(at('2026-11-30T00:00:00.000Z')).toEqual(['Results202607']);
    expect(at('2026-11-30T00:00:00.001Z')).toEqual(['Results202607', 'Results202608']);
  });

  test('are never those of this month, the month before or one that is still to come', () => {
    expect(expiredTables(months, Date.parse('2026-11-30T23:59:59.999Z'), 1)).toEqual(months.slice(0, 3));
    expect(expiredTables(months, Date.parse('2027-01-01T00:00:00.000Z'), 1)).toEqual(months.slice(0, 5));
  });

  test('are no tables of any other name', () => {
    const others = [
      'EdgeState',
      'Results',
      'Results2026',
      'Results202613',
      'Results20260',
      'MyResults202601',
      'results202601',
    ];

    expect(expiredTables(others, Date.parse('2030-01-01T00:00:00.000Z'), 1)).toEqual([]);
  });
});
