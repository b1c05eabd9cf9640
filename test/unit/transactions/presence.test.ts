import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { Scope } from '../../../shared/domain/scope.js';
import type { SipAnswer } from '../../../shared/protocols/sip/answer.js';
import { readPidf } from '../../../shared/protocols/sip/presence/pidf.js';
import type { PresencePublication } from '../../../shared/protocols/sip/presence/publication.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { presence } from '../../../shared/transactions/presence.js';
import { fakePorts, response, type Talk } from '../../fakes/fakePorts.js';
import { FakeSubscription, notification, type SubscriptionPlan } from '../../fakes/fakeSubscription.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleAccount, sampleSettings, world } from '../../fakes/world.js';

interface Plan {
  readonly subscription?: SubscriptionPlan;
  readonly publish?: SipAnswer;
  readonly remove?: SipAnswer;
  /** What the server makes of a document that was published; by default it notifies of it. */
  readonly notify?: (document: string, subscription: FakeSubscription) => void;
  /** When the answer to PUBLISH comes, milliseconds. */
  readonly answersAfter?: { readonly clock: ManualClock; readonly ms: number };
}

const accounts = {
  first: sampleAccount(),
  second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example', userName: 'kenmyer' }),
};

/** Both users, and what was published. */
function users(plan: Plan) {
  const subscription = new FakeSubscription(plan.subscription);
  const published: string[] = [];
  const notify = plan.notify ?? ((document) => subscription.push(notification(document)));
  let alive = false;
  const publication: PresencePublication = {
    get alive() {
      return alive;
    },
    async publish(document: string) {
      published.push(document);
      const answer = plan.publish ?? response(200, 'OK', 'SIP-ETag: etag');
      alive = answer.kind === 'response' && answer.status < 300;
      if (alive) notify(document, subscription);
      const wait = plan.answersAfter;
      if (wait) await new Promise<void>((resolve) => wait.clock.after(wait.ms, resolve));
      return answer;
    },
    async remove() {
      alive = false;
      return plan.remove ?? response(200, 'OK');
    },
  };
  const asked: string[] = [];
  const talk = (): Talk => ({
    openSubscription: (presentity) => {
      asked.push(presentity);
      return subscription;
    },
    openPublication: () => publication,
  });
  return { asked, published, subscription, ports: fakePorts({ talk }) };
}

const settings = sampleSettings({ notifyTimeoutMs: 25_000 });

async function run(plan: Plan = {}, clock = new ManualClock()) {
  const made = users(plan);
  const ended = runTransaction(presence, world({ ports: made.ports, accounts, settings, clock }));
  await clock.advance(30_000);
  return { ...made, clock, result: await ended };
}

function outcomes(result: TransactionResult): Record<string, string> {
  return Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]));
}

describe('presence', () => {
  test('subscribes as the first user to the second, whose very value must arrive', async () => {
    const { asked, published, ports, result } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
    expect(asked).toEqual(['sip:kenmyer@contoso.example']);
    expect(readPidf(published[0] ?? '')).toEqual({
      kind: 'presence',
      entity: 'sip:kenmyer@contoso.example',
      tuples: [{ basic: 'open', notes: [`Edge Probes ${'x'.repeat(24)}`] }],
    });
    expect(ports.calls.filter((call) => call.startsWith('register'))).toEqual([
      'register 90',
      'register 90',
      'register 0',
      'register 0',
    ]);
  });

  test('publishes a value that no other run has', async () => {
    const tokens = ['a', 'b', 'c', 'd', 'e', 'f'];
    const made = [users({}), users({})];
    for (const { ports } of made) {
      const token = (length: number) => (tokens.shift() ?? '').repeat(length);
      await runTransaction(presence, world({ ports, accounts, settings, token, trigger: 'schedule' }));
    }

    const [first, second] = made.map(({ published }) => published[0]);
    expect(first).not.toBe(second);
  });

  test('waits as long as its settings say, and not longer', async () => {
    const { result, clock } = await run({ notify: () => {} });

    expect(result.diagnosis).toMatchObject({
      code: 'PRESENCE_NOTIFY_TIMEOUT',
      layer: 'presence',
      step: 'await-notification',
      error: 'no presence notification within 25000 ms',
    });
    expect(result.latencyMs).toBe(25_000);
    expect(clock.pending).toBe(0);
    expect(outcomes(result)).toMatchObject({
      'await-notification': 'failed',
      unpublish: 'passed',
      unsubscribe: 'passed',
      'unregister-publisher': 'passed',
      'unregister-subscriber': 'passed',
    });
  });

  test('does not take an older value for its own', async () => {
    const notify: Plan['notify'] = (document, subscription) =>
      subscription.push(notification(document.replace(/Edge Probes x+/, 'Edge Probes yyy')));

    const { result } = await run({ notify });

    expect(result.diagnosis?.error).toBe('1 presence notification within 25000 ms, none with the published value');
  });

  test('counts a notification that comes before the answer to PUBLISH', async () => {
    const clock = new ManualClock();

    const { result } = await run({ answersAfter: { clock, ms: 40 } }, clock);

    expect(result).toMatchObject({ outcome: 'success', latencyMs: 40 });
  });

  test('that may not subscribe publishes nothing and has only the users to sign out', async () => {
    const { published, result } = await run({ subscription: { subscribe: response(489, 'Bad Event') } });

    expect(result.diagnosis).toMatchObject({ code: 'PRESENCE_EVENT_UNSUPPORTED', step: 'subscribe' });
    expect(published).toEqual([]);
    expect(outcomes(result)).toMatchObject({
      publish: 'skipped',
      unpublish: 'skipped',
      unsubscribe: 'skipped',
      'unregister-publisher': 'passed',
      'unregister-subscriber': 'passed',
    });
  });

  test('that may not publish still ends its subscription', async () => {
    const { result } = await run({ publish: response(403, 'Forbidden') });

    expect(result.diagnosis).toMatchObject({ code: 'PRESENCE_PUBLICATION_FORBIDDEN', step: 'publish' });
    expect(outcomes(result)).toMatchObject({ unpublish: 'skipped', unsubscribe: 'passed' });
  });

  test('has no subscription to end that the server has ended', async () => {
    const notify: Plan['notify'] = (_, subscription) =>
      subscription.push(notification('', { name: 'terminated', reason: 'giveup' }));

    const { result } = await run({ notify });

    expect(result.diagnosis).toMatchObject({ code: 'PRESENCE_SUBSCRIPTION_ENDED', step: 'await-notification' });
    expect(outcomes(result)).toMatchObject({ unpublish: 'passed', unsubscribe: 'skipped' });
  });

  test('is a failure when what was published cannot be removed, and ends the rest all the same', async () => {
    const { result } = await run({ remove: response(412, 'Conditional Request Failed') });

    expect(result).toMatchObject({
      outcome: 'failure',
      diagnosis: { code: 'PRESENCE_PUBLICATION_LOST', step: 'unpublish' },
    });
    expect(outcomes(result)).toMatchObject({ unsubscribe: 'passed', 'unregister-subscriber': 'passed' });
  });

  test('that is stopped while it waits is inconclusive and cleans up', async () => {
    const stop = new AbortController();
    const { ports } = users({ notify: () => {} });
    const clock = new ManualClock();
    const ended = runTransaction(presence, world({ ports, accounts, settings, clock, stop: stop.signal }));
    await clock.advance(1_000);

    stop.abort(new Error('the process is being stopped'));
    await clock.advance(1_000);
    const result = await ended;

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'PROBER_RUN_ABORTED' } });
    expect(outcomes(result)).toMatchObject({ unpublish: 'passed', 'unregister-subscriber': 'passed' });
  });

  test('gives every clean-up its time, also behind one that never ends', async () => {
    const never = ({ signal }: Scope) =>
      new Promise<SipAnswer>((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'timeout', limitMs: 1_250, pendingBytes: 0 }));
      });
    const { ports, subscription } = users({});
    subscription.unsubscribe = (scope?: Scope) => (scope ? never(scope) : Promise.reject(new Error('no scope')));
    const clock = new ManualClock();
    const ended = runTransaction(presence, world({ ports, accounts, settings, clock }));
    await clock.advance(10_000);

    expect(outcomes(await ended)).toMatchObject({
      unsubscribe: 'failed',
      'unregister-publisher': 'passed',
      'unregister-subscriber': 'passed',
    });
  });
});
