import type { OutgoingRequest } from '../services/service.js';
import { writeRequest } from '../sip/message.js';
import { type Action, send } from './action.js';
import { changed, onReply, reply } from './chatChanges.js';
import type { Fault } from './fault.js';
import { following, withBody, withField } from './requestChanges.js';

const laughs = '<!DOCTYPE xccos [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
const padding = Buffer.alloc(64 * 1024, ' ');
const hugeBytes = 160 * padding.length;

/** Replies of the chat service differ; `command` narrows them down to those to one. */
function replies(
  name: string,
  description: string,
  change: (one: OutgoingRequest) => readonly OutgoingRequest[],
  command?: string,
): Fault {
  return { name, description: `lync: ${description}`, arrange: onReply(change, command) };
}

const code = (status: number, text: string) =>
  changed((old) => old.replace(/<resp code="\d+">[^<]*<\/resp>/, `<resp code="${status}">${text}</resp>`));

/** What is wrong with replies. */
export const chatReplyFaults: readonly Fault[] = [
  replies(
    'chat-requri-refused',
    'the chat service does not know the question which server to use',
    code(400, 'FAILURE_UNKNOWN_COMMAND'),
    'requri',
  ),
  replies(
    'chat-requri-missing',
    'the chat service never replies to the question which server to use',
    () => [],
    'requri',
  ),
  replies('chat-reply-missing', 'the chat service takes commands and never replies', () => []),
  replies(
    'chat-reply-other-envelope',
    'replies of the chat service name an envelope that nobody sent',
    changed((text) => text.replace(/ envid="\d+" \/>/, ' envid="4711" />')),
  ),
  replies('chat-reply-twice', 'every reply of the chat service comes twice', (one) => [one, following(one)]),
  replies(
    'chat-reply-unknown',
    'replies of the chat service have a name that is none',
    changed((text) => text.replace(/id="rpl:\w+"/, 'id="rpl:dance"')),
  ),
  replies(
    'chat-command-unknown',
    'in place of a reply comes a command that is none',
    changed((text) => text.replace(/<rpl .*<\/rpl>/s, '<cmd id="cmd:dance" seqid="1"><data/></cmd>')),
  ),
  replies('chat-server-silent', 'the reply about the chat server is empty', emptied, 'getserverinfo'),
  replies('chat-join-empty', 'the reply to an entry is empty', emptied, 'join'),
  replies(
    'chat-replies-together',
    'a reply comes in one envelope with a notice and with a reply to somebody else',
    changed((text) =>
      text.replace(
        /<rpl /,
        `${reply('join', '4711', 200, 'SUCCESS_OK')}<ntc id="ntc:quit" seqid="2"><data/></ntc><rpl `,
      ),
    ),
  ),
  replies(
    'chat-namespace',
    'documents of the chat service have another namespace',
    changed((text) => text.replace('urn:parlano:xml:ns:xccos', 'urn:parlano:xml:ns:other')),
  ),
  replies(
    'chat-entities',
    'documents of the chat service declare entities that grow',
    changed((text) => text.replace(/^(?=<xccos)/, laughs)),
  ),
  replies(
    'chat-malformed',
    'documents of the chat service end in the middle',
    changed((text) => text.slice(0, text.length / 2)),
  ),
  replies(
    'chat-large',
    'documents of the chat service have 600 KB',
    changed((text) => `${text}${' '.repeat(600_000)}`),
  ),
  {
    name: 'chat-huge',
    description: 'lync: documents of the chat service have 10 MB',
    send: (actions, { outgoing }) => (outgoing.occasion === 'chat-reply' ? huge(outgoing) : actions),
  },
  replies('chat-other-dialog', 'replies of the chat service belong to no session of the client', (one) => [
    withField(
      withField(one, 'Call-ID', 'somebody-else@contoso.test'),
      'Via',
      'SIP/2.0/TLS fe01.contoso.test:5061;branch=z9hG4bK-other',
    ),
  ]),
  replies(
    'chat-refused',
    'the chat service refuses to tell about itself',
    code(500, 'FAILURE_INTERNAL'),
    'getserverinfo',
  ),
  replies('chat-room-missing', 'no search finds a room', emptied, 'chansrch'),
  replies(
    'chat-room-unknown',
    'nobody is let into a room: it is not known',
    code(404, 'FAILURE_ROOM_NOT_FOUND'),
    'join',
  ),
  replies(
    'chat-not-member',
    'nobody is let into a room: who asks is no member',
    code(403, 'FAILURE_ACCESS_DENIED'),
    'join',
  ),
  replies('chat-room-full', 'nobody is let into a room: it is full', code(500, 'FAILURE_ROOM_FULL'), 'join'),
  replies('chat-room-crowded', 'a room has 5,000 participants', changed(crowded), 'join'),
  replies('chat-part-refused', 'leaving a room is refused', code(500, 'FAILURE_INTERNAL'), 'part'),
];

function emptied(one: OutgoingRequest): readonly OutgoingRequest[] {
  return [withBody(one, (text) => text.replace(/<data>.*<\/data>/s, '<data/>'))];
}

function crowded(text: string): string {
  const users = Array.from(
    { length: 5_000 },
    (_, index) => `<uib id="${index}" uri="sip:user${index}@contoso.test" uname="User ${index}" />`,
  );
  const numbers = users.map((_, index) => index).join(',');
  return text.replace(/<uib .*(?=<\/data>)/s, users.join('')).replace(/(key="3984" value=)"[^"]*"/, `$1"${numbers}"`);
}

function huge(one: OutgoingRequest): readonly Action[] {
  const head = writeRequest({ ...one.request, body: '' }).toString();
  return [
    send(head.replace('content-length: 0', `content-length: ${hugeBytes}`)),
    ...Array.from({ length: hugeBytes / padding.length }, (): Action => ({ kind: 'send', bytes: padding })),
  ];
}
