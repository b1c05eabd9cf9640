import { expect, test } from 'vitest';
import { toIso } from '../../../shared/domain/clock.js';

test('a time leaves the process as ISO 8601 in UTC with milliseconds', () => {
  expect(toIso(Date.UTC(2026, 10, 20, 23, 15))).toBe('2026-11-20T23:15:00.000Z');
});
