/**
 * A SIP message as it came, headers in their order. Read beside sip.js because that keeps only the last
 * `WWW-Authenticate` of several, knows no scheme but Digest and drops a whole message for one bad header.
 */
export interface RawMessage {
  readonly startLine: string;
  readonly headers: readonly RawHeader[];
  readonly body: string;
}

export interface RawHeader {
  readonly name: string;
  readonly value: string;
}

/** RFC 3261 section 7.3.3 and the registry: one-letter names of headers that are read here. */
const compactForms: Readonly<Record<string, string>> = {
  i: 'call-id',
  m: 'contact',
  e: 'content-encoding',
  l: 'content-length',
  c: 'content-type',
  f: 'from',
  s: 'subject',
  k: 'supported',
  t: 'to',
  v: 'via',
  o: 'event',
  u: 'allow-events',
};

/** Reads one framed message. Never throws: a line without a colon is left out. */
export function readMessage(text: string): RawMessage {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  // RFC 3261 section 7.3.1: a line that begins with white space continues the one before.
  const [startLine = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.flatMap((line): RawHeader[] => {
    const colon = line.indexOf(':');
    if (colon < 1) return [];
    const name = line.slice(0, colon).trim().toLowerCase();
    return [{ name: compactForms[name] ?? name, value: line.slice(colon + 1).trim() }];
  });
  return { startLine, headers, body: end < 0 ? '' : text.slice(end + 4) };
}

/** All values of a header, in order; `name` in lower case, long form. */
export function headerValues(message: RawMessage, name: string): string[] {
  return message.headers.filter((header) => header.name === name).map((header) => header.value);
}

/** The first value of a header. */
export function headerValue(message: RawMessage, name: string): string | undefined {
  return message.headers.find((header) => header.name === name)?.value;
}

/** Status and reason phrase of a response; undefined for a request. */
export function statusOf(message: RawMessage): { readonly status: number; readonly reasonPhrase: string } | undefined {
  const match = /^SIP\/2\.0 (\d{3})(?: (.*))?$/i.exec(message.startLine);
  return match ? { status: Number(match[1]), reasonPhrase: match[2] ?? '' } : undefined;
}

/** RFC 3261 section 8.2.6.2: what every response repeats from its request. sip.js passes over one that does not. */
export function lacksHeaders(raw: RawMessage): boolean {
  return ['via', 'from', 'to', 'call-id', 'cseq'].some((name) => headerValue(raw, name) === undefined);
}

/** Challenges are read from the message as it came; sip.js drops a whole response for one that it does not understand. */
export function withoutChallenges(text: string): string {
  return text.replace(/^(?:www|proxy)-authenticate[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*/gim, '');
}
