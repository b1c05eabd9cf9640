import { expect, test } from 'vitest';
import { DeadlineExceeded, limitOf } from '../../../shared/domain/scope.js';

test('the limit that ran out is told by the reason of the signal', () => {
  expect(limitOf(AbortSignal.abort(new DeadlineExceeded(5000)))).toBe(5000);
  expect(new DeadlineExceeded(5000)).toMatchObject({
    name: 'DeadlineExceeded',
    message: 'deadline of 5000 ms exceeded',
  });
});

test('a signal aborted for another reason, or not at all, tells no limit', () => {
  expect(limitOf(AbortSignal.abort(new Error('the run is being ended')))).toBe(0);
  expect(limitOf(new AbortController().signal)).toBe(0);
});
