import { expect, test } from 'vitest';
import { InFlight } from '../../../shared/run/inFlight.js';
import { settled } from '../../fakes/manualClock.js';

/** Work that ends when a test says so. */
function held() {
  let end: () => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  return { work, end };
}

test('the end is awaited until everything has ended, also what was begun meanwhile', async () => {
  const inFlight = new InFlight();
  const [first, second] = [held(), held()];
  let over = false;

  const tracked = inFlight.track(() => first.work);
  void inFlight.ended().then(() => {
    over = true;
  });
  void inFlight.track(() => second.work);
  first.end();
  await settled();
  const afterFirst = over;
  second.end();
  await settled();

  expect([await tracked, afterFirst, over]).toEqual(['done', false, true]);
});

test('work that rejects rejects to its caller, and counts as ended', async () => {
  const inFlight = new InFlight();

  const tracked = inFlight.track(() => Promise.reject(new Error('boom')));

  await expect(tracked).rejects.toThrow('boom');
  await expect(inFlight.ended()).resolves.toBeUndefined();
});

test('where nothing is going on there is nothing to wait for', async () => {
  await expect(new InFlight().ended()).resolves.toBeUndefined();
});
