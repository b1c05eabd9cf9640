import { type HeaderField, type SipRequest, value, values } from './message.js';

/** A final or provisional response before it is written; names of fields as they appear on the wire. */
export interface SipAnswer {
  readonly status: number;
  readonly reasonPhrase: string;
  readonly fields: readonly HeaderField[];
  readonly body?: string;
  /** The Edge gave it by itself; it holds no key to sign with. */
  readonly unsigned?: true;
}

/** Who sent a request, and a random text from which tags and nonces are made. */
export interface Source {
  readonly address: string;
  readonly port: number;
  readonly token: string;
}

const mirrored = [
  ['from', 'From'],
  ['to', 'To'],
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
] as const;

const serverName = 'Edge-Probes-Simulator';

/** A response to `request` with what RFC 3261 section 8.2.6.2 copies from it, followed by `fields`. */
export function answerTo(
  request: Pick<SipRequest, 'fields'>,
  source: Source,
  status: number,
  reasonPhrase: string,
  fields: readonly HeaderField[] = [],
): SipAnswer {
  const vias = values(request.fields, 'via').map((via, index) => ({
    name: 'Via',
    value: index === 0 ? withReceived(via, source) : via,
  }));
  const copied = mirrored.flatMap(([name, written]) => {
    const found = value(request.fields, name);
    if (found === undefined) return [];
    return [{ name: written, value: name === 'to' && status > 100 ? withTag(found, source.token) : found }];
  });
  const server = { name: 'Server', value: serverName };
  return { status, reasonPhrase, fields: [...vias, ...copied, ...fields, server] };
}

/** The bytes of a response, with the Content-Length that its body has. */
export function writeAnswer(answer: SipAnswer): Buffer {
  const body = Buffer.from(answer.body ?? '');
  const lines = answer.fields.map((field) => `${field.name}: ${field.value}`);
  const head = [`SIP/2.0 ${answer.status} ${answer.reasonPhrase}`, ...lines, `Content-Length: ${body.length}`, '\r\n'];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
}

/** RFC 3261 section 18.2.1 and RFC 3581 section 4: the top Via tells the client where it was seen. */
function withReceived(via: string, source: Source): string {
  const sentBy = /^SIP\/2\.0\/\w+\s+(\[[^\]]*\]|[^:;\s]+)/i.exec(via)?.[1];
  const asksPort = /;\s*rport(?=\s*(;|$))/i;
  if (asksPort.test(via)) return `${via.replace(asksPort, `;rport=${source.port}`)};received=${source.address}`;
  return sentBy === source.address ? via : `${via};received=${source.address}`;
}

function withTag(to: string, token: string): string {
  return /;\s*tag=/i.test(to.replace(/<[^>]*>/, '')) ? to : `${to};tag=${token.slice(0, 10)}`;
}
