import { answerTo, type SipAnswer } from '../sip/answer.js';
import { type HeaderField, type SipRequest, value } from '../sip/message.js';
import { readNameAddress, readSipUri } from '../sip/values.js';
import { readLifetime } from './lifetime.js';
import {
  counted,
  type Due,
  documentOf,
  notified,
  type PresenceState,
  type Publication,
  type Watcher,
} from './presenceState.js';
import type { Exchange } from './service.js';

/** What a presence agent makes of one request. */
export interface Handled {
  readonly state: PresenceState;
  readonly answer: SipAnswer;
  readonly due: readonly Due[];
}

/** Which users there are, and the domain they belong to. */
export interface Presentities {
  readonly domain: string;
  readonly known: (user: string) => boolean;
}

export const pidfType = 'application/pidf+xml';
const most = 100;

/** Answers one SUBSCRIBE (RFC 6665 section 4.2.1, RFC 3856): a new subscription, its renewal or its end. */
export function subscribe(state: PresenceState, exchange: Exchange, presentities: Presentities): Handled {
  const { request, nowMs } = exchange;
  const refuse = refusing(state, exchange);
  if (eventOf(request) !== 'presence') return refuse(489, 'Bad Event', [{ name: 'Allow-Events', value: 'presence' }]);
  const lifetime = readLifetime(request.fields);
  if (lifetime.kind === 'malformed') return refuse(400, 'Expires cannot be read');
  if (lifetime.kind === 'too-brief') return refuse(423, 'Interval Too Brief', lifetime.fields);
  const accept = value(request.fields, 'accept');
  if (accept !== undefined && !/application\/(?:pidf\+xml|\*)|\*\/\*/i.test(accept)) {
    return refuse(406, 'Not Acceptable', [{ name: 'Accept', value: pidfType }]);
  }
  const expiresAtMs = nowMs + lifetime.seconds * 1000;
  if (tagOf(request, 'to') !== undefined) return renew(state, exchange, lifetime.seconds, expiresAtMs, presentities);
  const begun = begin(exchange, expiresAtMs, presentities);
  if (typeof begun === 'string') return refuse(begun === 'Not Found' ? 404 : 400, begun);
  if (state.watchers.length >= most) return refuse(503, 'too many subscriptions');
  const answer = granted(exchange, lifetime.seconds, presentities);
  // Expires: 0 outside of a dialog asks for one NOTIFY alone (RFC 6665 section 4.4.3).
  if (lifetime.seconds === 0)
    return { state, answer, due: [{ watcher: begun, occasion: 'ended', endReason: 'timeout' }] };
  const watchers = [...state.watchers, begun];
  return { state: { ...state, watchers }, answer, due: [{ watcher: begun, occasion: 'subscribed' }] };
}

/** Answers one PUBLISH of `user` (RFC 3903 section 6). */
export function publish(state: PresenceState, exchange: Exchange, user: string, { domain }: Presentities): Handled {
  const { request, source, nowMs } = exchange;
  const refuse = refusing(state, exchange);
  const target = readSipUri(request.uri);
  if (target?.user !== user || target.host !== domain) return refuse(403, 'Request-URI is another user');
  if (eventOf(request) !== 'presence') return refuse(489, 'Bad Event', [{ name: 'Allow-Events', value: 'presence' }]);
  const lifetime = readLifetime(request.fields);
  if (lifetime.kind === 'malformed') return refuse(400, 'Expires cannot be read');
  if (lifetime.kind === 'too-brief') return refuse(423, 'Interval Too Brief', lifetime.fields);
  const matched = value(request.fields, 'sip-if-match');
  const before = state.publications.find((one) => one.user === user && one.entityTag === matched);
  if (matched !== undefined && before === undefined) return refuse(412, 'Conditional Request Failed');
  if (before === undefined && request.body === '') return refuse(400, 'nothing is published');
  if (request.body !== '' && !value(request.fields, 'content-type')?.toLowerCase().startsWith(pidfType)) {
    return refuse(415, 'Unsupported Media Type', [{ name: 'Accept', value: pidfType }]);
  }
  const others = state.publications.filter((one) => one !== before);
  if (others.length >= most) return refuse(503, 'too many publications');
  const entityTag = source.token.slice(0, 16);
  const published: Publication = {
    user,
    entityTag,
    body: request.body === '' ? (before?.body ?? '') : request.body,
    expiresAtMs: nowMs + lifetime.seconds * 1000,
  };
  const publications = lifetime.seconds === 0 ? others : [...others, published];
  const fields = [
    { name: 'SIP-ETag', value: entityTag },
    { name: 'Expires', value: String(lifetime.seconds) },
  ];
  const changed = notified(
    { ...state, publications },
    new Set([user]),
    lifetime.seconds === 0 ? 'unpublished' : 'published',
  );
  return { ...changed, answer: answerTo(request, source, 200, 'OK', fields) };
}

/** The NOTIFY that is due (RFC 6665 section 4.2.2). */
export function notifyOf({ watcher, endReason }: Due, state: PresenceState, nowMs: number, domain: string): SipRequest {
  const left = Math.max(Math.ceil((watcher.expiresAtMs - nowMs) / 1000), 0);
  const body = endReason === undefined ? documentOf(state.publications, watcher.user) : '';
  const fields = [
    { name: 'Via', value: `SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK-${watcher.localTag}-${watcher.sequence}` },
    { name: 'Max-Forwards', value: '70' },
    { name: 'From', value: `<${watcher.presentity}>;tag=${watcher.localTag}` },
    { name: 'To', value: `<${watcher.client}>;tag=${watcher.remoteTag}` },
    { name: 'Call-ID', value: watcher.callId },
    { name: 'CSeq', value: `${watcher.sequence} NOTIFY` },
    { name: 'Contact', value: contactOf(domain) },
    { name: 'Event', value: 'presence' },
    {
      name: 'Subscription-State',
      value: endReason === undefined ? `active;expires=${left}` : `terminated;reason=${endReason}`,
    },
    ...(body === '' ? [] : [{ name: 'Content-Type', value: pidfType }]),
  ];
  return { method: 'NOTIFY', uri: watcher.contact, fields, body };
}

function begin(exchange: Exchange, expiresAtMs: number, { domain, known }: Presentities): Watcher | string {
  const { request, source, flow } = exchange;
  const target = readSipUri(request.uri);
  if (target?.host !== domain || !known(target.user)) return 'Not Found';
  const contact = readNameAddress(value(request.fields, 'contact') ?? '')?.uri;
  const client = readNameAddress(value(request.fields, 'from') ?? '')?.uri;
  const presentity = readNameAddress(value(request.fields, 'to') ?? '')?.uri;
  if (contact === undefined || client === undefined || presentity === undefined)
    return 'Contact, From or To cannot be read';
  return counted({
    callId: value(request.fields, 'call-id') ?? '',
    // The tag that `answerTo` gives the answer.
    localTag: source.token.slice(0, 10),
    remoteTag: tagOf(request, 'from') ?? '',
    client,
    presentity,
    user: target.user,
    contact,
    flow,
    expiresAtMs,
    sequence: 0,
  });
}

function renew(
  state: PresenceState,
  exchange: Exchange,
  seconds: number,
  expiresAtMs: number,
  presentities: Presentities,
): Handled {
  const { request, flow } = exchange;
  const [callId, to, from] = [value(request.fields, 'call-id'), tagOf(request, 'to'), tagOf(request, 'from')];
  const before = state.watchers.find(
    (watcher) => watcher.callId === callId && watcher.localTag === to && watcher.remoteTag === from,
  );
  if (before === undefined) return refusing(state, exchange)(481, 'Subscription does not exist');
  const watcher = counted({ ...before, expiresAtMs, flow });
  const others = state.watchers.filter((one) => one !== before);
  const answer = granted(exchange, seconds, presentities);
  if (seconds === 0) {
    return {
      state: { ...state, watchers: others },
      answer,
      due: [{ watcher, occasion: 'ended', endReason: 'timeout' }],
    };
  }
  return { state: { ...state, watchers: [...others, watcher] }, answer, due: [{ watcher, occasion: 'refreshed' }] };
}

function granted({ request, source }: Exchange, seconds: number, { domain }: Presentities): SipAnswer {
  return answerTo(request, source, 200, 'OK', [
    { name: 'Contact', value: contactOf(domain) },
    { name: 'Expires', value: String(seconds) },
  ]);
}

function refusing(state: PresenceState, { request, source }: Exchange) {
  return (status: number, reason: string, fields: readonly HeaderField[] = []): Handled => ({
    state,
    answer: answerTo(request, source, status, reason, fields),
    due: [],
  });
}

function contactOf(domain: string): string {
  return `<sip:presence@${domain};transport=tls>`;
}

function eventOf(request: SipRequest): string | undefined {
  return value(request.fields, 'event')?.split(';', 1)[0]?.trim().toLowerCase();
}

function tagOf(request: SipRequest, name: 'from' | 'to'): string | undefined {
  return readNameAddress(value(request.fields, name) ?? '')?.parameters.get('tag');
}
