import type { Exchange, Outgoing, OutgoingRequest } from '../services/service.js';
import { answerTo } from '../sip/answer.js';
import { type SipRequest, value } from '../sip/message.js';
import type { Fault } from './fault.js';
import { exchanged, following, withBody, withField, withHugeBody } from './requestChanges.js';
import { answerFaults, methodStep, refusal } from './stepFaults.js';

const message = methodStep('message', 'MESSAGE');

/** Faults of the relay of messages: refusals, and messages that do not arrive, or not as they were sent. */
export const messageFaults: readonly Fault[] = [
  ...answerFaults(message),
  refusal(message, 403, 'Forbidden'),
  refusal(message, 404, 'Not Found'),
  refusal(message, 405, 'Method Not Allowed'),
  refusal(message, 415, 'Unsupported Media Type', [{ name: 'Accept', value: 'message/cpim' }]),
  refusal(message, 480, 'Temporarily Unavailable'),
  refusal(message, 481, 'Call Leg/Transaction Does Not Exist'),
  refusal(message, 488, 'Not Acceptable Here'),
  refusal(message, 503, 'Service Unavailable', [{ name: 'Retry-After', value: '30' }]),
  accepted('message-lost', 200, 'OK'),
  accepted('message-202', 202, 'Accepted'),
  {
    name: 'message-receiver-dropped',
    description: 'MESSAGE is answered 202, and the connection of its receiver is closed in place of it',
    arrange: acceptedBefore,
    send: (actions, { outgoing }) => (isRelayed(outgoing) ? [{ kind: 'close' }] : actions),
  },
  {
    name: 'message-delayed',
    description: 'a message reaches its receiver 2 s late (message-delayed=MS for another delay)',
    delayMs: 2_000,
    send: (actions, { outgoing, delayMs }) =>
      isRelayed(outgoing) ? [{ kind: 'wait', ms: delayMs }, ...actions] : actions,
  },
  {
    name: 'message-twice',
    description: 'a message reaches its receiver twice',
    arrange: exchanged('relayed', (one) => [one, following(one)]),
  },
  {
    name: 'message-altered',
    description: 'letters beyond ASCII reach the receiver as question marks',
    arrange: exchanged('relayed', (one) => [withBody(one, (body) => body.replace(/[^\0-\x7f]/g, '?'))]),
  },
  {
    name: 'message-huge',
    description: 'MESSAGE is answered 202, and 10 MB come in place of its text',
    arrange: acceptedBefore,
    send: (actions, { outgoing, write }) => (isRelayed(outgoing) ? withHugeBody(outgoing, write) : actions),
  },
  {
    name: 'message-other-sender',
    description: 'a message reaches its receiver in the name of somebody else',
    arrange: exchanged('relayed', (one) => [withField(one, 'from', '<sip:somebody@contoso.test>;tag=somebody')]),
  },
  {
    name: 'message-third-user',
    description: 'before a message comes one of a third user',
    arrange: exchanged('relayed', (one) => [
      withBody(withField(following(one), 'from', '<sip:somebody@contoso.test>;tag=somebody'), () => 'Are you there?'),
      one,
    ]),
  },
  {
    name: 'message-other-run',
    description: 'before a message comes one of another run between the same users',
    arrange: exchanged('relayed', (one) => [withBody(following(one), ofAnotherRun), one]),
  },
  {
    name: 'message-exchanged',
    description: 'in place of a message comes one of another run between the same users',
    arrange: exchanged('relayed', (one) => [withBody(one, ofAnotherRun)]),
  },
];

/** A relayed message is answered before its receiver has it. */
function acceptedBefore(outgoing: readonly Outgoing[], exchange: Exchange | undefined): readonly Outgoing[] {
  if (exchange === undefined || !outgoing.some(isRelayed)) return outgoing;
  return [{ flow: exchange.flow, answer: answerTo(exchange.request, exchange.source, 202, 'Accepted') }, ...outgoing];
}

/** Answered for good once the user has proved who it is, and not relayed. */
function accepted(name: string, status: number, reasonPhrase: string): Fault {
  return {
    name,
    description: `MESSAGE is answered ${status} ${reasonPhrase} and does not reach its receiver`,
    instead: ({ request, source }) =>
      request.method === 'MESSAGE' && isProved(request) ? answerTo(request, source, status, reasonPhrase) : undefined,
  };
}

function isProved({ fields }: SipRequest): boolean {
  return ['proxy-authorization', 'authorization'].some((name) => value(fields, name) !== undefined);
}

function isRelayed(one: object): one is OutgoingRequest {
  return 'occasion' in one && one.occasion === 'relayed';
}

/** The prober marks its texts by 24 hexadecimal digits. */
function ofAnotherRun(body: string): string {
  return body.replace(/[0-9a-f]{24}/, '0123456789abcdef01234567');
}
