import { answerTo, type SipAnswer } from '../../../sip/answer.js';
import { type HeaderField, type SipRequest, value } from '../../../sip/message.js';
import { sequenceStep } from '../../presenceState.js';
import type { Occasion, OutgoingRequest } from '../../service.js';
import { type Admitted, listed, parameterOf } from '../poolService.js';
import type { Document } from './documents.js';

/** One subscription of an endpoint and its dialog (RFC 6665, MS-PRES 3.3). */
export interface Subscription {
  readonly user: string;
  readonly epid: string;
  readonly flow: number;
  readonly event: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From of the SUBSCRIBE as it was, and To without what followed the address. */
  readonly client: string;
  readonly presentity: string;
  /** Where notifications go. */
  readonly contact: string;
  /** A BENOTIFY is not answered; a NOTIFY is, and comes where the client did not ask for the other. */
  readonly method: 'NOTIFY' | 'BENOTIFY';
  readonly batched: boolean;
  readonly addresses: readonly string[];
  readonly categories: readonly string[];
  /** Undefined: it lives as long as the registration (com.microsoft.autoextend). */
  readonly expiresAtMs: number | undefined;
  /** Of the last notification, whether it came by itself or in the answer. */
  readonly sequence: number;
  /** What was last told of each address. */
  readonly told: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const mostSeconds = 28_800;

/** The seconds that a SUBSCRIBE asks for, as far as they are granted; 0 ends. Undefined when they cannot be read. */
export function secondsOf({ fields }: SipRequest): number | undefined {
  const written = value(fields, 'expires') ?? String(mostSeconds);
  return /^\d{1,10}$/.test(written) ? Math.min(Number(written), mostSeconds) : undefined;
}

/** The dialog that the SUBSCRIBE begins. */
export function begun(exchange: Admitted, event: string, seconds: number): Subscription {
  const { request, source, flow, user, binding, nowMs } = exchange;
  const [from = '', to = ''] = [value(request.fields, 'from'), value(request.fields, 'to')];
  const supported = listed(request.fields, 'supported');
  return {
    user,
    epid: binding.epid,
    flow,
    event,
    callId: value(request.fields, 'call-id') ?? '',
    // As answerTo makes it.
    localTag: source.token.slice(0, 10),
    remoteTag: parameterOf(from, 'tag'),
    client: from,
    presentity: /<[^<>]*>/.exec(to)?.[0] ?? to,
    contact: binding.contactUri,
    method: supported.includes('ms-benotify') ? 'BENOTIFY' : 'NOTIFY',
    batched: listed(request.fields, 'require').includes('adhoclist'),
    addresses: [],
    categories: [],
    expiresAtMs: supported.includes('com.microsoft.autoextend') ? undefined : nowMs + seconds * 1000,
    sequence: 1,
    told: new Map(),
  };
}

/** Does the request belong to the subscription's dialog? */
export function isIn({ request, user }: Admitted, subscription: Subscription): boolean {
  const { callId, localTag, remoteTag } = subscription;
  return (
    subscription.user === user &&
    value(request.fields, 'call-id') === callId &&
    parameterOf(value(request.fields, 'to'), 'tag') === localTag &&
    parameterOf(value(request.fields, 'from'), 'tag') === remoteTag
  );
}

/** The 200 to a SUBSCRIBE, with the first notification in it where the client can read it there. */
export function granted(
  { request, source }: Admitted,
  { event, batched, sequence }: Pick<Subscription, 'event' | 'batched' | 'sequence'>,
  { seconds, host, document }: { readonly seconds: number; readonly host: string; readonly document?: Document },
): SipAnswer {
  const extended = seconds > 0 && listed(request.fields, 'supported').includes('com.microsoft.autoextend');
  const fields: readonly HeaderField[] = [
    { name: 'Contact', value: `<sip:${host}:5061;transport=tls>` },
    { name: 'Event', value: event },
    { name: 'Expires', value: String(seconds) },
    { name: 'subscription-state', value: stateOf(seconds) },
    ...(extended ? [{ name: 'Supported', value: 'com.microsoft.autoextend' }] : []),
    ...(batched ? [{ name: 'Require', value: 'eventlist' }] : []),
    ...(document === undefined
      ? []
      : [
          { name: 'ms-piggyback-cseq', value: String(sequence) },
          { name: 'Content-Type', value: document.type },
        ]),
  ];
  const answer = answerTo(request, source, 200, 'OK', fields);
  return document === undefined ? answer : { ...answer, body: document.body };
}

/** The subscription with the number of its next notification; numbers leave room for what a fault sends in between. */
export function counted(subscription: Subscription): Subscription {
  return { ...subscription, sequence: subscription.sequence + sequenceStep };
}

/** A notification in the subscription's dialog (MS-PRES 3.2.4.1). */
export function notification(
  one: Subscription,
  occasion: Occasion,
  { nowMs, host, document }: { readonly nowMs: number; readonly host: string; readonly document?: Document },
): OutgoingRequest {
  const seconds =
    one.expiresAtMs === undefined ? mostSeconds : Math.max(0, Math.ceil((one.expiresAtMs - nowMs) / 1000));
  const fields: readonly HeaderField[] = [
    { name: 'Via', value: `SIP/2.0/TLS ${host}:5061;branch=z9hG4bK-${one.localTag}-${one.sequence}` },
    { name: 'Max-Forwards', value: '70' },
    { name: 'To', value: one.client },
    { name: 'From', value: `${one.presentity};tag=${one.localTag}` },
    { name: 'Call-ID', value: one.callId },
    { name: 'CSeq', value: `${one.sequence} ${one.method}` },
    { name: 'Contact', value: `<sip:${host}:5061;transport=tls>` },
    ...(one.batched ? [{ name: 'Require', value: 'eventlist' }] : []),
    { name: 'Event', value: one.event },
    { name: 'Subscription-State', value: stateOf(occasion === 'ended' ? 0 : seconds) },
    ...(document === undefined ? [] : [{ name: 'Content-Type', value: document.type }]),
  ];
  const request = { method: one.method, uri: one.contact, fields, body: document?.body ?? '' };
  return { flow: one.flow, request, occasion };
}

function stateOf(seconds: number): string {
  return seconds === 0 ? 'terminated;expires=0' : `active;expires=${seconds}`;
}
