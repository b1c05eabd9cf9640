import type { Scope } from '../domain/scope.js';
import type { LyncChat } from '../protocols/lync/chat/lyncChat.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signInLync, signInSteps } from './signIn.js';

const request = { deadlineMs: deadlines.requestMs };
/** Leaving is the longest: both users at once, each by a command and by BYE. */
const leaving = { deadlineMs: deadlines.cleanupMs / 2 };
const cleanup = { deadlineMs: deadlines.cleanupMs / 4 };

/**
 * Two users sign in, enter a room of the Persistent Chat service, see each other's message there, leave and sign out (MS-XCCOSIP;
 * Test-CsPersistentChatMessage). Each must see the other's text of this run, written by the other.
 */
export const lyncPersistentChat = defineTransaction({
  name: 'persistent-chat',
  title: 'Persistent chat',
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
    'find-service-sender': request,
    'open-session-sender': request,
    'find-room': request,
    'join-sender': request,
    'find-service-receiver': request,
    'open-session-receiver': request,
    'join-receiver': request,
    'send-message': request,
    'receive-message': request,
    'send-reply': request,
    'receive-reply': request,
    'leave-room': leaving,
    'unregister-receiver': cleanup,
    'unregister-sender': cleanup,
  },

  async run(context) {
    const { step, cleanup, release, ports, edge, account, settings, token } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const user = await signInLync(context, target, { role: 'first', ...signInSteps('sender') });
    const other = await signInLync(context, target, { role: 'second', ...signInSteps('receiver') });
    const [sender, receiver] = [
      ports.openLyncChat(user, account('first')),
      ports.openLyncChat(other, account('second')),
    ];
    release(() => sender.close());
    release(() => receiver.close());
    // Arranged before the first INVITE: whoever may be inside is taken out, however far the run came.
    cleanup(
      'leave-room',
      (scope) => leaveAll([receiver, sender], scope),
      () => sender.mayBeInside || receiver.mayBeInside,
    );

    const service = await step('find-service-sender', (scope) => sender.findService(scope));
    await step('open-session-sender', (scope) => sender.open(service, scope));
    const room = await step('find-room', (scope) => sender.findRoom(settings.room, scope));
    await step('join-sender', (scope) => sender.join(room, scope));
    const second = await step('find-service-receiver', (scope) => receiver.findService(scope));
    await step('open-session-receiver', (scope) => receiver.open(second, scope));
    await step('join-receiver', (scope) => receiver.join(room, scope));

    const [from, to] = [sender.sipAddress, receiver.sipAddress];
    const message = { ...messageOf('message', token(24)), room, from, to };
    const posted = await step('send-message', (scope) => sender.post(message, scope));
    await step('receive-message', (scope) => receiver.receive(posted, scope));
    const reply = { ...messageOf('reply', token(24)), room, from: to, to: from };
    const answered = await step('send-reply', (scope) => receiver.post(reply, scope));
    await step('receive-reply', async (scope) => {
      await sender.receive(answered, scope);
      await receiver.warnOfCopies(posted, scope);
      await sender.warnOfCopies(answered, scope);
    });
  },
});

/** Both at once; the one that cannot does not keep the other inside. */
async function leaveAll(chats: readonly LyncChat[], scope: Scope): Promise<void> {
  const left = await Promise.allSettled(
    chats.filter(({ mayBeInside }) => mayBeInside).map((chat) => chat.leave(scope)),
  );
  for (const one of left) if (one.status === 'rejected') throw one.reason;
}
