import { ProbeError } from '../domain/diagnosis.js';
import type { Scope } from '../domain/scope.js';
import { diagnoseRoomSilence, requireJoined } from '../protocols/xmpp/client/diagnoseRoom.js';
import type { XmppRoom } from '../protocols/xmpp/client/room.js';
import { hear, post } from '../protocols/xmpp/client/roomText.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { messageOf } from './imText.js';
import { signInXmpp, xmppSteps } from './signInXmpp.js';

const request = { deadlineMs: deadlines.requestMs };
/** Both users at once. */
const leaving = { deadlineMs: deadlines.cleanupMs / 2 };
const cleanup = { deadlineMs: deadlines.cleanupMs / 4 };

/**
 * Two XMPP users sign in, enter a room, see each other's message there, leave and sign out (XEP-0045; Test-CsPersistentChatMessage).
 * History, the subject and one's own messages are no proof.
 */
export const persistentChat = defineTransaction({
  name: 'persistent-chat',
  title: 'Persistent chat',
  dialects: ['rfc'],
  accounts: ['firstMember', 'secondMember'],
  deadlineMs: deadlines.runMs,
  steps: {
    'resolve-sender': { deadlineMs: deadlines.dnsMs },
    'connect-sender': { deadlineMs: deadlines.connectMs },
    'tls-sender': { deadlineMs: deadlines.tlsMs },
    'sign-in-sender': request,
    'resolve-receiver': { deadlineMs: deadlines.dnsMs },
    'connect-receiver': { deadlineMs: deadlines.connectMs },
    'tls-receiver': { deadlineMs: deadlines.tlsMs },
    'sign-in-receiver': request,
    'join-sender': request,
    'join-receiver': request,
    'send-message': request,
    'receive-message': request,
    'send-reply': request,
    'receive-reply': request,
    'leave-room': leaving,
    'sign-out-receiver': cleanup,
    'sign-out-sender': cleanup,
  },

  async run(context) {
    const { step, cleanup, account, settings, token } = context;
    const { room: address, create, users } = settings;
    const first = await signInXmpp(context, {
      account: account('firstMember'),
      service: users?.first.service,
      isTarget: true,
      ...xmppSteps('sender'),
    });
    const second = await signInXmpp(context, {
      account: account('secondMember'),
      service: users?.second.service,
      ...xmppSteps('receiver'),
    });

    const [sender, receiver] = [first.room(address, `probe-${token(8)}`), second.room(address, `probe-${token(8)}`)];
    // Arranged before the first presence: a room may let somebody in and lose the answer.
    cleanup('leave-room', (scope) => leaveAll([receiver, sender], scope));
    await step('join-sender', async (scope) => {
      const { created } = requireJoined(await sender.join({ create }, scope), sender);
      scope.observe({ roomCreated: created });
    });
    await step('join-receiver', async (scope) => {
      requireJoined(await receiver.join({ create: false }, scope), receiver);
    });

    const message = { ...messageOf('message', token(24)), id: token(16) };
    await step('send-message', (scope) => post(sender, message, scope));
    await step('receive-message', (scope) => hear(receiver, sender, message, scope));
    const reply = { ...messageOf('reply', token(24)), id: token(16) };
    await step('send-reply', (scope) => post(receiver, reply, scope));
    await step('receive-reply', (scope) => hear(sender, receiver, reply, scope));
  },
});

/** Both at once; the one that cannot does not keep the other inside. */
async function leaveAll(rooms: readonly XmppRoom[], scope: Scope): Promise<void> {
  const left = await Promise.all(rooms.map(async (room) => ({ room, silence: await room.leave(scope) })));
  for (const { room, silence } of left) {
    if (silence) throw new ProbeError(diagnoseRoomSilence(`that ${room.occupant} has left the room`, silence, room));
  }
}
