import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../../shared/domain/diagnosis.js';
import { awaitLast, awaitValue, requireConfirmed } from '../../../../../shared/protocols/sip/presence/awaitValue.js';
import { writePidf } from '../../../../../shared/protocols/sip/presence/pidf.js';
import type { SubscriptionEvent } from '../../../../../shared/protocols/sip/presence/subscription.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import {
  FakeSubscription,
  notification,
  notificationOf,
  type SubscriptionPlan,
} from '../../../../fakes/fakeSubscription.js';

const value = { entity: 'sip:kenmyer@contoso.com', tupleId: 't1', note: 'Edge Probes 42' };
const right = notificationOf(value);
const older = notificationOf({ ...value, note: 'Edge Probes 41' });
const ofSomebodyElse = notificationOf({ ...value, entity: 'sip:pilar@contoso.com' });
const peer = 'sip.contoso.com at 192.0.2.10:5061';
const lost = { kind: 'connection-lost', cause: undefined, pendingBytes: 0 } as const;

function items(...all: readonly ReturnType<typeof notification>[]): SubscriptionEvent[] {
  return all.map((item) => ({ kind: 'item', item }));
}

/** What waiting for the value came to, with a second of time. */
async function waited(plan: SubscriptionPlan): Promise<string> {
  const subscription = new FakeSubscription(plan);
  const scope = new FakeScope();
  await requireConfirmed(subscription, peer, scope);
  const ending = awaitValue(subscription, value, peer, scope);
  setImmediate(() => scope.expire(1_000));
  return told(ending);
}

async function told(ending: Promise<void>): Promise<string> {
  try {
    await ending;
    return 'it came';
  } catch (error) {
    if (error instanceof ProbeError) return error.message;
    throw error;
  }
}

describe('the published value', () => {
  test.each([
    ['alone', [right]],
    ['after an older one', [older, right]],
    ['after an empty document', [notification(''), right]],
    ['after a document about somebody else', [ofSomebodyElse, right]],
    ['after one that cannot be read', [notification('<presence'), right]],
    [
      'in the very notification that ends the subscription',
      [{ ...right, state: { ...right.state, name: 'terminated' } }],
    ],
    ['in the second of two at once', [right, right]],
  ])('counts when it comes %s', async (_, all) => {
    expect(await waited({ events: items(...all) })).toBe('it came');
  });

  test('counts under the other scheme of the same user', async () => {
    const event = notificationOf({ ...value, entity: 'pres:KENMYER@contoso.com' });

    expect(await waited({ events: items(event) })).toBe('it came');
  });

  test.each([
    ['nothing', [], 'PRESENCE_NOTIFY_TIMEOUT: no presence notification within 1000 ms'],
    [
      'older ones',
      items(older, older),
      'PRESENCE_VALUE_MISSING: 2 presence notifications within 1000 ms, none with the published value',
    ],
    [
      'an empty one',
      items(notification('')),
      'PRESENCE_VALUE_MISSING: 1 presence notification within 1000 ms, none with the published value',
    ],
    [
      'the value in a tuple that is closed',
      items(notification(writePidf(value).replace('>open<', '>closed<'))),
      'PRESENCE_VALUE_MISSING: 1 presence notification within 1000 ms, none with the published value',
    ],
    [
      'the value as somebody else’s',
      items(older, ofSomebodyElse),
      `PRESENCE_PRESENTITY_WRONG: ${peer} sent the presence of sip:pilar@contoso.com, expected that of sip:kenmyer@contoso.com`,
    ],
    [
      'half a document',
      items(notification(writePidf(value).slice(0, 60))),
      `PRESENCE_DOCUMENT_UNREADABLE: ${peer} sent a presence document that cannot be read: XML that is not well-formed (2:21: unexpected end.)`,
    ],
    [
      'the value behind a document type',
      items(notification(writePidf(value).replace('<presence', '<!DOCTYPE presence []><presence'))),
      `PRESENCE_DOCUMENT_FORBIDDEN: ${peer} sent a presence document with a document type declaration, which was not read`,
    ],
    [
      'a document too large',
      items(notification(undefined)),
      `PRESENCE_DOCUMENT_TOO_LARGE: ${peer} sent a presence document of more than 64 KiB, which was not read`,
    ],
    [
      'the value in another format',
      items({ ...right, contentType: 'application/xpidf+xml' }),
      `PRESENCE_FORMAT_UNEXPECTED: ${peer} sent a presence document of type application/xpidf+xml, expected application/pidf+xml`,
    ],
    [
      'a subscription that stays pending',
      items(notification('', { name: 'pending' })),
      'PRESENCE_SUBSCRIPTION_PENDING: the subscription is still pending after 1000 ms: nobody has allowed it yet',
    ],
    [
      'the end of the subscription',
      items(notification('', { name: 'terminated', reason: 'deactivated', retryAfter: 30 })),
      `PRESENCE_SUBSCRIPTION_ENDED: ${peer} ended the subscription with the reason "deactivated", to be tried again after 30 s`,
    ],
    [
      'the end of the subscription without a word',
      items(notification('', { name: 'terminated' })),
      `PRESENCE_SUBSCRIPTION_ENDED: ${peer} ended the subscription without a reason`,
    ],
    [
      'a rejection',
      items(notification('', { name: 'terminated', reason: 'rejected' })),
      `PRESENCE_SUBSCRIPTION_REJECTED: ${peer} ended the subscription with the reason "rejected"`,
    ],
    [
      'a lost connection',
      [{ kind: 'ended', end: { ...lost, cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) } }],
      `PRESENCE_CONNECTION_LOST: ${peer} closed the connection while a presence notification was awaited (ECONNRESET)`,
    ],
    [
      'a body without bounds',
      [{ kind: 'ended', end: { kind: 'violation', violation: 'body-too-large', excerpt: 'NOTIFY' } }],
      `SIP_MESSAGE_TOO_LARGE: ${peer} sent a body of more than 1 MiB while a presence notification was awaited`,
    ],
    [
      'half a message',
      [{ kind: 'timeout', limitMs: 1_000, pendingBytes: 300 }],
      `SIP_ANSWER_INCOMPLETE: ${peer} sent 300 bytes of a message while a presence notification was awaited and did not complete it within 1000 ms`,
    ],
    [
      'a refresh that is refused',
      [{ kind: 'refused', answer: response(481, 'Subscription does not exist') }],
      'PRESENCE_SUBSCRIPTION_LOST: server answered 481 Subscription does not exist to SUBSCRIBE (refresh), expected 200',
    ],
  ] as const)('does not count as seen when there comes %s', async (_, events, expected) => {
    expect(await waited({ events })).toBe(expected);
  });

  test('tells of notifications that belonged to nobody, when no other came', async () => {
    expect(await waited({ unmatched: 2 })).toBe(
      'PRESENCE_NOTIFY_UNMATCHED: 2 NOTIFY requests within 1000 ms, none of the subscription that was asked for',
    );
  });
});

describe('a subscription', () => {
  test.each([
    [notification(''), 'it came'],
    [notification('', { name: 'pending' }), 'it came'],
    [
      notification('', { name: 'terminated', reason: 'noresource' }),
      `PRESENCE_SUBSCRIPTION_ENDED: ${peer} ended the subscription with the reason "noresource"`,
    ],
  ])('is confirmed by its first notification (%#)', async (item, expected) => {
    const subscription = new FakeSubscription({ first: { kind: 'item', item } });

    expect(await told(requireConfirmed(subscription, peer, new FakeScope()))).toBe(expected);
  });

  test.each([
    [0, `PRESENCE_FIRST_NOTIFY_TIMEOUT: ${peer} accepted SUBSCRIBE, but sent no NOTIFY to confirm it within 1000 ms`],
    [1, 'PRESENCE_NOTIFY_UNMATCHED: 1 NOTIFY request within 1000 ms, none of the subscription that was asked for'],
  ])('is not confirmed by silence, with %i unmatched', async (unmatched, expected) => {
    const first = { kind: 'timeout', limitMs: 1_000, pendingBytes: 0 } as const;

    expect(await told(requireConfirmed(new FakeSubscription({ first, unmatched }), peer, new FakeScope()))).toBe(
      expected,
    );
  });

  test('ends with its last notification, without a warning', async () => {
    const subscription = new FakeSubscription();
    await subscription.subscribe();
    await subscription.unsubscribe();
    const scope = new FakeScope();

    await awaitLast(subscription, peer, scope);

    expect(scope.warnings).toEqual([]);
  });

  test('that ends without its last notification is worth a warning', async () => {
    const subscription = new FakeSubscription();
    await subscription.subscribe();
    const scope = new FakeScope();

    const ending = awaitLast(subscription, peer, scope);
    scope.expire();
    await ending;

    expect(scope.warnings).toEqual([
      {
        code: 'PRESENCE_LAST_NOTIFY_MISSING',
        message: `${peer} answered SUBSCRIBE with Expires: 0, but sent no NOTIFY that ends the subscription`,
      },
    ]);
  });
});
