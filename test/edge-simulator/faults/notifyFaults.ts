import type { OutgoingRequest } from '../services/service.js';
import type { SipAnswer } from '../sip/answer.js';
import { bytesOf, send } from './action.js';
import type { Fault } from './fault.js';
import { exchanged, following, withBody, withField, withHugeBody } from './requestChanges.js';

const laughs = '<!DOCTYPE presence [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';

/** Faults of the presence agent in what it sends: NOTIFY requests that do not come, or bring something else. */
export const notifyFaults: readonly Fault[] = [
  {
    name: 'first-notify-missing',
    description: 'a subscription is accepted and never confirmed by a NOTIFY',
    arrange: exchanged('subscribed', () => []),
    change: (answer, { request }) => (request.method === 'SUBSCRIBE' ? withoutFirstNotify(answer) : answer),
  },
  {
    name: 'notify-before-answer',
    description: 'the first NOTIFY comes before the answer to SUBSCRIBE',
    arrange: (outgoing) => [...outgoing.filter(isFirst), ...outgoing.filter((one) => !isFirst(one))],
  },
  {
    name: 'notify-forked',
    description: 'before the answer to SUBSCRIBE come a NOTIFY and one of another notifier with a tag of its own',
    arrange: (outgoing) => [
      ...outgoing.filter(isFirst).flatMap((one) => [one, forked(one)]),
      ...outgoing.filter((one) => !isFirst(one)),
    ],
  },
  {
    name: 'subscription-pending',
    description: 'a subscription stays pending, without a document',
    arrange: (outgoing, exchange) =>
      (['subscribed', 'published'] as const).reduce(
        (current, occasion) => exchanged(occasion, (one) => [inState(one, 'pending;expires=60')])(current, exchange),
        outgoing,
      ),
  },
  {
    name: 'subscription-rejected',
    description: 'the first NOTIFY ends the subscription: terminated;reason=rejected',
    arrange: exchanged('subscribed', (one) => [inState(one, 'terminated;reason=rejected')]),
  },
  {
    name: 'subscription-ended',
    description: 'in place of a published value comes terminated;reason=deactivated;retry-after=30',
    arrange: exchanged('published', (one) => [inState(one, 'terminated;reason=deactivated;retry-after=30')]),
  },
  {
    name: 'last-notify-missing',
    description: 'the end of a subscription is answered 200 and not confirmed by a NOTIFY',
    arrange: exchanged('ended', () => []),
  },
  {
    name: 'notify-missing',
    description: 'a published value causes no NOTIFY',
    arrange: exchanged('published', () => []),
  },
  {
    name: 'notify-empty',
    description: 'the NOTIFY of a published value has no document',
    arrange: exchanged('published', (one) => [withBody(one, () => '')]),
  },
  {
    name: 'notify-old-value',
    description: 'the NOTIFY of a published value brings another one',
    arrange: exchanged('published', (one) => [withBody(one, older)]),
  },
  {
    name: 'notify-old-value-first',
    description: 'before the NOTIFY of a published value comes one with another value',
    arrange: exchanged('published', (one) => [withBody(one, older), following(one)]),
  },
  {
    name: 'notify-other-presentity',
    description: 'the NOTIFY of a published value is about somebody else',
    arrange: exchanged('published', (one) => [
      withBody(one, (body) =>
        body.replace(/(entity=|<(?:categories|resource)\b[^>]* uri=)"[^"]*"/g, '$1"sip:somebody@contoso.test"'),
      ),
    ]),
  },
  {
    name: 'notify-other-dialog',
    description: 'the NOTIFY of a published value belongs to no subscription of the client',
    arrange: exchanged('published', (one) => [withField(one, 'Call-ID', 'somebody-else@contoso.test')]),
  },
  {
    name: 'notify-malformed',
    description: 'the document of a published value ends in the middle',
    arrange: exchanged('published', (one) => [withBody(one, (body) => body.slice(0, body.length / 2))]),
  },
  {
    name: 'notify-entities',
    description: 'the document of a published value declares entities that grow',
    arrange: exchanged('published', (one) => [
      withBody(one, (body) => body.replace(/(?=<presence|<categories)/, laughs)),
    ]),
  },
  {
    name: 'notify-other-type',
    description: 'the document of a published value is application/xpidf+xml',
    arrange: exchanged('published', (one) => [withField(one, 'Content-Type', 'application/xpidf+xml')]),
  },
  {
    name: 'notify-large',
    description: 'the document of a published value has 128 KiB',
    arrange: exchanged('published', (one) => [withBody(one, (body) => `${body}${' '.repeat(128 * 1024)}`)]),
  },
  {
    name: 'notify-huge',
    description: 'the document of a published value has 10 MB',
    send: (actions, { outgoing, write }) => (isPublished(outgoing) ? withHugeBody(outgoing, write) : actions),
  },
  {
    name: 'notify-twice',
    description: 'the NOTIFY of a published value comes twice, both in one packet',
    send: (actions, { outgoing, write }) =>
      isPublished(outgoing) ? [send(Buffer.concat([bytesOf(actions), write(following(outgoing).request)]))] : actions,
  },
  {
    name: 'notify-half',
    description: 'half a NOTIFY of a published value, then nothing',
    send: (actions, { outgoing }) =>
      isPublished(outgoing)
        ? [send(bytesOf(actions).subarray(0, bytesOf(actions).length / 2)), { kind: 'mute' }]
        : actions,
  },
  {
    name: 'notify-close',
    description: 'the connection of the subscriber is closed in place of the NOTIFY of a published value',
    send: (actions, { outgoing }) => (isPublished(outgoing) ? [{ kind: 'close' }] : actions),
  },
  {
    name: 'notify-late',
    description: 'the NOTIFY of a published value comes 2 s late (notify-late=MS for another delay)',
    delayMs: 2_000,
    send: (actions, { outgoing, delayMs }) =>
      isPublished(outgoing) ? [{ kind: 'wait', ms: delayMs }, ...actions] : actions,
  },
];

function isPublished({ occasion }: OutgoingRequest): boolean {
  return occasion === 'published';
}

function isFirst(one: object): one is OutgoingRequest {
  return 'occasion' in one && one.occasion === 'subscribed';
}

function forked(one: OutgoingRequest): OutgoingRequest {
  const [from, via] = ['From', 'Via'].map(
    (name) => one.request.fields.find((field) => field.name === name)?.value ?? '',
  );
  const tagged = withField(one, 'From', (from ?? '').replace(/tag=.*/, 'tag=another-notifier'));
  return withField(tagged, 'Via', `${via}-fork`);
}

function inState(one: OutgoingRequest, state: string): OutgoingRequest {
  return withField(
    withBody(one, () => ''),
    'Subscription-State',
    state,
  );
}

function withoutFirstNotify(answer: SipAnswer): SipAnswer {
  const fields = answer.fields.filter(({ name }) => name !== 'ms-piggyback-cseq' && name !== 'Content-Type');
  return { ...answer, fields, body: '' };
}

function older(body: string): string {
  return body
    .replace(/(<note[^>]*>|<body[^>]*>)[^<]+/g, '$1Edge Probes of yesterday')
    .replace(/<availability>\d+/g, '<availability>15500');
}
