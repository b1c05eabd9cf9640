import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HostLine } from '../../../shared/local/host/hostLog.js';
import { patiently } from '../../../shared/local/patience.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a long wait is talked about every few seconds until it is over, a short one not at all', async () => {
  const lines: HostLine[] = [];
  const wait = (ms: number) =>
    patiently('the storage', new Promise((resolve) => setTimeout(resolve, ms)), (line) => lines.push(line));

  const waits = Promise.all([wait(2_900), wait(7_000)]);
  await vi.advanceTimersByTimeAsync(60_000);
  await waits;

  expect(lines.map(({ text }) => text)).toEqual([
    'still waiting for the storage, 3 s ...',
    'still waiting for the storage, 6 s ...',
  ]);
});

test('what a wait fails with is passed on, and nothing is said afterwards', async () => {
  const lines: HostLine[] = [];
  const failed = patiently('the storage', Promise.reject(new Error('no room')), (line) => lines.push(line));

  await expect(failed).rejects.toThrow('no room');
  await vi.advanceTimersByTimeAsync(60_000);

  expect(lines).toEqual([]);
});
