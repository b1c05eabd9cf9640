import { escapeXml, readXml, type XmlElement } from '../xml.js';

/** What a run publishes: found again by its note, which no other run has. */
export interface PresenceValue {
  /** `sip:user@domain`: whose presence it is. */
  readonly entity: string;
  /** A letter, then letters and digits. */
  readonly tupleId: string;
  readonly note: string;
}

/** What a presence document says. */
export type PidfReading =
  | { readonly kind: 'presence'; readonly entity: string; readonly tuples: readonly PresenceTuple[] }
  | { readonly kind: 'document-type' }
  | { readonly kind: 'unreadable'; readonly what: string };

/** One tuple (RFC 3863 section 4.1.2); `basic` is `open`, `closed` or missing. */
export interface PresenceTuple {
  readonly basic: string | undefined;
  readonly notes: readonly string[];
}

const pidf = 'urn:ietf:params:xml:ns:pidf';

/** A PIDF document (RFC 3863) of one open tuple. */
export function writePidf({ entity, tupleId, note }: PresenceValue): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<presence xmlns="${pidf}" entity="${escapeXml(entity)}">`,
    `<tuple id="${escapeXml(tupleId)}"><status><basic>open</basic></status><note>${escapeXml(note)}</note></tuple>`,
    '</presence>',
  ].join('\n');
}

/** Reads a PIDF document. Never throws. */
export function readPidf(text: string): PidfReading {
  const reading = readXml(text);
  if (reading.kind === 'document-type') return reading;
  if (reading.kind === 'malformed')
    return { kind: 'unreadable', what: `XML that is not well-formed (${reading.what})` };
  const { root } = reading;
  if (root.namespace !== pidf || root.name !== 'presence') {
    return { kind: 'unreadable', what: `the element ${root.name} in place of presence (${pidf})` };
  }
  const entity = root.attributes.entity;
  if (entity === undefined) return { kind: 'unreadable', what: 'no entity: nobody knows whose presence it is' };
  return { kind: 'presence', entity, tuples: named(root, 'tuple').map(toTuple) };
}

function toTuple(tuple: XmlElement): PresenceTuple {
  const basic = named(tuple, 'status').flatMap((status) => named(status, 'basic'))[0];
  return { basic: basic?.text.trim(), notes: named(tuple, 'note').map((note) => note.text) };
}

function named(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.namespace === pidf && child.name === name);
}
