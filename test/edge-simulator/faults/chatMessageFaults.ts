import { answerTo } from '../sip/answer.js';
import { changed, messages, reply, restOf } from './chatChanges.js';
import type { Fault } from './fault.js';
import { following, withBody, withField } from './requestChanges.js';

/** What is wrong with messages in rooms. */
export const chatMessageFaults: readonly Fault[] = [
  {
    name: 'chat-message-403',
    description: 'lync: a message into a room is answered 403 Forbidden',
    instead: ({ request, source: from }) =>
      request.body.includes('<grpchat ') ? answerTo(request, from, 403, 'Forbidden') : undefined,
  },
  messages(
    'chat-message-refused',
    'a message into a room is taken, and refused after that',
    (one, { request, flow }) => {
      const envelope = /envid="(\d+)"/.exec(request.body)?.[1] ?? '';
      const refusal = reply('grpchat', envelope, 403, 'FAILURE_NOT_A_PRESENTER');
      // The author would have got the message as well: the refusal takes its place.
      return one.flow === flow ? [withBody(one, (text) => text.replace(/<grpchat .*<\/grpchat>/s, refusal))] : [];
    },
  ),
  messages('chat-message-lost', 'a message into a room reaches nobody', () => []),
  {
    name: 'chat-message-late',
    description: 'lync: a message into a room arrives 2 s late (chat-message-late=MS for another delay)',
    delayMs: 2_000,
    send: (actions, { outgoing, delayMs }) =>
      outgoing.occasion === 'chat-message' ? [{ kind: 'wait', ms: delayMs }, ...actions] : actions,
  },
  messages('chat-message-not-echoed', 'the author of a message does not get it', (one, { flow }) =>
    one.flow === flow ? [] : [one],
  ),
  messages('chat-message-twice', 'a message into a room arrives twice', (one) => [one, following(one)]),
  messages(
    'chat-message-altered',
    'letters beyond ASCII arrive in a room as question marks',
    changed((text) => text.replace(/[^\0-\x7f]/g, '?')),
  ),
  messages(
    'chat-message-other-author',
    'a message into a room arrives in the name of somebody else',
    changed((text) => text.replace(/author="[^"]*"/, 'author="sip:somebody@contoso.test"')),
  ),
  messages('chat-message-other-run', 'before a message into a room comes one of another run', (one) => [
    withBody(one, ofAnotherRun),
    following(one),
  ]),
  messages(
    'chat-message-exchanged',
    'in place of a message into a room comes one of another run',
    changed(ofAnotherRun),
  ),
  messages('chat-message-as-history', 'a message into a room arrives as history alone', changed(asHistory)),
  messages('chat-ended', 'the chat service ends its sessions by BYE in place of a message', (one) => [
    withField(restOf(one, 'BYE'), 'Reason', 'SIP;cause=200;text="Server is shutting down"'),
  ]),
  {
    name: 'chat-close',
    description: 'lync: connections are closed in place of a message into a room',
    send: (actions, { outgoing }) => (outgoing.occasion === 'chat-message' ? [{ kind: 'close' }] : actions),
  },
];

/** The prober marks its texts by 24 hexadecimal digits. */
function ofAnotherRun(text: string): string {
  return text.replace(/[0-9a-f]{24}/, '0123456789abcdef01234567');
}

function asHistory(text: string): string {
  return text.replace(
    /<grpchat id="grpchat" seqid="1" (chanUri="[^"]*")(.*)<\/grpchat>/s,
    (_, room: string, rest: string) => {
      const message = `<msg id="grpchat" ${room}${rest}</msg>`;
      return reply(
        'bccontext',
        '4711',
        200,
        'SUCCESS_OK',
        `<chanib ${room.replace('chanUri', 'uri')}>${message}</chanib>`,
      );
    },
  );
}
