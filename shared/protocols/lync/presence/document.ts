import { readXml, type XmlElement, type XmlLimits } from '../../sip/xml.js';

/** Why a document was not read, or could not be. */
export type DocumentFlaw =
  | { readonly kind: 'document-type' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly what: string };

export type DocumentReading = { readonly kind: 'element'; readonly root: XmlElement } | DocumentFlaw;

/** Characters of a document that is read at all. */
const longestDocument = 65_536;

/**
 * Reads a document whose root is one of `names`, whatever its namespace and prefix: servers differ in both. `bounds` in place of the
 * usual ones. Never throws.
 */
export function readDocument(
  text: string,
  names: readonly string[],
  { longest = longestDocument, limits }: { readonly longest?: number; readonly limits?: XmlLimits } = {},
): DocumentReading {
  if (text.length > longest) return { kind: 'too-large' };
  const reading = readXml(text, limits);
  if (reading.kind === 'document-type') return reading;
  if (reading.kind === 'malformed')
    return { kind: 'unreadable', what: `XML that is not well-formed (${reading.what})` };
  const { root } = reading;
  if (names.includes(root.name)) return { kind: 'element', root };
  return { kind: 'unreadable', what: `the element ${root.name} in place of ${names.join(' or ')}` };
}

/** The children with a local name. */
export function childrenOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}

/** An attribute that is a number from 0 on; undefined when it is absent or anything else. */
export function numberOf({ attributes }: XmlElement, name: string): number | undefined {
  const text = attributes[name];
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
