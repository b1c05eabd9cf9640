import type { Exchange, Outgoing, OutgoingRequest } from '../services/service.js';
import type { SipAnswer } from '../sip/answer.js';
import { value } from '../sip/message.js';
import type { Fault } from './fault.js';
import { withBody } from './requestChanges.js';

const addresses = /^sip:(?:gc-1-persistentchatservice-2|gc01)@/i;

/** Is the request for the chat service? */
export function onChat({ request }: Exchange): boolean {
  return addresses.test(request.uri);
}

/** Is it the first request of a session with the chat service? */
export function isInvitation(exchange: Exchange): boolean {
  return exchange.request.method === 'INVITE' && onChat(exchange);
}

/** Is it the answer that tells a user of the services there are? */
export function isSettings({ request }: Exchange, { status }: SipAnswer): boolean {
  return status === 200 && value(request.fields, 'event') === 'vnd-microsoft-provisioning-v2';
}

/** The hook that puts others, or none, in the place of each reply; `command` narrows them down to those to one. */
export function onReply(
  change: (one: OutgoingRequest) => readonly OutgoingRequest[],
  command?: string,
): NonNullable<Fault['arrange']> {
  const meant = ({ occasion, request }: OutgoingRequest): boolean =>
    occasion === 'chat-reply' && (command === undefined || request.body.includes(`<rpl id="rpl:${command}"`));
  return (outgoing) =>
    outgoing.flatMap((one): readonly Outgoing[] => ('request' in one && meant(one) ? change(one) : [one]));
}

/** The same for each message that goes to somebody in a room, with the request that it was sent in. */
export function onMessage(
  change: (one: OutgoingRequest, exchange: Exchange) => readonly OutgoingRequest[],
): NonNullable<Fault['arrange']> {
  return (outgoing, exchange) =>
    exchange === undefined
      ? outgoing
      : outgoing.flatMap((one): readonly Outgoing[] =>
          'request' in one && one.occasion === 'chat-message' ? change(one, exchange) : [one],
        );
}

/** A request of another method in its place. */
export function restOf(one: OutgoingRequest, method: 'BYE' | 'UPDATE'): OutgoingRequest {
  const fields = one.request.fields
    .filter(({ name }) => name !== 'Content-Type')
    .map((field) => (field.name === 'CSeq' ? { ...field, value: field.value.replace('INFO', method) } : field));
  return { ...one, request: { ...one.request, method, fields, body: '' } };
}

/** The hook that grants a session as `timer` says. */
export function sessionGrant(timer: string): NonNullable<Fault['change']> {
  return (answer, exchange) => {
    if (!isInvitation(exchange)) return answer;
    const fields = answer.fields.map((field) =>
      field.name === 'Session-Expires' ? { ...field, value: timer } : field,
    );
    return { ...answer, fields };
  };
}

/** A reply as the chat service writes it. */
export function reply(name: string, envelope: string, code: number, text: string, data = ''): string {
  return `<rpl id="rpl:${name}" seqid="1"><commandid seqid="1" envid="${envelope}" /><resp code="${code}">${text}</resp><data>${data}</data></rpl>`;
}

/** The change of a request in its body alone. */
export function changed(change: (text: string) => string) {
  return (one: OutgoingRequest): readonly OutgoingRequest[] => [withBody(one, change)];
}

/** A fault of messages on their way to the users in a room. */
export function messages(
  name: string,
  description: string,
  change: (one: OutgoingRequest, exchange: Exchange) => readonly OutgoingRequest[],
): Fault {
  return { name, description: `lync: ${description}`, arrange: onMessage(change) };
}
