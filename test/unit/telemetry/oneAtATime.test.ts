import { expect, test } from 'vitest';
import { oneAtATime } from '../../../shared/telemetry/oneAtATime.js';

/** Work that ends when it is told to, and counts how often it is going on. */
function startedBy() {
  const ends: { resolve: () => void; reject: () => void }[] = [];
  let most = 0;
  let now = 0;
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise<void>((resolve, reject) => ends.push({ resolve, reject: () => reject(new Error('broke')) }));
  };
  const counted = () => work().finally(() => (now -= 1));
  return { ends, work: counted, most: () => most };
}

test('work that is asked for while it is going on is done once more, for all who asked', async () => {
  const { ends, work, most } = startedBy();
  const ask = oneAtATime(work);
  const settled: string[] = [];

  ask().then(() => settled.push('first'));
  ask().then(() => settled.push('second'));
  ask().then(() => settled.push('third'));
  expect(ends).toHaveLength(1);
  ends[0]?.resolve();
  await expect.poll(() => ends.length).toBe(2);
  expect(settled).toEqual(['first']);
  ends[1]?.resolve();
  await expect.poll(() => settled).toEqual(['first', 'second', 'third']);

  expect([ends.length, most()]).toEqual([2, 1]);
});

test('work that fails fails nobody, and the next is done all the same', async () => {
  const { ends, work } = startedBy();
  const ask = oneAtATime(work);

  const first = ask();
  const second = ask();
  ends[0]?.reject();
  await first;
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.reject();
  await second;
  const third = ask();
  ends[2]?.resolve();

  await expect(third).resolves.toBeUndefined();
});

test('whoever asks at the very moment one ends does not begin a second beside the next', async () => {
  const { ends, work, most } = startedBy();
  const ask = oneAtATime(work);

  const first = ask();
  ask();
  first.then(() => ask());
  ends[0]?.resolve();
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.resolve();

  expect(most()).toBe(1);
});
