import { describe, expect, test } from 'vitest';
import { below, formatFigure, spread } from '../../bench/figure.js';
import { median, percentile } from '../../bench/statistics.js';

describe('a percentile', () => {
  test.each([
    [[5], 99, 5],
    [[3, 1, 2], 50, 2],
    [[4, 1, 3, 2], 50, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, 9],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 99, 10],
    [[10, 9], 0, 9],
  ])('of %j at %i is %i', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  test('sorts numbers as numbers', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  test('of nothing is refused', () => {
    expect(() => median([])).toThrow(new Error('there is no value to take a percentile of'));
  });
});

describe('a figure', () => {
  test('shows the median, the range and how many were taken', () => {
    expect(spread([3.14, 1, 2.5], 'ms')).toBe('2.5 ms (1.0-3.1, n=3)');
  });

  test('is reached when the median stays below the limit, whatever a single value does', () => {
    const { measured, goal, reached } = below('load', [90, 80, 300], 150, 'ms', 0);

    expect([measured, goal, reached]).toEqual(['90 ms (80-300, n=3)', '< 150 ms', true]);
  });

  test('is not reached when the median is the limit', () => {
    expect(below('load', [150], 150, 'ms').reached).toBe(false);
  });

  test('says in its line when its goal was missed, and nothing of a goal where there is none', () => {
    const missed = formatFigure({ what: 'load', measured: '200 ms', goal: '< 150 ms', reached: false });
    const plain = formatFigure({ what: 'load', measured: '200 ms' });

    expect(missed).toMatch(/^ {2}load +200 ms +goal < 150 ms: NOT REACHED$/);
    expect(plain).toMatch(/^ {2}load +200 ms$/);
  });
});
