import { awaitLast, awaitValue, requireConfirmed } from '../protocols/sip/presence/awaitValue.js';
import {
  requirePublished,
  requireSubscribed,
  requireUnpublished,
  requireUnsubscribed,
} from '../protocols/sip/presence/diagnosePresence.js';
import { writePidf } from '../protocols/sip/presence/pidf.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { signIn, signInSteps } from './signIn.js';

/** Each clean-up gets its share, so that a server that is silent to one is still told the others. */
const cleanup = { deadlineMs: deadlines.cleanupMs / 4 };
const request = { deadlineMs: deadlines.requestMs };

/**
 * Two users sign in; the subscriber subscribes to the publisher's presence; the publisher publishes a value that was
 * never seen before; exactly that value must arrive (RFC 3856, 3903, 6665; Test-CsPresence).
 */
export const presence = defineTransaction({
  name: 'presence',
  title: 'Presence',
  dialects: ['rfc'],
  accounts: ['first', 'second'],
  deadlineMs: deadlines.runMs,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    'connect-subscriber': { deadlineMs: deadlines.connectMs },
    'tls-subscriber': { deadlineMs: deadlines.tlsMs },
    'register-subscriber': { ...request, activity: 'Register' },
    'connect-publisher': { deadlineMs: deadlines.connectMs },
    'tls-publisher': { deadlineMs: deadlines.tlsMs },
    'register-publisher': { ...request, activity: 'Register' },
    subscribe: { ...request, activity: 'SubscribePresence' },
    publish: { ...request, activity: 'PublishPresence' },
    'await-notification': request,
    unpublish: cleanup,
    unsubscribe: cleanup,
    'unregister-publisher': cleanup,
    'unregister-subscriber': cleanup,
  },

  async run(context) {
    const { step, cleanup, ports, edge, account, settings, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const subscriber = await signIn(context, target, { role: 'first', ...signInSteps('subscriber') });
    const publisher = await signIn(context, target, { role: 'second', ...signInSteps('publisher') });

    const entity = account('second').sipAddress;
    const subscription = subscriber.openSubscription(entity);
    cleanup(
      'unsubscribe',
      async (scope) => {
        requireUnsubscribed(await subscription.unsubscribe(scope), subscriber.peer);
        await awaitLast(subscription, subscriber.peer, scope);
      },
      () => subscription.alive,
    );
    await step('subscribe', async (scope) => {
      requireSubscribed(await subscription.subscribe(scope), subscriber.peer);
      await requireConfirmed(subscription, subscriber.peer, scope);
    });

    const value = { entity, tupleId: `t${token(8)}`, note: `Edge Probes ${token(24)}` };
    const publication = publisher.openPublication();
    cleanup(
      'unpublish',
      async (scope) => requireUnpublished(await publication.remove(scope), publisher.peer),
      () => publication.alive,
    );
    await step('publish', async (scope) =>
      requirePublished(await publication.publish(writePidf(value), scope), publisher.peer),
    );
    await step(
      'await-notification',
      (scope) => awaitValue(subscription, value, subscriber.peer, scope),
      settings.notifyTimeoutMs,
    );
  },
});
