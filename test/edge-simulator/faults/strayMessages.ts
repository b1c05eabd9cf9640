import type { Exchange } from '../services/service.js';
import { answerTo, writeAnswer } from '../sip/answer.js';
import { value } from '../sip/message.js';
import { readNameAddress } from '../sip/values.js';

/** 100 Trying for the request (RFC 3261 section 8.2.6.1). */
export function trying({ request, source }: Exchange): Buffer {
  return writeAnswer(answerTo(request, source, 100, 'Trying'));
}

/** A well-formed OPTIONS request to the client, such as a registrar sends to see whether it is still there. */
export function optionsRequest(exchange: Exchange): string {
  return requestText('OPTIONS', clientUri(exchange), exchange, 'options');
}

/** A PRACK that belongs to no dialog (RFC 3262). */
export function strayPrack(exchange: Exchange): string {
  return requestText('PRACK', clientUri(exchange), exchange, 'prack', 'RAck: 1 1 INVITE\r\n');
}

/** A request whose Request-URI is a telephone number (RFC 3966). */
export function telRequest(exchange: Exchange): string {
  return requestText('OPTIONS', 'tel:+15555550100', exchange, 'tel');
}

/** A response like the one that is due, but for its CSeq, which is no number. */
export function brokenResponse({ request, source }: Exchange): Buffer {
  const answer = answerTo(request, source, 200, 'OK');
  const fields = answer.fields.map((field) => (field.name === 'CSeq' ? { ...field, value: 'first' } : field));
  return writeAnswer({ ...answer, fields });
}

function clientUri({ request }: Exchange): string {
  return readNameAddress(value(request.fields, 'contact') ?? '')?.uri ?? 'sip:client@127.0.0.1';
}

function requestText(method: string, uri: string, { source }: Exchange, name: string, more = ''): string {
  const mark = `${name}-${source.token}`;
  const from = `<sip:simulator@127.0.0.1>;tag=${mark}`;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK-${mark}`,
    'Max-Forwards: 70',
    `From: ${from}`,
    `To: <${uri}>`,
    `Call-ID: ${mark}@simulator`,
    `CSeq: 1 ${method}`,
    `${more}Content-Length: 0`,
    '\r\n',
  ].join('\r\n');
}
