import { describe, expect, test } from 'vitest';
import { diagnosis, fail } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { limitOf, type Scope } from '../../../shared/domain/scope.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import type { StepEvent } from '../../../shared/run/world.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleTransaction } from '../../fakes/sampleTransaction.js';
import { world } from '../../fakes/world.js';

const ok = async () => {};
const refuse = async () => fail('SIP_REQUEST_FORBIDDEN', { error: 'server answered 403 Forbidden' });
const never = () => new Promise<never>(() => {});

/** Waits until its scope ends it, then says so as a port would. */
function silent(scope: Scope): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => {
      try {
        fail('SIP_ANSWER_TIMEOUT', { error: `no answer within ${limitOf(scope.signal)} ms` });
      } catch (error) {
        reject(error);
      }
    };
    if (scope.signal.aborted) giveUp();
    else scope.signal.addEventListener('abort', giveUp);
  });
}

function lasting(clock: ManualClock, ms: number): () => Promise<void> {
  return () => new Promise((resolve) => clock.after(ms, resolve));
}

function brief(result: TransactionResult): string[] {
  return result.steps.map((step) => {
    if (step.outcome === 'skipped') return `${step.name} skipped after ${step.after}`;
    return `${step.name} ${step.outcome}${step.outcome === 'failed' ? ` ${step.code}` : ''}`;
  });
}

describe('the steps of a run', () => {
  test('are all listed in their declared order after a success, each with its time', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', lasting(clock, 400));
        cleanup('sweep', ok);
        await step('first', lasting(clock, 100));
        await step('second', lasting(clock, 200));
        await step('third', lasting(clock, 300));
      }),
      world({ clock }),
    );

    await clock.advance(2_000);
    const result = await ended;

    expect(result.outcome).toBe('success');
    expect(result.steps).toEqual([
      { name: 'first', outcome: 'passed', ms: 100 },
      { name: 'second', activity: 'Second', outcome: 'passed', ms: 200 },
      { name: 'third', outcome: 'passed', ms: 300 },
      { name: 'tidy-up', outcome: 'passed', ms: 400 },
      { name: 'sweep', outcome: 'passed', ms: 0 },
    ]);
    expect(result.latencyMs).toBe(600);
    expect(clock.pending).toBe(0);
  });

  test('after a failed one are skipped after it, clean-up is done', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', ok);
        await step('first', ok);
        await step('second', refuse);
        await step('third', ok);
      }),
      world(),
    );

    expect(brief(result)).toEqual([
      'first passed',
      'second failed SIP_REQUEST_FORBIDDEN',
      'third skipped after second',
      'tidy-up passed',
      'sweep skipped after second',
    ]);
    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'SIP_REQUEST_FORBIDDEN', step: 'second' } });
  });

  test('that the body passes over are skipped after the one before them', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', ok);
        await step('first', ok);
        await step('third', ok);
      }),
      world(),
    );

    expect(brief(result)).toEqual([
      'first passed',
      'second skipped after first',
      'third passed',
      'tidy-up passed',
      'sweep skipped after tidy-up',
    ]);
  });

  test('that come before a failed clean-up are not said to be skipped because of it', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', refuse);
        await step('first', ok);
      }),
      world(),
    );

    expect(brief(result)).toEqual([
      'first passed',
      'second skipped after first',
      'third skipped after first',
      'tidy-up failed SIP_REQUEST_FORBIDDEN',
      'sweep skipped after tidy-up',
    ]);
  });

  test('measure a failure too', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', () => lasting(clock, 120)().then(refuse));
      }),
      world({ clock }),
    );

    await clock.advance(1_000);

    expect(await ended).toMatchObject({ latencyMs: 120, steps: [{ outcome: 'failed', ms: 120 }, {}, {}, {}, {}] });
  });

  test('do not count time that is our own, and never less than nothing', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', async (scope) => {
          await lasting(clock, 100)();
          scope.exclude(30);
          scope.exclude(-500);
        });
        await step('second', async (scope) => scope.exclude(5));
      }),
      world({ clock }),
    );

    await clock.advance(100);
    const result = await ended;

    expect(result.steps).toMatchObject([{ ms: 70 }, { ms: 0 }, {}, {}, {}]);
    expect(result.latencyMs).toBe(70);
  });

  test('are told to whoever watches, as they start and as they end', async () => {
    const events: StepEvent[] = [];
    await runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', ok);
        await step('second', refuse);
      }),
      world({ onStep: (event) => events.push(event) }),
    );

    expect(events).toEqual([
      { kind: 'started', name: 'first' },
      { kind: 'ended', result: { name: 'first', outcome: 'passed', ms: 0 } },
      { kind: 'started', name: 'second', activity: 'Second' },
      {
        kind: 'ended',
        result: { name: 'second', activity: 'Second', outcome: 'failed', ms: 0, code: 'SIP_REQUEST_FORBIDDEN' },
        error: 'server answered 403 Forbidden',
      },
    ]);
  });
});

describe('the time of a run', () => {
  test('is bounded by the step, which fails in its own words', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(({ step }) => step('first', silent)),
      world({ clock }),
    );

    await clock.advance(1_000);
    const result = await ended;

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { error: 'no answer within 1000 ms' } });
    expect(clock.pending).toBe(0);
  });

  test('is bounded as a whole: the last step gets what is left', async () => {
    const clock = new ManualClock();
    const transaction = sampleTransaction(
      async ({ step }) => {
        await step('first', lasting(clock, 700));
        await step('second', silent);
      },
      { deadlineMs: 1_200 },
    );
    const ended = runTransaction(transaction, world({ clock }));

    await clock.advance(1_200);

    expect((await ended).diagnosis?.error).toBe('no answer within 500 ms');
  });

  test('is told in whole milliseconds', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(
        async ({ step, cleanup }) => {
          cleanup('tidy-up', silent);
          cleanup('sweep', async () => clock.block(0.3));
          clock.block(0.7654321);
          await step('first', silent);
        },
        { deadlineMs: 500 },
      ),
      world({ clock }),
    );

    await clock.advance(6_000);
    const result = await ended;

    expect(result.diagnosis?.error).toBe('no answer within 499 ms');
    expect(result.steps[3]).toMatchObject({ outcome: 'failed', ms: 5_000 });
  });

  test('is bounded by the settings where they say so', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(({ step }) => step('first', silent)),
      world({ clock, deadlineMs: 300 }),
    );

    await clock.advance(300);

    expect((await ended).diagnosis?.error).toBe('no answer within 300 ms');
  });

  test('cannot be held up by a step that never settles', async () => {
    const clock = new ManualClock();
    const unexpected: unknown[] = [];
    const ended = runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', ok);
        await step('first', never);
      }),
      world({ clock, onUnexpected: (error) => unexpected.push(error) }),
    );

    await clock.advance(1_500);
    const result = await ended;

    expect(result.outcome).toBe('inconclusive');
    expect(result.diagnosis).toMatchObject({
      code: 'PROBER_STEP_UNSETTLED',
      step: 'first',
      error: 'the step did not end when its time was up',
    });
    expect(brief(result)[3]).toBe('tidy-up passed');
    expect(unexpected).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('cannot be held up by a clean-up that never settles', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(async ({ cleanup }) => cleanup('tidy-up', never)),
      world({ clock }),
    );

    await clock.advance(5_500);

    expect((await ended).diagnosis).toMatchObject({ code: 'PROBER_STEP_UNSETTLED', step: 'tidy-up' });
    expect(clock.pending).toBe(0);
  });
});

describe('clean-up', () => {
  test('runs the last arranged first, and one that fails does not keep the other from being done', async () => {
    const order: string[] = [];
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', async () => void order.push('tidy-up'));
        cleanup('sweep', async () => {
          order.push('sweep');
          await refuse();
        });
        await step('first', ok);
      }),
      world(),
    );

    expect(order).toEqual(['sweep', 'tidy-up']);
    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'SIP_REQUEST_FORBIDDEN', step: 'sweep' } });
  });

  test('that fails after a success makes the run a failure', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', refuse);
        await step('first', ok);
      }),
      world(),
    );

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'SIP_REQUEST_FORBIDDEN', step: 'tidy-up' } });
  });

  test('that fails after a failure leaves the first diagnosis', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', async () => fail('SIP_CONNECTION_LOST', { error: 'gone' }));
        await step('first', refuse);
      }),
      world(),
    );

    expect(result.diagnosis).toMatchObject({ code: 'SIP_REQUEST_FORBIDDEN', step: 'first' });
    expect(brief(result)[3]).toBe('tidy-up failed SIP_CONNECTION_LOST');
  });

  test('shares one budget of five seconds', async () => {
    const clock = new ManualClock();
    const errors: (string | undefined)[] = [];
    const ended = runTransaction(
      sampleTransaction(async ({ cleanup }) => {
        cleanup('tidy-up', silent);
        cleanup('sweep', lasting(clock, 3_500));
      }),
      world({ clock, onStep: (event) => event.kind === 'ended' && errors.push(event.error) }),
    );

    await clock.advance(5_000);
    await ended;

    expect(errors).toEqual([undefined, 'no answer within 1500 ms']);
    expect(clock.pending).toBe(0);
  });

  test('has its budget although the run has used up its deadline', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(
        async ({ step, cleanup }) => {
          cleanup('tidy-up', lasting(clock, 4_000));
          await step('first', silent);
        },
        { deadlineMs: 200 },
      ),
      world({ clock }),
    );

    await clock.advance(4_200);

    expect(brief(await ended)[3]).toBe('tidy-up passed');
  });

  test('is skipped where there is nothing to clean up', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', refuse, () => false);
        await step('first', refuse);
      }),
      world(),
    );

    expect(brief(result)[3]).toBe('tidy-up skipped after first');
  });

  test('is done where nobody can tell whether there is anything to clean up', async () => {
    const unexpected: unknown[] = [];
    const freed: string[] = [];
    const result = await runTransaction(
      sampleTransaction(async ({ cleanup, release }) => {
        release(() => void freed.push('socket'));
        cleanup('tidy-up', ok, () => {
          throw new Error('no idea');
        });
      }),
      world({ onUnexpected: (error) => unexpected.push(error) }),
    );

    expect(brief(result)[3]).toBe('tidy-up passed');
    expect(freed).toEqual(['socket']);
    expect(unexpected).toEqual([new Error('no idea')]);
  });
});

describe('resources', () => {
  test.each([
    ['a success', ok],
    ['a failure', refuse],
  ])('are released after %s, the last acquired first and all of them although one throws', async (_, work) => {
    const order: string[] = [];
    const unexpected: unknown[] = [];
    await runTransaction(
      sampleTransaction(async ({ step, release, cleanup }) => {
        release(() => void order.push('socket'));
        release(() => {
          order.push('stubborn');
          throw new Error('will not');
        });
        release(() => void order.push('user agent'));
        cleanup('tidy-up', async () => void order.push('tidy-up'));
        await step('first', work);
      }),
      world({ onUnexpected: (error) => unexpected.push(error) }),
    );

    expect(order).toEqual(['tidy-up', 'user agent', 'stubborn', 'socket']);
    expect(unexpected).toEqual([new Error('will not')]);
  });
});

describe('trouble of our own', () => {
  test('outside any step makes the run inconclusive and is told with its name', async () => {
    const unexpected: unknown[] = [];
    const result = await runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', ok);
        throw new TypeError('settings are not what they were');
      }),
      world({ onUnexpected: (error) => unexpected.push(error) }),
    );

    expect(result.outcome).toBe('inconclusive');
    expect(result.diagnosis).toMatchObject({
      code: 'PROBER_UNEXPECTED_ERROR',
      error: 'TypeError: settings are not what they were',
    });
    expect(result.diagnosis).not.toHaveProperty('step');
    expect(brief(result).slice(0, 3)).toEqual([
      'first passed',
      'second skipped after first',
      'third skipped after first',
    ]);
    expect(unexpected).toHaveLength(1);
  });

  test('inside a step makes the run inconclusive, whatever was thrown', async () => {
    const result = await runTransaction(
      sampleTransaction(({ step }) => step('first', () => Promise.reject('a text'))),
      world(),
    );

    expect(result.outcome).toBe('inconclusive');
    expect(result.diagnosis?.error).toBe('something that is no Error was thrown');
  });

  test('is an account that the settings do not have', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ account }) => void account('second')),
      world(),
    );

    expect(result.diagnosis).toMatchObject({
      code: 'PROBER_UNEXPECTED_ERROR',
      error: 'Error: sample asks for the account "second", which the settings do not have',
    });
  });

  test('is a missing secret: inconclusive, every step skipped after the start', async () => {
    const missing = diagnosis('CONFIG_SECRET_MISSING', { error: 'password of sip:a@b: PILAR_PASSWORD is not set' });
    const result = await runTransaction(
      sampleTransaction(({ step }) => step('first', ok)),
      world({ accounts: { missing } }),
    );

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: missing, latencyMs: 0 });
    expect(brief(result)).toEqual(
      ['first', 'second', 'third', 'tidy-up', 'sweep'].map((name) => `${name} skipped after start`),
    );
  });

  test('is being stopped in mid-run: inconclusive, clean-up still done', async () => {
    const stopping = new AbortController();
    const clock = new ManualClock();
    let tidied = false;
    const ended = runTransaction(
      sampleTransaction(async ({ step, cleanup }) => {
        cleanup('tidy-up', async ({ signal }) => {
          tidied = !signal.aborted;
        });
        await step('first', silent);
      }),
      world({ clock, stop: stopping.signal }),
    );

    await clock.advance(100);
    stopping.abort(new Error('Ctrl-C'));
    const result = await ended;

    expect(result.outcome).toBe('inconclusive');
    expect(result.diagnosis).toMatchObject({
      code: 'PROBER_RUN_ABORTED',
      step: 'first',
      error: 'the prober was stopped while the run was going on',
    });
    expect(tidied).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('is an event loop that was held up while a step waited in vain', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(({ step }) =>
        step('first', (scope) => {
          scope.exclude(2);
          return silent(scope);
        }),
      ),
      world({ clock, watchEventLoop: () => () => 1_234.5 }),
    );

    await clock.advance(1_000);
    const result = await ended;

    expect(result.outcome).toBe('inconclusive');
    expect(result.diagnosis).toMatchObject({
      code: 'PROBER_EVENT_LOOP_STARVED',
      error: 'the event loop was held up for 1235 ms while the step waited',
    });
  });

  test('is a deadline that was noticed a second late, although nobody saw the hold-up', async () => {
    const clock = new ManualClock();
    const ended = runTransaction(
      sampleTransaction(({ step }) => step('first', silent)),
      world({ clock }),
    );

    await clock.advance(500);
    clock.block(1_600);
    await clock.advance(0);

    expect((await ended).diagnosis).toMatchObject({
      code: 'PROBER_EVENT_LOOP_STARVED',
      error: 'the event loop was held up for 1100 ms while the step waited',
    });
  });

  test('is not a held-up event loop where the server answered all the same', async () => {
    const result = await runTransaction(
      sampleTransaction(({ step }) => step('first', refuse)),
      world({ watchEventLoop: () => () => 3_000 }),
    );

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'SIP_REQUEST_FORBIDDEN' } });
    expect(result.prober.eventLoopDelayMs).toBe(3_000);
  });
});

describe('what a run brings home', () => {
  test('merges observations: later facts replace earlier ones, lists grow, a failing step keeps its own', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', async (scope) => scope.observe({ remoteAddress: 'a', certificates: [1] }));
        await step('second', async (scope) => {
          scope.observe({ remoteAddress: 'b', certificates: [2] });
          await refuse();
        });
      }),
      world(),
    );

    expect(result.observations).toEqual({ remoteAddress: 'b', certificates: [1, 2] });
  });

  test('keeps every warning with its step, and whether it degrades', async () => {
    const result = await runTransaction(
      sampleTransaction(async ({ step }) => {
        await step('first', async (scope) => scope.warn({ code: 'DNS_SRV_MISSING', message: 'none\u001b[2J there' }));
        await step('second', async (scope) => scope.warn({ code: 'AUTH_NOT_DEMANDED', message: 'no challenge' }));
      }),
      world(),
    );

    expect(result.outcome).toBe('success');
    expect(result.warnings).toEqual([
      { code: 'DNS_SRV_MISSING', step: 'first', message: 'none [2J there', degrades: false },
      { code: 'AUTH_NOT_DEMANDED', step: 'second', message: 'no challenge', degrades: true },
    ]);
  });
});
