import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { signInLync, signInSteps } from './signIn.js';

/** Each clean-up gets its share, so that a server that is silent to one is still told the others. */
const cleanup = { deadlineMs: deadlines.cleanupMs / 5 };
const request = { deadlineMs: deadlines.requestMs };

/**
 * Two users sign in; the publisher asks for its own presence, with its versions; the subscriber subscribes to it; the publisher
 * publishes a note that was never seen before; exactly that note must arrive (MS-PRES; Test-CsPresence).
 */
export const lyncPresence = defineTransaction({
  name: 'presence',
  title: 'Presence',
  dialects: ['lync'],
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
    'self-subscribe': { ...request, activity: 'SelfSubscribeActivity' },
    subscribe: { ...request, activity: 'SubscribePresence' },
    publish: { ...request, activity: 'PublishPresence' },
    'await-notification': request,
    unpublish: cleanup,
    unsubscribe: cleanup,
    'self-unsubscribe': cleanup,
    'unregister-publisher': cleanup,
    'unregister-subscriber': cleanup,
  },

  async run(context) {
    const { step, cleanup, ports, edge, account, settings, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const subscriber = await signInLync(context, target, { role: 'first', ...signInSteps('subscriber') });
    const publisher = await signInLync(context, target, { role: 'second', ...signInSteps('publisher') });

    const own = publisher.openPresence();
    const self = own.openSelfSubscription();
    cleanup(
      'self-unsubscribe',
      (scope) => self.end(scope),
      () => self.alive,
    );
    await step('self-subscribe', (scope) => self.begin(scope));

    const entity = account('second').sipAddress;
    const watch = subscriber.openPresence().openWatch(entity);
    cleanup(
      'unsubscribe',
      (scope) => watch.end(scope),
      () => watch.alive,
    );
    await step('subscribe', (scope) => watch.subscribe(scope));

    const text = `Edge Probes ${token(24)}`;
    const note = own.openNote();
    cleanup(
      'unpublish',
      async (scope) => {
        await self.catchUp(scope);
        await note.remove(scope);
      },
      () => note.mayBePublished,
    );
    await step('publish', async (scope) => {
      await self.catchUp(scope);
      await note.publish(text, scope);
    });
    await step('await-notification', (scope) => watch.awaitNote({ entity, text }, scope), settings.notifyTimeoutMs);
  },
});
