import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { XmlElement } from './element.js';
import { withoutSecrets } from './withoutSecrets.js';

/** What a client or a federating server has to do with is far smaller; a peer that sends more is refused, not buffered. */
export const streamLimits = { elementCharacters: 262_144, depth: 64 } as const;

export const streamNamespace = 'http://etherx.jabber.org/streams';

export type StreamItem =
  | { readonly kind: 'header'; readonly header: StreamHeader; readonly source: string }
  /** A complete first-level child: a stanza, the features, an error. `source` is its text as it came. */
  | { readonly kind: 'element'; readonly element: XmlElement; readonly source: string }
  /** The closing tag of the stream; nothing follows. */
  | { readonly kind: 'end' }
  /** The stream cannot be followed any further; nothing follows. */
  | { readonly kind: 'violation'; readonly violation: StreamViolation; readonly excerpt: string };

/** The opening tag of a stream (RFC 6120 section 4.7). */
export interface StreamHeader {
  /** `from`, `id`, `version`, `xml:lang` … */
  readonly attributes: Readonly<Record<string, string>>;
  /** The namespaces it declares, by prefix; the default one has the prefix `''`. */
  readonly namespaces: Readonly<Record<string, string>>;
}

export type StreamViolation =
  /** The first bytes are no XML: the peer speaks something else. */
  | 'not-xml'
  /** XML, but not an XMPP stream. */
  | 'not-a-stream'
  | 'not-well-formed'
  /** A document type, the way to entities that grow or reach out (RFC 6120 section 11.1). */
  | 'document-type'
  /** A comment or a processing instruction (the same section). */
  | 'restricted-xml'
  /** RFC 6120 section 11.6 allows no other encoding. */
  | 'not-utf-8'
  | 'element-too-large'
  | 'element-too-deep';

const excerptCharacters = 120;
/** Long packets are read in pieces, so that what is too large is noticed before it has been built. */
const pieceCharacters = 16_384;

/** Thrown out of the parser's events: it has no other way to be stopped. */
class Violated extends Error {
  override readonly name = 'Violated';
  readonly violation: StreamViolation;

  constructor(violation: StreamViolation) {
    super(violation);
    this.violation = violation;
  }
}

interface Open extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads one XML stream (RFC 6120 section 4) as its bytes arrive, within bounds. Each stream is a document of its own:
 * after STARTTLS and SASL a new reader is needed. Never throws.
 */
export class StreamReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: Open[] = [];
  /** What came since the last item, and where in the stream that begins. */
  #raw = '';
  #rawAt = 0;
  #items: StreamItem[] = [];
  #began = false;
  #over = false;

  constructor() {
    const parser = this.#parser;
    parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
      if (!/^utf-8$/i.test(encoding)) throw new Violated('not-utf-8');
    });
    parser.on('doctype', () => refuse('document-type'));
    parser.on('comment', () => refuse('restricted-xml'));
    parser.on('processinginstruction', () => refuse('restricted-xml'));
    parser.on('error', ({ message }) => refuse(/located doctype/.test(message) ? 'document-type' : 'not-well-formed'));
    parser.on('opentag', (tag) => this.#begin(tag));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', (tag) => this.#close(tag));
  }

  /** Characters of an item that has begun and is not complete; white space between items is none. */
  get pendingCharacters(): number {
    return this.#raw.trimStart().length;
  }

  /** The beginning of that item, as far as it is worth showing, without what authenticates. */
  get pendingText(): string {
    return withoutSecrets(this.#raw.trimStart().slice(0, excerptCharacters));
  }

  /** Everything that `chunk` completes. After the end or a violation nothing more comes. */
  push(chunk: Uint8Array): StreamItem[] {
    this.#items = [];
    if (this.#over) return this.#items;
    try {
      this.#read(this.#decode(chunk));
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      this.#items.push({ kind: 'violation', violation: error.violation, excerpt: this.pendingText });
      this.#finish();
    }
    return this.#items;
  }

  /** Half a character at the end of a chunk waits for the next one. */
  #decode(chunk: Uint8Array): string {
    try {
      return this.#decoder.decode(chunk, { stream: true });
    } catch {
      const text = Buffer.from(chunk).toString('latin1');
      if (!this.#began) this.#raw += text;
      return refuse(this.#raw.trimStart().startsWith('<') || this.#began ? 'not-utf-8' : 'not-xml');
    }
  }

  #read(text: string): void {
    for (let at = 0; at < text.length && !this.#over; at += pieceCharacters) {
      const piece = text.slice(at, at + pieceCharacters);
      this.#raw += piece;
      if (!this.#began) this.#checkBeginning();
      this.#parser.write(piece);
      if (this.#raw.length > streamLimits.elementCharacters) refuse('element-too-large');
    }
  }

  #checkBeginning(): void {
    const beginning = this.#raw.trimStart();
    if (beginning === '') return;
    if (!beginning.startsWith('<')) refuse('not-xml');
    this.#began = true;
  }

  #begin({ uri, local, attributes, ns }: SaxesTagNS): void {
    const kept = Object.values(attributes).filter(
      ({ prefix, name }) => (prefix === '' && name !== 'xmlns') || name === 'xml:lang',
    );
    const plain = Object.fromEntries(kept.map(({ name, value }) => [name, value]));
    const element: Open = { namespace: uri, name: local, attributes: plain, children: [], text: '' };
    this.#open.push(element);
    if (this.#open.length > streamLimits.depth) refuse('element-too-deep');
    if (this.#open.length > 1) return;
    if (local !== 'stream' || uri !== streamNamespace) refuse('not-a-stream');
    this.#items.push({ kind: 'header', header: { attributes: plain, namespaces: { ...ns } }, source: this.#take() });
  }

  #text(text: string): void {
    const current = this.#open.at(-1);
    if (!current) return;
    // White space keeps a stream alive (RFC 6120 section 4.6.1); other text has no place between stanzas.
    if (this.#open.length > 1) current.text += text;
    else if (text.trim() !== '') refuse('not-well-formed');
  }

  #close(tag: SaxesTagNS): void {
    const closed = this.#open.pop();
    if (!closed) return;
    if (this.#open.length > 1) {
      this.#open.at(-1)?.children.push(closed);
      return;
    }
    const source = this.#take().trimStart();
    // saxes 6.0 reports a closing tag of another name only after it has closed the element by it.
    if (!tag.isSelfClosing && !endsWithTag(source, tag.name)) refuse('not-well-formed');
    if (this.#open.length === 1) {
      this.#items.push({ kind: 'element', element: closed, source });
    } else {
      this.#items.push({ kind: 'end' });
      this.#finish();
    }
  }

  /** Cuts off what the parser has read so far. */
  #take(): string {
    const end = this.#parser.position - this.#rawAt;
    const source = this.#raw.slice(0, end);
    if (source.length > streamLimits.elementCharacters) refuse('element-too-large');
    this.#raw = this.#raw.slice(end);
    this.#rawAt += end;
    return source;
  }

  #finish(): void {
    this.#over = true;
    this.#raw = '';
    this.#open.length = 0;
  }
}

function endsWithTag(source: string, name: string): boolean {
  return source.slice(source.lastIndexOf('</') + 2, -1).trimEnd() === name;
}

function refuse(violation: StreamViolation): never {
  throw new Violated(violation);
}
