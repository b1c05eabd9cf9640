import { Conversation } from '../protocols/lync/im/conversation.js';
import {
  connect,
  conversationIdOf,
  hangUp,
  isInvitation,
  ring,
  type SessionEnds,
} from '../protocols/lync/im/establish.js';
import { awaitMessage, warnOfRepeats } from '../protocols/sip/im/awaitMessage.js';
import type { SentMessage } from '../protocols/sip/im/diagnoseMessage.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signInLync, signInSteps } from './signIn.js';

/** Each clean-up gets its share, so that a server that is silent to one is still told the others. */
const cleanup = { deadlineMs: Math.floor(deadlines.cleanupMs / 3) };
const request = { deadlineMs: deadlines.requestMs };

/**
 * Two users sign in, one invites the other to a session, and they exchange a pair of messages in it (MS-SIP; Test-CsIM). Each must
 * receive the other's text of this run, byte for byte.
 */
export const lyncIm = defineTransaction({
  name: 'im',
  title: 'Instant messages',
  dialects: ['lync'],
  accounts: ['first', 'second'],
  deadlineMs: deadlines.runMs,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    'connect-sender': { deadlineMs: deadlines.connectMs },
    'tls-sender': { deadlineMs: deadlines.tlsMs },
    'register-sender': { ...request, activity: 'Register' },
    'connect-receiver': { deadlineMs: deadlines.connectMs },
    'tls-receiver': { deadlineMs: deadlines.tlsMs },
    'register-receiver': { ...request, activity: 'Register' },
    invite: request,
    accept: request,
    'send-message': request,
    'receive-message': request,
    'send-reply': request,
    'receive-reply': request,
    'hang-up': cleanup,
    'unregister-receiver': cleanup,
    'unregister-sender': cleanup,
  },

  async run(context) {
    const { step, cleanup, ports, edge, account, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const sender = await signInLync(context, target, { role: 'first', ...signInSteps('sender') });
    const receiver = await signInLync(context, target, { role: 'second', ...signInSteps('receiver') });

    const [from, to] = [account('first').sipAddress, account('second').sipAddress];
    const conversationId = conversationIdOf(token(8));
    const invitation = receiver.expectCall((invite) => isInvitation(invite, conversationId, from));
    const call = sender.openCall(to);
    const ends: SessionEnds = { call, invitation, from, to, peer: sender.peer };
    cleanup(
      'hang-up',
      (scope) => hangUp(ends, scope),
      () => call.alive || invitation.alive,
    );
    await step('invite', (scope) => ring(ends, conversationId, sender.describeSession('null'), scope));
    const accepted = await step('accept', (scope) => connect(ends, receiver.describeSession(to), scope));
    const [mine, theirs] = [new Conversation(call.dialog, sender.peer), new Conversation(accepted, receiver.peer)];

    const first = messageOf('message', token(24));
    const status = await step('send-message', (scope) => mine.send(first.text, theirs, scope));
    const message: SentMessage = { ...first, from, to, status };
    await step('receive-message', (scope) => awaitMessage(theirs, message, scope));

    const second = messageOf('reply', token(24));
    const replyStatus = await step('send-reply', (scope) => theirs.send(second.text, mine, scope));
    const reply: SentMessage = { ...second, from: to, to: from, status: replyStatus };
    await step('receive-reply', async (scope) => {
      await awaitMessage(mine, reply, scope);
      warnOfRepeats(theirs, message, scope);
      warnOfRepeats(mine, reply, scope);
    });
  },
});
