import type { SipAnswer } from '../../../sip/answer.js';
import { type HeaderField, type SipRequest, sequenceOf, value } from '../../../sip/message.js';
import { splitOutside } from '../../../sip/values.js';
import type { ClientResponse } from '../../service.js';
import type { LyncBinding } from '../lyncBindings.js';
import type { Admitted } from '../poolService.js';
import type { Pool } from '../routing.js';

/** Header fields between one client and the front end alone. */
const hopByHop = [
  'authorization',
  'proxy-authorization',
  'authentication-info',
  'max-forwards',
  'route',
  'ms-keep-alive',
];

/** Of a request, how often it may still be handed on (RFC 3261 section 16.3). */
export function hopsLeft({ fields }: SipRequest): number {
  return Number(value(fields, 'max-forwards') ?? '70');
}

/** The request as it goes to an endpoint (RFC 3261 section 16.6): the sender asserted, the answers and the dialog through here. */
export function forwarded(
  { request, user, source }: Admitted,
  target: LyncBinding,
  branch: string,
  pool: Pool,
): SipRequest {
  const kept = request.fields.filter(({ name }) => !hopByHop.includes(name) && name !== 'p-asserted-identity');
  const vias = kept.filter(({ name }) => name === 'via');
  const seen = vias.map((via, index) =>
    index === 0 ? { ...via, value: `${via.value};received=${source.address}` } : via,
  );
  const route = { name: 'record-route', value: `<sip:${pool.host}:5061;transport=tls;opaque=state:F;lr>` };
  const fields: readonly HeaderField[] = [
    { name: 'via', value: `SIP/2.0/TLS ${pool.host}:5061;branch=${branch}` },
    ...seen,
    ...(request.method === 'INVITE' ? [route] : []),
    { name: 'max-forwards', value: String(hopsLeft(request) - 1) },
    asserted(user, pool),
    ...kept.filter(({ name }) => name !== 'via'),
  ];
  return { ...request, uri: target.contactUri, fields };
}

/** What an endpoint answered, as it goes back to whoever asked: the front end's own Via is taken off. */
export function returned({ status, reasonPhrase, fields, body }: ClientResponse, user: string, pool: Pool): SipAnswer {
  const [first = '', ...others] = fields
    .filter(({ name }) => name === 'via')
    .flatMap((via) => splitOutside(via.value, ','));
  const vias = first === '' ? [] : others.map((text) => ({ name: 'via', value: text }));
  const kept = fields.filter(({ name }) => !hopByHop.includes(name) && name !== 'via' && name !== 'content-length');
  return { status, reasonPhrase, fields: [...vias, ...kept, asserted(user, pool)], body };
}

/** The ACK of a refusal, which goes no further than the hop that was refused (RFC 3261 section 17.1.1.3). */
export function acknowledgement(invite: SipRequest, { fields }: ClientResponse): SipRequest {
  const to = value(fields, 'to') ?? '';
  return { method: 'ACK', uri: invite.uri, fields: sameTransaction(invite, 'ACK', to), body: '' };
}

/** The CANCEL of an INVITE that was handed on (RFC 3261 section 9.1). */
export function cancellation(invite: SipRequest): SipRequest {
  return {
    method: 'CANCEL',
    uri: invite.uri,
    fields: sameTransaction(invite, 'CANCEL', value(invite.fields, 'to') ?? ''),
    body: '',
  };
}

function sameTransaction(invite: SipRequest, method: string, to: string): readonly HeaderField[] {
  const copied = ['via', 'from', 'call-id'].map((name) => ({ name, value: value(invite.fields, name) ?? '' }));
  return [
    ...copied,
    { name: 'to', value: to },
    { name: 'cseq', value: `${sequenceOf(invite)} ${method}` },
    { name: 'max-forwards', value: '70' },
  ];
}

function asserted(user: string, pool: Pool): HeaderField {
  return { name: 'P-Asserted-Identity', value: `"${user}"<sip:${user}@${pool.domain}>` };
}
