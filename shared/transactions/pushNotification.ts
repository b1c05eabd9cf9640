import { aside } from '../domain/scope.js';
import {
  domainOf,
  pushRequest,
  requireClearingHouse,
  requireReached,
  warnOfOtherEdge,
  warnOfUri,
} from '../protocols/lync/push/pushRoute.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { signInAs } from './signIn.js';

/**
 * The federation route to the push clearing house: the records on both sides, then a request of a signed-in user through
 * the Edge, whose answer says how far it came (Test-CsMcxPushNotification, which needs a server's certificate, tests from
 * inside). That a telephone is woken up in the end is not seen.
 */
export const pushNotification = defineTransaction({
  name: 'push-notification',
  title: 'Federation route to the push clearing house',
  dialects: ['lync'],
  accounts: ['first'],
  deadlineMs: deadlines.runMs,
  followUps: ['av-edge', 'sip-federation'],
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    'own-record': { deadlineMs: deadlines.dnsMs },
    'push-record': { deadlineMs: deadlines.dnsMs },
    connect: { deadlineMs: deadlines.connectMs },
    tls: { deadlineMs: deadlines.tlsMs },
    register: { deadlineMs: deadlines.requestMs, activity: 'Register' },
    'send-request': { deadlineMs: deadlines.requestMs },
    unregister: { deadlineMs: deadlines.cleanupMs },
  },

  async run(context) {
    const { step, ports, edge, settings, token } = context;
    const { sipDomain, dialect } = edge;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    await step('own-record', async (scope) => {
      const question = { sipDomain, dialect, foreignTarget: 'refused' } as const;
      // The target of the run stays the Edge that it signs in at.
      const own = await ports.findFederation(
        question,
        aside(scope, (ownRecord) => scope.observe({ ownRecord })),
      );
      warnOfOtherEdge(target, own, scope);
    });
    await step('push-record', (scope) => {
      warnOfUri(settings.uri, scope);
      const question = { sipDomain: domainOf(settings.uri), dialect, foreignTarget: 'expected' } as const;
      const apart = aside(scope, (pushRecord) => scope.observe({ pushRecord }));
      return requireClearingHouse(() => ports.findFederation(question, apart));
    });
    const steps = { connect: 'connect', tls: 'tls', register: 'register', unregister: 'unregister' } as const;
    const user = await signInAs(context, target, { role: 'first', ...steps }, ports.openLyncUserAgent);
    await step('send-request', async (scope) => {
      const answer = await user.request(pushRequest(settings.uri, sipDomain, token(24)), scope);
      requireReached(answer, user.peer, scope);
    });
  },
});
