import { publishType } from '../services/lync/presence/publishRequest.js';
import { answerTo } from '../sip/answer.js';
import { type SipRequest, value } from '../sip/message.js';
import type { Fault } from './fault.js';
import { answerFaults, leastLifetime, refusal, type Step } from './stepFaults.js';

const subscribe: Step = { name: 'subscribe', what: 'SUBSCRIBE', is: isSubscription };
const selfSubscribe: Step = {
  name: 'self-subscribe',
  what: 'SUBSCRIBE to own data (lync)',
  is: ({ method, fields }) => method === 'SUBSCRIBE' && eventOf(fields) === 'vnd-microsoft-roaming-self',
};
const publish: Step = { name: 'publish', what: 'PUBLISH (lync: SERVICE)', is: isPublication };
const retryLater = { name: 'Retry-After', value: '30' };

/** Faults of the presence agent in what it answers to SUBSCRIBE and PUBLISH. */
export const presenceFaults: readonly Fault[] = [
  ...answerFaults(subscribe),
  refusal(subscribe, 403, 'Forbidden'),
  refusal(subscribe, 404, 'Not Found'),
  refusal(subscribe, 405, 'Method Not Allowed'),
  refusal(subscribe, 406, 'Not Acceptable'),
  refusal(subscribe, 423, 'Interval Too Brief', [{ name: 'Min-Expires', value: '7200' }]),
  refusal(subscribe, 480, 'Temporarily Unavailable'),
  refusal(subscribe, 489, 'Bad Event', [{ name: 'Allow-Events', value: 'dialog' }]),
  refusal(subscribe, 503, 'Service Unavailable', [retryLater]),
  leastLifetime(subscribe),
  {
    name: 'subscribe-brief',
    description: 'a subscription is granted for 2 s, whatever was asked for',
    change: (answer, { request }) =>
      !isSubscription(request) || value(request.fields, 'expires') === '0'
        ? answer
        : {
            ...answer,
            fields: answer.fields.map((field) => (field.name === 'Expires' ? { ...field, value: '2' } : field)),
          },
  },
  {
    name: 'unsubscribe-481',
    description: 'SUBSCRIBE in a dialog is answered 481 Subscription does not exist',
    instead: ({ request, source }) =>
      isSubscription(request) && /;\s*tag=/i.test(value(request.fields, 'to') ?? '')
        ? answerTo(request, source, 481, 'Subscription does not exist')
        : undefined,
  },
  ...answerFaults(selfSubscribe),
  refusal(selfSubscribe, 403, 'Forbidden'),
  refusal(selfSubscribe, 503, 'Service Unavailable', [retryLater]),
  ...answerFaults(publish),
  refusal(publish, 403, 'Forbidden'),
  refusal(publish, 404, 'Not Found'),
  refusal(publish, 405, 'Method Not Allowed'),
  refusal(publish, 415, 'Unsupported Media Type', [{ name: 'Accept', value: 'application/xpidf+xml' }]),
  refusal(publish, 423, 'Interval Too Brief', [{ name: 'Min-Expires', value: '7200' }]),
  refusal(publish, 489, 'Bad Event', [{ name: 'Allow-Events', value: 'dialog' }]),
  refusal(publish, 503, 'Service Unavailable', [retryLater]),
  leastLifetime(publish),
  {
    name: 'publish-without-etag',
    description: 'PUBLISH is answered 200 without a SIP-ETag',
    change: (answer, { request }) =>
      request.method === 'PUBLISH'
        ? { ...answer, fields: answer.fields.filter(({ name }) => name !== 'SIP-ETag') }
        : answer,
  },
  {
    name: 'unpublish-412',
    description: 'PUBLISH with an entity-tag is answered 412 Conditional Request Failed',
    instead: ({ request, source }) =>
      request.method === 'PUBLISH' && value(request.fields, 'sip-if-match') !== undefined
        ? answerTo(request, source, 412, 'Conditional Request Failed')
        : undefined,
  },
];

/** In dialect lync clients subscribe to more than presence as soon as they have signed in. */
function isSubscription({ method, fields }: SipRequest): boolean {
  return method === 'SUBSCRIBE' && !eventOf(fields).startsWith('vnd-microsoft-');
}

function isPublication({ method, fields }: SipRequest): boolean {
  return (
    method === 'PUBLISH' || (method === 'SERVICE' && (value(fields, 'content-type') ?? '').startsWith(publishType))
  );
}

function eventOf(fields: SipRequest['fields']): string {
  return value(fields, 'event') ?? '';
}
