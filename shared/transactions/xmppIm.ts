import { requireHandedOver } from '../protocols/sip/im/diagnoseHandOver.js';
import type { CrossingMessage } from '../protocols/xmpp/client/diagnoseDelivery.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signIn, signInSteps } from './signIn.js';
import { signInXmpp, xmppSteps } from './signInXmpp.js';
import { crossingSteps, seeRoundTrip, warnOfUnseen } from './xmppRoundTrip.js';

const cleanup = { deadlineMs: deadlines.cleanupMs / 2 };
const request = { deadlineMs: deadlines.requestMs };

/**
 * A SIP user signs in and writes to a user of an XMPP domain (RFC 3428, 6121; Test-CsXmppIM). With the receiver's credentials it
 * signs in there, the text of this run arrives, and its reply comes back; without them nobody sees whether it arrived.
 */
export const xmppIm = defineTransaction({
  name: 'xmpp-im',
  title: 'Messages to an XMPP user',
  dialects: ['rfc'],
  accounts: ['first'],
  optionalAccounts: ['receiver'],
  deadlineMs: 60_000,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    'connect-sender': { deadlineMs: deadlines.connectMs },
    'tls-sender': { deadlineMs: deadlines.tlsMs },
    'register-sender': { ...request, activity: 'Register' },
    'resolve-receiver': { deadlineMs: deadlines.dnsMs },
    'connect-receiver': { deadlineMs: deadlines.connectMs },
    'tls-receiver': { deadlineMs: deadlines.tlsMs },
    'sign-in-receiver': request,
    'send-message': request,
    ...crossingSteps,
    'sign-out-receiver': cleanup,
    'unregister-sender': cleanup,
  },

  async run(context) {
    const { step, ports, edge, account, accountIfGiven, settings, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const sender = await signIn(context, target, { role: 'first', ...signInSteps('sender') });
    const { jid, service, sipAddress } = settings.receiver;
    const partner = accountIfGiven('receiver');
    const receiver = partner && (await signInXmpp(context, { account: partner, service, ...xmppSteps('receiver') }));

    const { sipAddress: from } = account('first');
    const sent: CrossingMessage = { ...messageOf('message', token(24)), from, to: jid };
    await step('send-message', async (scope) => {
      requireHandedOver(await sender.sendMessage(sipAddress, sent.text, scope), sender.peer);
      if (!receiver) warnOfUnseen(sender.peer, settings.receiver, scope);
    });
    if (!receiver) return;
    const ends = { sender, receiver, receiverSipAddress: sipAddress };
    await seeRoundTrip(context, sent, ends, (mark) => messageOf('reply', mark).text);
  },
});
