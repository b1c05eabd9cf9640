import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchEventLoop } from '../../../shared/run/eventLoop.js';

test('a hold-up of the event loop is seen, and what comes after the watch is not', async () => {
  const stop = watchEventLoop();
  await sleep(15);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  await sleep(15);

  const first = stop();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);

  // Held up for 60 ms at least, of which the watch may have slept through one interval of 10 ms.
  expect(first).toBeGreaterThanOrEqual(45);
  expect(stop()).toBe(first);
});
