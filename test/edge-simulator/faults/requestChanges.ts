import type { Occasion, Outgoing, OutgoingRequest } from '../services/service.js';
import { type SipRequest, sequenceOf } from '../sip/message.js';
import { type Action, send } from './action.js';
import type { Fault, Sending } from './fault.js';

const padding = Buffer.alloc(64 * 1024, ' ');
const hugeBytes = 160 * padding.length;

/** The hook that puts others, or none, in the place of each request of that occasion. */
export function exchanged(
  occasion: Occasion,
  change: (one: OutgoingRequest) => readonly OutgoingRequest[],
): NonNullable<Fault['arrange']> {
  return (outgoing) =>
    outgoing.flatMap((one): readonly Outgoing[] =>
      'request' in one && one.occasion === occasion ? change(one) : [one],
    );
}

/** The same with another value in a header field; a field that was not there is added. */
export function withField(one: OutgoingRequest, name: string, value: string): OutgoingRequest {
  const others = one.request.fields.filter((field) => field.name.toLowerCase() !== name.toLowerCase());
  return { ...one, request: { ...one.request, fields: [...others, { name, value }] } };
}

/** The same with another body. */
export function withBody(one: OutgoingRequest, change: (body: string) => string): OutgoingRequest {
  return { ...one, request: { ...one.request, body: change(one.request.body) } };
}

/** The same as a request of its own: the next sequence number and another branch. */
export function following(one: OutgoingRequest): OutgoingRequest {
  return { ...one, request: followingRequest(one.request) };
}

/** The same with a body of 10 MB, as it goes over the wire. */
export function withHugeBody(one: OutgoingRequest, write: Sending['write']): readonly Action[] {
  const head = write({ ...one.request, body: '' }).toString();
  return [
    send(head.replace(/content-length: 0/i, `content-length: ${hugeBytes}`)),
    ...Array.from({ length: hugeBytes / padding.length }, (): Action => ({ kind: 'send', bytes: padding })),
  ];
}

function followingRequest(request: SipRequest): SipRequest {
  const next = `${sequenceOf(withLowerCase(request)) + 1} ${request.method}`;
  const fields = request.fields.map(({ name, value }) => {
    if (name.toLowerCase() === 'cseq') return { name, value: next };
    return { name, value: name.toLowerCase() === 'via' ? value.replace(/branch=[^;\s]*/, '$&-next') : value };
  });
  return { ...request, fields };
}

function withLowerCase(request: SipRequest): SipRequest {
  return { ...request, fields: request.fields.map((field) => ({ ...field, name: field.name.toLowerCase() })) };
}
