import { childOf, type XmlElement } from '../element.js';

const conditionNamespace = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** Why a stanza was not taken or not delivered (RFC 6120 section 8.3). */
export interface StanzaError {
  /** `recipient-unavailable`, or as it came where the RFC knows no such condition. */
  readonly condition: string;
  /** `cancel`, `wait`, `auth`, `modify` or `continue`. */
  readonly type: string | undefined;
  readonly text: string | undefined;
  /** The server or user that answers. */
  readonly from: string | undefined;
}

/** Reads the error of a stanza of type `error`; undefined for any other stanza. */
export function readStanzaError(stanza: XmlElement): StanzaError | undefined {
  if (stanza.attributes.type !== 'error') return undefined;
  const error = stanza.children.find(({ name, namespace }) => name === 'error' && namespace === stanza.namespace);
  const condition = error?.children.find((child) => child.namespace === conditionNamespace && child.name !== 'text');
  return {
    condition: condition?.name ?? 'undefined-condition',
    type: error?.attributes.type,
    text: childOf(error, 'text', conditionNamespace)?.text,
    from: stanza.attributes.from,
  };
}
