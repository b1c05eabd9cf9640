import { describe, expect, test } from 'vitest';
import { SlidingWindow } from '../../../shared/run/slidingWindow.js';
import { ManualClock } from '../../fakes/manualClock.js';

describe('a sliding window of three in a second', () => {
  const opened = () => {
    const clock = new ManualClock();
    return { clock, window: new SlidingWindow({ most: 3, windowMs: 1_000 }, clock) };
  };

  test('admits three, then tells how long until the first of them is a second ago', () => {
    const { clock, window } = opened();

    const taken = [0, 100, 100, 100].map((passed) => {
      clock.block(passed);
      return window.take('a');
    });

    expect(taken).toEqual([0, 0, 0, 700]);
  });

  test('slides: one leaves, one may come', () => {
    const { clock, window } = opened();
    for (const passed of [0, 400, 400]) {
      clock.block(passed);
      window.take('a');
    }

    clock.block(200);
    const afterFirst = [window.take('a'), window.take('a')];

    expect(afterFirst).toEqual([0, 400]);
  });

  test('does not count what it refuses, however often it is asked', () => {
    const { clock, window } = opened();
    for (let asked = 0; asked < 100; asked += 1) window.take('a');

    clock.block(1_000);

    expect([1, 2, 3, 4].map(() => window.take('a'))).toEqual([0, 0, 0, 1_000]);
  });

  test('counts each key by itself', () => {
    const { window } = opened();
    for (const _ of [1, 2, 3]) window.take('a');

    expect([window.take('a'), window.take('b')]).toEqual([1_000, 0]);
  });
});
