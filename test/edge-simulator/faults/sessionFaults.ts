import type { Exchange, Outgoing, OutgoingRequest } from '../services/service.js';
import { answerTo, type SipAnswer } from '../sip/answer.js';
import { value } from '../sip/message.js';
import { readNameAddress } from '../sip/values.js';
import type { Fault } from './fault.js';
import { exchanged, withBody } from './requestChanges.js';
import { answerFaults, methodStep, refusal } from './stepFaults.js';

const invite = methodStep('invite', 'INVITE');
const bye = methodStep('bye', 'BYE');
/** Beyond any number that the two sides have come to. */
const laterSequence = 1000;

/** Faults of sessions of instant messages, which dialect lync alone has: INVITE, and how sessions end. */
export const sessionFaults: readonly Fault[] = [
  ...answerFaults(invite),
  refusal(invite, 403, 'Forbidden'),
  refusal(invite, 404, 'Not Found', [diagnostics('1003;reason="User does not exist"')]),
  refusal(invite, 480, 'Temporarily Unavailable', [diagnostics('15000;reason="User has no registered endpoint"')]),
  refusal(invite, 486, 'Busy Here'),
  refusal(invite, 488, 'Not Acceptable Here'),
  refusal(invite, 503, 'Service Unavailable', [{ name: 'Retry-After', value: '30' }]),
  refusal(invite, 603, 'Decline'),
  {
    name: 'invite-unanswered',
    description: 'INVITE is answered 100 Trying, reaches nobody and has no other answer',
    arrange: (outgoing) => outgoing.filter((one) => !isInvite(one)),
  },
  {
    name: 'invite-provisional-only',
    description: 'INVITE is answered 100, 180 and 183, reaches nobody and has no final answer',
    arrange: (outgoing, exchange) =>
      outgoing.flatMap((one) => (isInvite(one) && exchange !== undefined ? ringing(exchange) : [one])),
  },
  {
    name: 'invite-without-sdp',
    description: 'the 200 to INVITE has no session description',
    change: (answer, { request }) =>
      request.method === 'INVITE' && answer.status === 200 ? withoutBody(answer) : answer,
  },
  {
    name: 'invite-stripped',
    description: 'INVITE reaches its receiver without its session description',
    arrange: exchanged('proxied', (one) => [isInvite(one) ? withBody(one, () => '') : one]),
  },
  {
    name: 'invite-answer-lost',
    description: 'INVITE rings at its receiver, whose final answer does not reach the sender',
    arrange: (outgoing) => outgoing.filter((one) => !isFinalToInvite(one)),
  },
  {
    name: 'invite-taken-elsewhere',
    description: 'INVITE is answered 200 by somebody else and does not reach its receiver',
    instead: (exchange) => (exchange.request.method === 'INVITE' ? takenBySomebody(exchange) : undefined),
  },
  {
    name: 'ack-lost',
    description: 'the ACK of a session does not reach who was invited',
    arrange: (outgoing) => outgoing.filter((one) => !('request' in one) || one.request.method !== 'ACK'),
  },
  {
    name: 'session-ended',
    description: 'as soon as a MESSAGE in a session is on its way, its sender gets BYE',
    arrange: (outgoing, exchange) =>
      exchange?.request.method === 'MESSAGE' && outgoing.some((one) => 'request' in one)
        ? [...outgoing, hangUp(exchange)]
        : outgoing,
  },
  ...answerFaults(bye),
  refusal(bye, 481, 'Call Leg/Transaction Does Not Exist'),
];

function diagnostics(text: string) {
  return { name: 'ms-diagnostics', value: `${text};source="sip.contoso.test"` };
}

function isInvite(one: Outgoing): boolean {
  return 'request' in one && one.request.method === 'INVITE';
}

function isFinalToInvite(one: Outgoing): boolean {
  return 'answer' in one && one.answer.status >= 200 && one.to?.request.method === 'INVITE';
}

function takenBySomebody({ request, source }: Exchange): SipAnswer {
  const fields = [
    { name: 'Contact', value: `<${request.uri};opaque=user:epid:c29tZWJvZHk;gruu>` },
    { name: 'Content-Type', value: 'application/sdp' },
  ];
  return { ...answerTo(request, source, 200, 'OK', fields), body: 'v=0\r\nm=message 5060 sip null\r\n' };
}

function ringing({ request, source, flow }: Exchange): readonly Outgoing[] {
  return ([180, 183] as const).map((status) => {
    const phrase = status === 180 ? 'Ringing' : 'Session Progress';
    return { flow, answer: answerTo(request, source, status, phrase) };
  });
}

function withoutBody(answer: SipAnswer): SipAnswer {
  const fields = answer.fields.filter(({ name }) => name.toLowerCase() !== 'content-type');
  return { ...answer, fields, body: '' };
}

/** A BYE from the other side of the dialog that a request came in (RFC 3261 section 15.1). */
function hangUp({ request, source, flow }: Exchange): OutgoingRequest {
  const [from = '', to = ''] = [value(request.fields, 'from'), value(request.fields, 'to')];
  const fields = [
    { name: 'Via', value: `SIP/2.0/TLS fe01.contoso.test:5061;branch=z9hG4bK-bye-${source.token}` },
    { name: 'Max-Forwards', value: '70' },
    { name: 'From', value: to },
    { name: 'To', value: from },
    { name: 'Call-ID', value: value(request.fields, 'call-id') ?? '' },
    { name: 'CSeq', value: `${laterSequence} BYE` },
  ];
  const uri = readNameAddress(from)?.uri ?? 'sip:contoso.test';
  return { flow, request: { method: 'BYE', uri, fields, body: '' }, occasion: 'proxied' };
}
