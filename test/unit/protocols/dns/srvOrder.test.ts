import { describe, expect, test } from 'vitest';
import type { SrvRecord } from '../../../../shared/protocols/dns/answer.js';
import { orderSrv } from '../../../../shared/protocols/dns/srvOrder.js';
import { seededRandom } from '../../../fakes/seededRandom.js';

function record(target: string, priority: number, weight: number): SrvRecord {
  return { target, priority, weight, port: 5061 };
}

/** How often each target comes first, of `times` draws. */
function firsts(records: readonly SrvRecord[], times: number): Record<string, number> {
  const random = seededRandom(20261120);
  const counts: Record<string, number> = {};
  for (let draw = 0; draw < times; draw += 1) {
    const first = orderSrv(records, random)[0]?.target ?? 'none';
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts;
}

describe('SRV records', () => {
  test('are tried by priority, the lowest number first, whatever their weight (RFC 2782)', () => {
    const records = [record('c', 20, 100), record('a', 0, 0), record('b', 10, 1)];

    const order = orderSrv(records, () => 0.999).map(({ target }) => target);

    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('of one priority come first in proportion to their weight', () => {
    const counts = firsts([record('three', 0, 75), record('one', 0, 25)], 4_000);

    expect((counts.three ?? 0) / 4_000).toBeCloseTo(0.75, 1);
    expect((counts.one ?? 0) + (counts.three ?? 0)).toBe(4_000);
  });

  test('of weight 0 keep a small chance beside weighted ones', () => {
    const counts = firsts([record('weighted', 0, 99), record('zero', 0, 0)], 4_000);

    expect(counts.zero).toBeGreaterThan(0);
    expect((counts.zero ?? 0) / 4_000).toBeLessThan(0.03);
  });

  test.each([0, 0.25, 0.5, 0.75, 0.999999])('are all there once, whatever is drawn (%d)', (drawn) => {
    const records = [record('a', 0, 10), record('b', 0, 0), record('c', 0, 5), record('d', 1, 7), record('e', 0, 0)];

    const order = orderSrv(records, () => drawn).map(({ target }) => target);

    expect([...order].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(order.at(-1)).toBe('d');
  });

  test('are not changed by being ordered, and none is none', () => {
    const records = Object.freeze([record('b', 1, 0), record('a', 0, 0)]);

    expect(orderSrv(records, () => 0)).toHaveLength(2);
    expect(orderSrv([], () => 0)).toEqual([]);
  });
});
