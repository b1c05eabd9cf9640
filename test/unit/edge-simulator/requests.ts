import { createHash } from 'node:crypto';
import type { Exchange } from '../../edge-simulator/services/service.js';
import type { SipAnswer } from '../../edge-simulator/sip/answer.js';
import { readMessage } from '../../edge-simulator/sip/message.js';

export interface RegisterParts {
  readonly user?: string;
  readonly from?: string;
  readonly uri?: string;
  readonly callId?: string;
  readonly cseq?: number;
  /** Header lines after the usual ones. */
  readonly lines?: readonly string[];
}

/** The head of a REGISTER request as a client writes it. */
export function registerHead(parts: RegisterParts = {}): string {
  const { user = 'pilar', uri = 'sip:contoso.test', callId = 'call-1', cseq = 1, lines = [] } = parts;
  return [
    `REGISTER ${uri} SIP/2.0`,
    'Via: SIP/2.0/TLS 192.0.2.4:5061;branch=z9hG4bK-1',
    `From: <${parts.from ?? `sip:${user}@contoso.test`}>;tag=a1`,
    `To: <sip:${user}@contoso.test>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    ...lines,
    'Content-Length: 0',
  ].join('\r\n');
}

export interface RequestParts extends RegisterParts {
  readonly method?: string;
  /** The To header field as a whole; by default the Request-URI. */
  readonly to?: string;
}

/** The head of any request as a client writes it; sequence numbers are of no account. */
export function requestHead(parts: RequestParts = {}): string {
  const { method = 'OPTIONS', user = 'pilar', uri = 'sip:contoso.test', lines = [], to = '' } = parts;
  return [
    `${method} ${uri} SIP/2.0`,
    'Via: SIP/2.0/TLS 192.0.2.4:5061;branch=z9hG4bK-1',
    `From: <sip:${user}@contoso.test>;tag=a1`,
    `To: ${to === '' ? `<${uri}>` : to}`,
    'Call-ID: call-1',
    `CSeq: 1 ${method}`,
    ...lines,
  ].join('\r\n');
}

/** A request that can be read, at a time, over a connection. */
export function exchangeOf(
  head: string,
  at: { nowMs?: number; flow?: number; token?: string } = {},
  body = '',
): Exchange {
  const reading = readMessage(head, body);
  if (reading.kind !== 'request') throw new Error(`not a request: ${JSON.stringify(reading)}`);
  const { nowMs = 1_000_000, flow = 1, token = 'token-1-token' } = at;
  return { request: reading.request, flow, nowMs, source: { address: '127.0.0.1', port: 40000, token } };
}

/** All values of a header field of an answer. */
export function fieldsOf(answer: SipAnswer, name: string): readonly string[] {
  return answer.fields.filter((field) => field.name === name).map((field) => field.value);
}

export interface Answering {
  readonly nonce: string;
  readonly password: string;
  readonly user?: string;
  readonly opaque?: string;
  readonly nc?: string;
  readonly uri?: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  readonly method?: string;
}

/** An Authorization line, for REGISTER unless told otherwise, computed here step by step as RFC 7616 section 3.4.1 says. */
export function authorization(answering: Answering): string {
  const { nonce, password, user = 'pilar', opaque = 'op', nc = '00000001', uri = 'sip:contoso.test' } = answering;
  const { algorithm = 'MD5', method = 'REGISTER' } = answering;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const response = hash(
    `${hash(`${user}:contoso.test:${password}`)}:${nonce}:${nc}:c0ffee:auth:${hash(`${method}:${uri}`)}`,
  );
  return `Authorization: Digest username="${user}", realm="contoso.test", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="c0ffee", opaque="${opaque}"`;
}
