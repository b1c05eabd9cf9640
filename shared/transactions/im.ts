import { awaitMessage, warnOfRepeats } from '../protocols/sip/im/awaitMessage.js';
import { requireTaken, type SentMessage } from '../protocols/sip/im/diagnoseMessage.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signIn, signInSteps } from './signIn.js';

const cleanup = { deadlineMs: deadlines.cleanupMs / 2 };
const request = { deadlineMs: deadlines.requestMs };

/**
 * Two users sign in and exchange a pair of messages over the connections they registered with (RFC 3428; Test-CsIM).
 * Each must receive the other's text of this run, byte for byte.
 */
export const im = defineTransaction({
  name: 'im',
  title: 'Instant messages',
  dialects: ['rfc'],
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
    'send-message': request,
    'receive-message': request,
    'send-reply': request,
    'receive-reply': request,
    'unregister-receiver': cleanup,
    'unregister-sender': cleanup,
  },

  async run(context) {
    const { step, ports, edge, account, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const sender = await signIn(context, target, { role: 'first', ...signInSteps('sender') });
    const receiver = await signIn(context, target, { role: 'second', ...signInSteps('receiver') });

    const [from, to] = [account('first').sipAddress, account('second').sipAddress];
    const first = messageOf('message', token(24));
    const status = await step('send-message', async (scope) =>
      requireTaken(await sender.sendMessage(to, first.text, scope), sender.peer),
    );
    const message: SentMessage = { ...first, from, to, status };
    await step('receive-message', (scope) => awaitMessage(receiver, message, scope));

    const second = messageOf('reply', token(24));
    const replyStatus = await step('send-reply', async (scope) =>
      requireTaken(await receiver.sendMessage(from, second.text, scope), receiver.peer),
    );
    const reply: SentMessage = { ...second, from: to, to: from, status: replyStatus };
    await step('receive-reply', async (scope) => {
      await awaitMessage(sender, reply, scope);
      warnOfRepeats(receiver, message, scope);
      warnOfRepeats(sender, reply, scope);
    });
  },
});
