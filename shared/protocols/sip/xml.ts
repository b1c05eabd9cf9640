import { SaxesParser } from 'saxes';

/** An element with namespaces resolved; its text is joined, comments and processing instructions are gone. */
export interface XmlElement {
  /** Namespace name; empty for none. */
  readonly namespace: string;
  readonly name: string;
  /** Attributes without a prefix, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, not that of its children. */
  readonly text: string;
}

/** What a text turned out to be. */
export type XmlReading =
  | { readonly kind: 'element'; readonly root: XmlElement }
  /** It declares a document type: the way to entities that grow or reach out. Nothing behind it is read. */
  | { readonly kind: 'document-type' }
  | { readonly kind: 'malformed'; readonly what: string };

export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  /** Of one element. */
  readonly attributes: number;
}

/** Documents of a peer nest no deeper and hold no more, or they are refused. */
export const xmlLimits: XmlLimits = { depth: 32, elements: 2_000, attributes: 50 };

/** Thrown out of the parser's events: it has no other way to be stopped. */
class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly reading: XmlReading;

  constructor(reading: XmlReading) {
    super(reading.kind);
    this.reading = reading;
  }
}

interface Open extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads a whole document (XML 1.0 with namespaces): elements, text and the five entities that need no declaration.
 * The length is the caller's to bound. Never throws.
 */
export function readXml(text: string, limits: XmlLimits = xmlLimits): XmlReading {
  const tree = new Tree(limits);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('doctype', () => stop({ kind: 'document-type' }));
  // The parser says where, but not to whom: its messages may repeat what the peer wrote.
  parser.on('error', (error) => malformed(error.message));
  parser.on('opentag', ({ uri, local, attributes }) => {
    const plain = Object.values(attributes).filter(({ prefix, local: name }) => prefix === '' && name !== 'xmlns');
    tree.open(uri, local, Object.fromEntries(plain.map((attribute) => [attribute.local, attribute.value])));
  });
  parser.on('attribute', () => tree.attribute());
  parser.on('text', (part) => tree.text(part));
  parser.on('cdata', (part) => tree.text(part));
  parser.on('closetag', () => tree.close());
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Stopped) return error.reading;
    throw error;
  }
  return tree.root ? { kind: 'element', root: tree.root } : { kind: 'malformed', what: 'no element' };
}

/** Text as it stands in an element or an attribute. */
export function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character);
}

/** Builds the elements, within the limits. */
class Tree {
  readonly #limits: XmlLimits;
  readonly #open: Open[] = [];
  #elements = 0;
  #attributes = 0;
  root: XmlElement | undefined;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  attribute(): void {
    this.#attributes += 1;
    if (this.#attributes > this.#limits.attributes) malformed('too many attributes');
  }

  open(namespace: string, name: string, attributes: Readonly<Record<string, string>>): void {
    this.#attributes = 0;
    this.#elements += 1;
    const { depth, elements } = this.#limits;
    if (this.#open.length >= depth || this.#elements > elements) malformed('too many elements');
    const element: Open = { namespace, name, attributes, children: [], text: '' };
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  text(part: string): void {
    const current = this.#open.at(-1);
    if (current) current.text += part;
  }

  close(): void {
    const closed = this.#open.pop();
    if (this.#open.length === 0) this.root = closed;
  }
}

function malformed(what: string): never {
  return stop({ kind: 'malformed', what });
}

function stop(reading: XmlReading): never {
  throw new Stopped(reading);
}
