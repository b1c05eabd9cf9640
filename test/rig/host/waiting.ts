import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every `pauseMs` until the answer is not `undefined`; gives `undefined` when `limitMs` have passed. */
export async function waitFor<Answer>(
  limitMs: number,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  pauseMs = 20,
): Promise<Answer | undefined> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= end) return answer;
    await sleep(pauseMs);
  }
}
