import { SaxesParser, type SaxesTagNS } from 'saxes';
import { namespaces, type XmlElement } from './element.js';

/** What came over a stream; after `end` and `broken` nothing follows. */
export type StreamItem =
  | { readonly kind: 'header'; readonly header: StreamHeader }
  /** A complete first-level child. */
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'end' }
  /** `condition` is the stream error that answers it (RFC 6120 section 4.9.3). */
  | { readonly kind: 'broken'; readonly condition: string };

/** The opening tag (RFC 6120 section 4.7). */
export interface StreamHeader {
  /** The default namespace: what kind of stream it is. */
  readonly content: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const mostCharacters = 65_536;
const mostDepth = 20;

interface Open extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Stops the parser out of its events; the message is the condition. */
class Refused extends Error {}

/** Reads one stream as its bytes arrive, within bounds. A restarted stream needs a new reader. Never throws. */
export class StreamReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: Open[] = [];
  #items: StreamItem[] = [];
  /** Characters that came, and how many of them made up the items so far. */
  #came = 0;
  #used = 0;
  #over = false;

  constructor() {
    const parser = this.#parser;
    for (const forbidden of ['doctype', 'comment', 'processinginstruction'] as const) {
      parser.on(forbidden, () => refuse('restricted-xml'));
    }
    parser.on('error', () => refuse('not-well-formed'));
    parser.on('opentag', (tag) => this.#begin(tag));
    for (const data of ['text', 'cdata'] as const) parser.on(data, (text) => this.#text(text));
    parser.on('closetag', () => this.#close());
  }

  push(bytes: Uint8Array): readonly StreamItem[] {
    this.#items = [];
    if (this.#over) return [];
    try {
      const text = this.#decoder.decode(bytes, { stream: true });
      this.#came += text.length;
      this.#parser.write(text);
      if (this.#came - this.#used > mostCharacters) refuse('policy-violation');
    } catch (cause) {
      this.#over = true;
      this.#items.push({ kind: 'broken', condition: cause instanceof Refused ? cause.message : 'not-well-formed' });
    }
    return this.#items;
  }

  #begin({ uri, local, attributes, ns }: SaxesTagNS): void {
    const plain = Object.values(attributes).filter(({ prefix, name }) => prefix === '' && name !== 'xmlns');
    const kept = new Map(plain.map(({ name, value }) => [name, value]));
    this.#open.push({ namespace: uri, name: local, attributes: kept, children: [], text: '' });
    if (this.#open.length > mostDepth) refuse('policy-violation');
    if (this.#open.length > 1) return;
    if (local !== 'stream' || uri !== namespaces.stream) refuse('invalid-namespace');
    this.#emit({ kind: 'header', header: { content: ns[''] ?? '', attributes: kept } });
  }

  #text(text: string): void {
    const current = this.#open.at(-1);
    if (current !== undefined && this.#open.length > 1) current.text += text;
    else if (text.trim() !== '') refuse('bad-format');
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    if (this.#open.length > 1) this.#open.at(-1)?.children.push(closed);
    else if (this.#open.length === 1) this.#emit({ kind: 'element', element: closed });
    else {
      this.#over = true;
      this.#emit({ kind: 'end' });
    }
  }

  #emit(item: StreamItem): void {
    this.#items.push(item);
    this.#used = this.#parser.position;
  }
}

function refuse(condition: string): never {
  throw new Refused(condition);
}
