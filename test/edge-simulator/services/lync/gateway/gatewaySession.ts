import { answerTo, type SipAnswer } from '../../../sip/answer.js';
import { type HeaderField, value } from '../../../sip/message.js';
import { readNameAddress } from '../../../sip/values.js';
import { sequenceStep } from '../../presenceState.js';
import type { OutgoingRequest } from '../../service.js';
import { type Admitted, parameterOf } from '../poolService.js';
import type { Pool } from '../routing.js';

/** A session of a user with the gateway, which stands for one user of the XMPP domain: one dialog (RFC 3261 section 12). */
export interface GatewaySession {
  readonly user: string;
  readonly flow: number;
  /** `user@domain` of the XMPP user. */
  readonly partner: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From of the INVITE: the client's address in requests to it. */
  readonly client: string;
  /** To of the INVITE: the gateway's own address in them. */
  readonly called: string;
  readonly contact: string;
  /** The number of its next request. */
  readonly sequence: number;
  /** The gateway has ended it, and waits for nothing but a BYE that may be on its way. */
  readonly ended: boolean;
}

/** The session that an INVITE begins; undefined where it says nowhere to go. */
export function begun({ request, source, user, flow }: Admitted, partner: string): GatewaySession | undefined {
  const [from = '', to = '', contact = '', callId = ''] = ['from', 'to', 'contact', 'call-id'].map((name) =>
    value(request.fields, name),
  );
  const target = readNameAddress(contact)?.uri;
  if (target === undefined) return undefined;
  return {
    user,
    flow,
    partner,
    callId,
    // As answerTo makes it.
    localTag: source.token.slice(0, 10),
    remoteTag: parameterOf(from, 'tag'),
    client: from,
    called: to,
    contact: target,
    sequence: sequenceStep,
    ended: false,
  };
}

/** Does the request belong to the dialog of this session? */
export function isIn({ request: { fields }, user, flow }: Admitted, session: GatewaySession): boolean {
  const [from, to] = ['from', 'to'].map((name) => parameterOf(value(fields, name), 'tag'));
  const sameTags = from === session.remoteTag && to === session.localTag;
  return sameTags && value(fields, 'call-id') === session.callId && user === session.user && flow === session.flow;
}

/** 200 to INVITE: the gateway takes the session itself, and whatever comes of it later. */
export function accepted({ request, source }: Admitted, partner: string, pool: Pool): SipAnswer {
  const fields: readonly HeaderField[] = [
    { name: 'Record-Route', value: `<${routeOf(pool)}>` },
    { name: 'Contact', value: `<${contactOf(partner)}>` },
    { name: 'Content-Type', value: 'application/sdp' },
  ];
  const answer = answerTo(request, source, 200, 'OK', fields);
  const lines = ['v=0', `o=- 0 0 IN IP4 ${pool.host}`, 's=session', `c=IN IP4 ${pool.host}`, 't=0 0'];
  const medium = [`m=message 5060 sip sip:${partner}`, 'a=accept-types:text/plain'];
  return { ...answer, body: `${[...lines, ...medium].join('\r\n')}\r\n` };
}

/** A request of the gateway in a session. */
export function requestIn(
  session: GatewaySession,
  pool: Pool,
  method: 'MESSAGE' | 'BYE',
  { body = '', fields: more = [] }: { readonly body?: string; readonly fields?: readonly HeaderField[] } = {},
): OutgoingRequest {
  const { flow, sequence, localTag, partner } = session;
  const fields: readonly HeaderField[] = [
    { name: 'Via', value: `SIP/2.0/TLS ${pool.host}:5061;branch=z9hG4bK-${localTag}-${sequence}` },
    { name: 'Max-Forwards', value: '69' },
    { name: 'To', value: session.client },
    { name: 'From', value: `${session.called};tag=${localTag}` },
    { name: 'Call-ID', value: session.callId },
    { name: 'CSeq', value: `${sequence} ${method}` },
    { name: 'Contact', value: `<${contactOf(partner)}>` },
    ...more,
    ...(body === '' ? [] : [{ name: 'Content-Type', value: 'text/plain; charset=UTF-8' }]),
  ];
  return { flow, occasion: 'crossed', request: { method, uri: session.contact, fields, body } };
}

/** Where the client's further requests go through. */
export function routeOf({ host }: Pool): string {
  return `sip:${host}:5061;transport=tls;opaque=state:T;gateway=xmpp;lr`;
}

function contactOf(partner: string): string {
  return `sip:${partner};opaque=app:xmppgateway;gruu`;
}
