import { Conversation } from '../protocols/lync/im/conversation.js';
import { requireGateway } from '../protocols/lync/im/diagnoseGateway.js';
import { conversationIdOf, hangUp, invitationHeaders } from '../protocols/lync/im/establish.js';
import type { CrossingMessage } from '../protocols/xmpp/client/diagnoseDelivery.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signInLync, signInSteps } from './signIn.js';
import { signInXmpp, xmppSteps } from './signInXmpp.js';
import { crossingSteps, seeRoundTrip, warnOfUnseen } from './xmppRoundTrip.js';

const cleanup = { deadlineMs: deadlines.cleanupMs / 3 };
const request = { deadlineMs: deadlines.requestMs };

/**
 * A user of Lync signs in and writes to a user of an XMPP domain in a session with the XMPP gateway (MS-SIP, RFC 6121;
 * Test-CsXmppIM). With the receiver's credentials it signs in there, the text of this run arrives, and its reply comes back.
 */
export const lyncXmppIm = defineTransaction({
  name: 'xmpp-im',
  title: 'Messages to an XMPP user',
  dialects: ['lync'],
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
    invite: request,
    'send-message': request,
    ...crossingSteps,
    'hang-up': cleanup,
    'sign-out-receiver': cleanup,
    'unregister-sender': cleanup,
  },

  async run(context) {
    const { step, cleanup, ports, edge, account, accountIfGiven, settings, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const sender = await signInLync(context, target, { role: 'first', ...signInSteps('sender') });
    const { jid, service, sipAddress } = settings.receiver;
    const partner = accountIfGiven('receiver');
    const receiver = partner && (await signInXmpp(context, { account: partner, service, ...xmppSteps('receiver') }));

    const { sipAddress: from } = account('first');
    const { peer } = sender;
    const call = sender.openCall(sipAddress);
    cleanup(
      'hang-up',
      (scope) => hangUp({ call, peer }, scope),
      () => call.alive,
    );
    await step('invite', async (scope) => {
      const headers = invitationHeaders(conversationIdOf(token(8)));
      call.start({ headers, body: sender.describeSession('null') }, scope);
      requireGateway(await call.answered(scope), { from, to: sipAddress, peer });
    });
    const conversation = new Conversation(call.dialog, peer);
    const sent: CrossingMessage = { ...messageOf('message', token(24)), from, to: jid };
    await step('send-message', async (scope) => {
      await conversation.send(sent.text, undefined, scope);
      if (!receiver) warnOfUnseen(peer, settings.receiver, scope);
    });
    if (!receiver) return;
    const ends = { sender: conversation, receiver, receiverSipAddress: sipAddress };
    await seeRoundTrip(context, sent, ends, (mark) => messageOf('reply', mark).text);
  },
});
