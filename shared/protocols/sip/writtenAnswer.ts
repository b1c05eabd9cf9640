import { headerValue, headerValues, type RawMessage } from './rawMessage.js';

/** A response that is written here, without sip.js. */
export interface WrittenAnswer {
  readonly status: number;
  readonly reasonPhrase: string;
  /** Of To, where the request has none; one and the same in all answers that belong to one dialog. */
  readonly toTag?: string | undefined;
  /** Further header fields as lines. */
  readonly headers?: readonly string[] | undefined;
  readonly body?: { readonly contentType: string; readonly content: string } | undefined;
}

/** What a response repeats from its request (RFC 3261 section 8.2.6.2), in the usual spelling. */
const repeated = { via: 'Via', from: 'From', to: 'To', 'call-id': 'Call-ID', cseq: 'CSeq' } as const;

/** A response as it goes over the wire. */
export function writeAnswer(request: RawMessage, answer: WrittenAnswer): string {
  const { status, reasonPhrase, toTag, headers = [], body } = answer;
  const tag = toTag === undefined || /;[ \t]*tag[ \t]*=/i.test(headerValue(request, 'to') ?? '') ? '' : `;tag=${toTag}`;
  const lines = Object.entries(repeated).flatMap(([name, spelled]) =>
    headerValues(request, name).map((value) => `${spelled}: ${value}${name === 'to' ? tag : ''}`),
  );
  const content = [
    ...(body ? [`Content-Type: ${body.contentType}`] : []),
    `Content-Length: ${Buffer.byteLength(body?.content ?? '')}`,
  ];
  const head = [`SIP/2.0 ${status} ${reasonPhrase}`, ...lines, ...headers, ...content].join('\r\n');
  return `${head}\r\n\r\n${body?.content ?? ''}`;
}

/** The SIP transaction of a response: the branch of the topmost Via, and the method (RFC 3261 section 17.1.3). */
export function transactionOf(message: RawMessage): string {
  const branch = /;[ \t]*branch[ \t]*=[ \t]*([^;,\s]+)/i.exec(headerValue(message, 'via') ?? '')?.[1] ?? '';
  const method = /^\d+[ \t]+(\S+)/.exec(headerValue(message, 'cseq') ?? '')?.[1] ?? '';
  return `${branch} ${method}`;
}
