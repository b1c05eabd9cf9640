import type { SipAnswer } from '../sip/answer.js';
import { type SipRequest, value } from '../sip/message.js';
import type { Fault } from './fault.js';
import { lync } from './lyncFaults.js';
import { exchanged, withBody, withField } from './requestChanges.js';

/** Faults of presence at the Lync front end: how it takes subscriptions and publications, and what its notifications hold. */
export const watchFaults: readonly Fault[] = [
  lync(
    'publish-wrong-delta',
    'before every publication another endpoint publishes: its version is never the last (409)',
    {
      overtakes: 'always',
    },
  ),
  lync(
    'publish-wrong-delta-once',
    'before the first publication of an endpoint another publishes: its version is not the last (409)',
    { overtakes: 'once' },
  ),
  {
    name: 'batches-untold',
    description: 'lync: REGISTER is answered without adhoclist in Supported: clients subscribe to each contact alone',
    change: (answer, { request }) =>
      request.method === 'REGISTER'
        ? { ...answer, fields: answer.fields.filter((field) => field.value !== 'adhoclist') }
        : answer,
  },
  listed('contact-hidden', 'has no instance of a contact: nothing of it may be seen', () => ''),
  listed(
    'contact-ended',
    'says of a contact: terminated, rejected',
    (state) => `${state('terminated')} reason="rejected"/>`,
  ),
  listed(
    'contact-elsewhere',
    'says of a contact: resubscribe, to be subscribed to alone',
    (state) => `${state('resubscribe')}/>`,
  ),
  {
    name: 'notify-acknowledged',
    description: 'lync: notifications are NOTIFY, which is to be answered, in place of BENOTIFY',
    arrange: (outgoing) =>
      outgoing.map((one) => {
        if (!('request' in one) || one.request.method !== 'BENOTIFY') return one;
        return withField(
          { ...one, request: { ...one.request, method: 'NOTIFY' } },
          'CSeq',
          `${numberOf(one.request)} NOTIFY`,
        );
      }),
  },
  {
    name: 'notify-not-xml',
    description: 'lync: the document of a published value is not well-formed',
    arrange: exchanged('published', (one) => [
      withBody(one, (body) => body.replaceAll('</categories>', '</category>')),
    ]),
  },
  {
    name: 'notify-unknown-category',
    description: 'lync: the document of a published value has categories that nobody asked for alone',
    arrange: exchanged('published', (one) => [
      withBody(one, (body) => body.replace(/<category name="[^"]*"/g, '<category name="x-unknown"')),
    ]),
  },
  {
    name: 'notify-out-of-order',
    description: 'lync: the sequence number of every notification of a published value is 0',
    arrange: exchanged('published', (one) => [withField(one, 'CSeq', `0 ${one.request.method}`)]),
  },
  {
    name: 'subscription-taken-over',
    description: 'lync: in place of a published value comes terminated with ms-diagnostics-public 2139',
    arrange: exchanged('published', (one) => [
      withField(
        withField(
          withBody(one, () => ''),
          'Subscription-State',
          'terminated;expires=0',
        ),
        'ms-diagnostics-public',
        '2139;reason="A newer subscription has replaced this one"',
      ),
    ]),
  },
];

/** The list that answers a batched subscription has another instance of each contact. */
function listed(name: string, description: string, instance: (state: (name: string) => string) => string): Fault {
  const written = instance((state) => `<instance id="0" state="${state}"`);
  return {
    name,
    description: `lync: the list that answers a subscription ${description}`,
    change: (answer, { request }) =>
      isBatch(request) ? { ...answer, body: bodyOf(answer).replace(/<instance [^>]*>/g, written) } : answer,
  };
}

function isBatch({ method, fields }: SipRequest): boolean {
  return method === 'SUBSCRIBE' && (value(fields, 'require') ?? '').includes('adhoclist');
}

function bodyOf({ body = '' }: SipAnswer): string {
  return body;
}

/** Of a request that is on its way out. */
function numberOf({ fields }: SipRequest): number {
  return Number.parseInt(fields.find(({ name }) => name.toLowerCase() === 'cseq')?.value ?? '0', 10);
}
