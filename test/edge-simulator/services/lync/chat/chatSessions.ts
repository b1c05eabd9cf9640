import { answerTo, type SipAnswer } from '../../../sip/answer.js';
import { type HeaderField, sequenceOf, value, values } from '../../../sip/message.js';
import { readNameAddress } from '../../../sip/values.js';
import { sequenceStep } from '../../presenceState.js';
import type { Occasion, OutgoingRequest } from '../../service.js';
import { type Admitted, parameterOf } from '../poolService.js';
import type { Pool } from '../routing.js';

/** A session of a user with the chat service: one dialog (RFC 3261 section 12). */
export interface Session {
  readonly user: string;
  readonly flow: number;
  /** The name of the service that was called. */
  readonly service: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From of the INVITE as it was: the client's address in requests to it. */
  readonly client: string;
  readonly contact: string;
  /** Without a refresh it ends then. */
  readonly expiresAtMs: number;
  readonly sequence: number;
}

const sessionSeconds = 1_800;

/** The session that an INVITE begins; undefined where it says nowhere to go. */
export function begun(exchange: Admitted, service: string): Session | undefined {
  const { request, source, user, flow, nowMs } = exchange;
  const from = value(request.fields, 'from') ?? '';
  const contact = readNameAddress(value(request.fields, 'contact') ?? '')?.uri;
  if (contact === undefined) return undefined;
  return {
    user,
    flow,
    service,
    callId: value(request.fields, 'call-id') ?? '',
    // As answerTo makes it.
    localTag: source.token.slice(0, 10),
    remoteTag: parameterOf(from, 'tag'),
    client: from,
    contact,
    expiresAtMs: nowMs + sessionSeconds * 1000,
    sequence: sequenceStep,
  };
}

/** The same, refreshed (RFC 4028 section 9). */
export function refreshed(session: Session, nowMs: number): Session {
  return { ...session, expiresAtMs: nowMs + sessionSeconds * 1000 };
}

/** Does the request belong to the dialog of this session? */
export function isIn({ request, user, flow }: Admitted, session: Session): boolean {
  const [from, to] = ['from', 'to'].map((name) => parameterOf(value(request.fields, name), 'tag'));
  const sameTags = from === session.remoteTag && to === session.localTag;
  const sameCall = value(request.fields, 'call-id') === session.callId;
  return sameCall && sameTags && user === session.user && flow === session.flow;
}

/** Does the request come through the front end, as the route of the session wants it? Its sequence number must rise, too. */
export function flawOf({ request }: Admitted, session: Session, pool: Pool, last: number): string | undefined {
  if (!values(request.fields, 'route').some((route) => route.includes(routeOf(pool, session.service))))
    return 'no route';
  return sequenceOf(request) > last ? undefined : 'CSeq does not rise';
}

/** 200 to INVITE and UPDATE, with the session's timer. */
export function accepted(exchange: Admitted, service: string, pool: Pool): SipAnswer {
  const invited = exchange.request.method === 'INVITE';
  const fields: readonly HeaderField[] = [
    ...(invited ? [{ name: 'Record-Route', value: `<${routeOf(pool, service)}>` }] : []),
    { name: 'Contact', value: `<${addressOf(service, pool)};transport=tls>` },
    { name: 'Supported', value: 'timer' },
    { name: 'Session-Expires', value: `${sessionSeconds};refresher=uac` },
    ...(invited ? [{ name: 'Content-Type', value: 'application/sdp' }] : []),
  ];
  const answer = answerTo(exchange.request, exchange.source, 200, 'OK', fields);
  return invited ? { ...answer, body: description(pool.host) } : answer;
}

/** A request of the service in the session's dialog. */
export function requestIn(
  session: Session,
  pool: Pool,
  method: 'INFO' | 'BYE' | 'UPDATE',
  occasion: Occasion,
  body = '',
): OutgoingRequest {
  const { flow, service, sequence, localTag } = session;
  const fields: readonly HeaderField[] = [
    { name: 'Via', value: `SIP/2.0/TLS ${pool.host}:5061;branch=z9hG4bK-${localTag}-${sequence}` },
    { name: 'Max-Forwards', value: '69' },
    { name: 'To', value: session.client },
    { name: 'From', value: `<${addressOf(service, pool)}>;tag=${localTag}` },
    { name: 'Call-ID', value: session.callId },
    { name: 'CSeq', value: `${sequence} ${method}` },
    { name: 'Contact', value: `<${addressOf(service, pool)};transport=tls>` },
    ...(body === '' ? [] : [{ name: 'Content-Type', value: 'text/plain' }]),
  ];
  return { flow, occasion, request: { method, uri: session.contact, fields, body } };
}

/** `sip:name@domain` */
export function addressOf(service: string, { domain }: Pool): string {
  return `sip:${service}@${domain}`;
}

function routeOf({ host }: Pool, service: string): string {
  return `sip:${host}:5061;transport=tls;opaque=state:T;chat=${service};lr`;
}

function description(host: string): string {
  const lines = ['v=0', `o=- 0 0 IN IP4 ${host}`, 's=session', `c=IN IP4 ${host}`, 't=0 0', 'm=message 5060 sip null'];
  return `${[...lines, 'a=accept-types:text/plain'].join('\r\n')}\r\n`;
}
