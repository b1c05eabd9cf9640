import { answerTo } from '../../../sip/answer.js';
import { value } from '../../../sip/message.js';
import type { Outgoing } from '../../service.js';
import { type Admitted, listed, parameterOf, refusing } from '../poolService.js';
import { destinationOf, type Pool } from '../routing.js';
import { readBatch, readProvisioning } from './batchRequest.js';
import { contactsDocument, type Document, provisioningDocument, selfDocument } from './documents.js';
import { type PresenceDesk, selfEvent } from './presenceDesk.js';
import { afterTelling, sightDocument, sightOf } from './presenceView.js';
import { begun, counted, granted, isIn, notification, type Subscription, secondsOf } from './subscription.js';

/** What a subscription begins with, and how it goes on. */
interface First {
  readonly subscription: Subscription;
  readonly document: Document | undefined;
}

type Refusal = readonly [status: number, reasonPhrase: string, diagnostics: string];
const unreadable: Refusal = [400, 'Bad Request', '4001;reason="XML does not parse"'];

export interface SubscribeParts {
  readonly desk: PresenceDesk;
  readonly pool: Pool;
  readonly groups: ReadonlyMap<string, string>;
}

/** Answers a SUBSCRIBE: a new subscription, its renewal or its end (RFC 6665 section 4.2.1, MS-PRES 3.2.5). */
export function subscribe(exchange: Admitted, parts: SubscribeParts): readonly Outgoing[] {
  const { request, source, flow } = exchange;
  const { desk, pool } = parts;
  const refuse = ([status, reason, diagnostics]: Refusal): readonly Outgoing[] => [
    { flow, answer: refusing(exchange, status, reason, `${diagnostics};source="${pool.host}"`) },
  ];
  const seconds = secondsOf(request);
  if (seconds === undefined) return refuse([400, 'Bad Request', '1018;reason="Parsing failure"']);
  const running = desk.subscriptions.find((one) => isIn(exchange, one));
  if (running !== undefined) return renew(exchange, running, seconds, parts);
  if (parameterOf(value(request.fields, 'to'), 'tag') !== '') {
    return refuse([481, 'Call Leg/Transaction Does Not Exist', '2014;reason="Subscription does not exist"']);
  }
  const event = (value(request.fields, 'event') ?? '').split(';')[0]?.trim() ?? '';
  const first = firstOf(exchange, begun(exchange, event, seconds), parts);
  if (first === undefined) return [{ flow, answer: answerTo(request, source, 489, 'Bad Event') }];
  if (!('subscription' in first)) return refuse(first);
  if (seconds > 0 && !desk.add(first.subscription))
    return refuse([503, 'Service Unavailable', '2012;reason="Too many subscriptions"']);
  return told(exchange, first, seconds, pool.host);
}

/** The answer with the first notification in it, or beside it where the client cannot read it there. */
function told(
  exchange: Admitted,
  { subscription, document }: First,
  seconds: number,
  host: string,
): readonly Outgoing[] {
  const { flow, nowMs, request } = exchange;
  const piggyback = listed(request.fields, 'supported').includes('ms-piggyback-first-notify');
  const content = document === undefined ? {} : { document };
  const answer = granted(exchange, subscription, { seconds, host, ...(piggyback ? content : {}) });
  if (piggyback) return [{ flow, answer }];
  const occasion = seconds === 0 ? 'ended' : 'subscribed';
  return [{ flow, answer }, notification(subscription, occasion, { nowMs, host, ...content })];
}

function renew(
  exchange: Admitted,
  running: Subscription,
  seconds: number,
  { desk, pool }: SubscribeParts,
): readonly Outgoing[] {
  const { flow, nowMs, request } = exchange;
  const { host } = pool;
  if (seconds === 0) {
    desk.remove((one) => one === running);
    return [{ flow, answer: granted(exchange, running, { seconds, host }) }];
  }
  const expiresAtMs = running.expiresAtMs === undefined ? undefined : nowMs + seconds * 1000;
  const batch = request.body === '' ? running : readBatch(request.body);
  if (batch === undefined)
    return [
      { flow, answer: refusing(exchange, 400, 'Bad Request', `4001;reason="XML does not parse";source="${host}"`) },
    ];
  const { addresses, categories } = batch;
  const renewed = { ...counted(running), expiresAtMs, addresses, categories };
  const sight = sightOf(renewed, desk.publications, pool);
  const document = request.body === '' ? undefined : sightDocument(renewed, sight);
  if (document === undefined) {
    desk.replace(running, { ...running, expiresAtMs });
    return [{ flow, answer: granted(exchange, running, { seconds, host }) }];
  }
  const subscription = afterTelling(renewed, sight);
  desk.replace(running, subscription);
  return told(exchange, { subscription, document }, seconds, host);
}

/** What the event package is about; undefined for one that there is not. */
function firstOf(exchange: Admitted, subscription: Subscription, parts: SubscribeParts): First | Refusal | undefined {
  const { user, destination, request } = exchange;
  const { desk, pool, groups } = parts;
  if (subscription.event === 'presence') return firstSight(exchange, subscription, parts);
  const address = `${user}@${pool.domain}`;
  const own = destination.kind === 'user' && destination.user === user;
  const forbidden: Refusal = [403, 'Forbidden', '2004;reason="Subscriber is not authorized"'];
  switch (subscription.event) {
    case 'vnd-microsoft-roaming-contacts': {
      const others = pool.users.filter((other) => other !== user).map((other) => `${other}@${pool.domain}`);
      return own ? { subscription, document: contactsDocument(others) } : forbidden;
    }
    case selfEvent: {
      const all = desk.publications.all.filter((one) => one.user === user);
      return own ? { subscription, document: selfDocument(`sip:${address}`, all, [], true) } : forbidden;
    }
    case 'vnd-microsoft-provisioning-v2': {
      const asked = readProvisioning(request.body);
      if (asked === undefined) return unreadable;
      return own ? { subscription, document: provisioningDocument(groups, asked) } : forbidden;
    }
    default:
      return undefined;
  }
}

/** Batched, a subscription goes to oneself and names whom it is for; single, it goes to whom it is for. */
function firstSight(
  { request, user, destination }: Admitted,
  begun: Subscription,
  { desk, pool }: SubscribeParts,
): First | Refusal {
  const batch = readBatch(request.body);
  if (batch === undefined) return unreadable;
  const [address] = batch.addresses;
  const target = destinationOf(address ?? '', pool);
  const toSelf = destination.kind === 'user' && destination.user === user;
  const toTarget = destination.kind === 'user' && target.kind === 'user' && target.user === destination.user;
  if (begun.batched ? !toSelf : !toTarget || batch.addresses.length > 1) {
    return [400, 'Bad Request', '1018;reason="Request-URI does not fit the list"'];
  }
  const { addresses, categories } = batch;
  const subscription = { ...begun, addresses, categories };
  const sight = sightOf(subscription, desk.publications, pool);
  return { subscription: afterTelling(subscription, sight), document: sightDocument(subscription, sight) };
}
