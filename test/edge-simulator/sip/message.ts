/** One header field; names are in lower case and never in compact form. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly fields: readonly HeaderField[];
  readonly body: string;
}

/** What a head turned out to be; a `malformed` one keeps the fields that could be read, so that it can be answered. */
export type Reading =
  | { readonly kind: 'request'; readonly request: SipRequest }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reasonPhrase: string;
      readonly fields: readonly HeaderField[];
      readonly body: string;
    }
  | { readonly kind: 'malformed'; readonly reason: string; readonly fields: readonly HeaderField[] };

const compactForms = new Map([
  ['c', 'content-type'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['o', 'event'],
  ['s', 'subject'],
  ['t', 'to'],
  ['v', 'via'],
]);

const maxFields = 200;
const single = ['from', 'to', 'call-id', 'cseq'] as const;

/** Reads the head of a message (RFC 3261 section 7) and demands what every request must have (section 8.1.1). */
export function readMessage(head: string, body: string): Reading {
  const [startLine = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const read = readFields(lines);
  const [, status, reasonPhrase = ''] = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/.exec(startLine) ?? [];
  if (status !== undefined)
    return { kind: 'response', status: Number(status), reasonPhrase, fields: read.fields, body };
  const malformed = (reason: string): Reading => ({ kind: 'malformed', reason, fields: read.fields });
  const parts = /^([!%'*+\-.\w`~]{1,32}) ([^ ]{1,1024}) (SIP\/\d+\.\d+)$/.exec(startLine);
  const [, method, uri, version] = parts ?? [];
  if (method === undefined || uri === undefined) return malformed('Request-Line cannot be read');
  if (version !== 'SIP/2.0') return malformed('SIP version is not 2.0');
  const reason = read.problem ?? missing(read.fields, method);
  return reason === undefined
    ? { kind: 'request', request: { method, uri, fields: read.fields, body } }
    : malformed(reason);
}

function readFields(lines: readonly string[]): { readonly fields: readonly HeaderField[]; readonly problem?: string } {
  const fields: HeaderField[] = [];
  for (const line of lines) {
    const [, written = '', value = ''] = /^([!%'*+\-.\w`~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (written === '') return { fields, problem: 'a header field cannot be read' };
    if (fields.length === maxFields) return { fields, problem: `more than ${maxFields} header fields` };
    const name = written.toLowerCase();
    fields.push({ name: compactForms.get(name) ?? name, value: value.trim() });
  }
  return { fields };
}

function missing(fields: readonly HeaderField[], method: string): string | undefined {
  if (values(fields, 'via').length === 0) return 'Via is missing';
  for (const name of single) {
    const count = values(fields, name).length;
    if (count !== 1) return `${name} ${count === 0 ? 'is missing' : 'appears more than once'}`;
  }
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(value(fields, 'cseq') ?? '');
  if (cseq === null || Number(cseq[1]) >= 2 ** 31) return 'CSeq cannot be read';
  if (cseq[2] !== method) return 'CSeq names another method';
  if (!/;\s*tag=[^;\s]/i.test(value(fields, 'from') ?? '')) return 'From has no tag';
  if (!/^SIP\/2\.0\/\w+\s+\S/.test(value(fields, 'via') ?? '')) return 'Via cannot be read';
  return undefined;
}

/** Every value of a header field, in order. */
export function values(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

/** The first value of a header field. */
export function value(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** The bytes of a request, with the Content-Length that its body has. */
export function writeRequest({ method, uri, fields, body }: SipRequest): Buffer {
  const bytes = Buffer.from(body);
  const lines = fields.filter(({ name }) => name !== 'content-length').map((field) => `${field.name}: ${field.value}`);
  const head = [`${method} ${uri} SIP/2.0`, ...lines, `content-length: ${bytes.length}`, '\r\n'];
  return Buffer.concat([Buffer.from(head.join('\r\n')), bytes]);
}

/** The sequence number of CSeq; 0 when there is none. */
export function sequenceOf(request: SipRequest): number {
  return Number.parseInt(value(request.fields, 'cseq') ?? '0', 10);
}
