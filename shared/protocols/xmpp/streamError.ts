import { isElement, type XmlElement } from './element.js';
import { streamNamespace } from './streamReader.js';

const conditionNamespace = 'urn:ietf:params:xml:ns:xmpp-streams';

/** Why the peer ended the stream (RFC 6120 section 4.9). */
export interface StreamError {
  /** `host-unknown`, or as it came where the RFC knows no such condition. */
  readonly condition: string;
  readonly text: string | undefined;
}

/** Reads `<stream:error/>`; undefined for any other element. One without a condition is an `undefined-condition`. */
export function readStreamError(element: XmlElement): StreamError | undefined {
  if (!isElement(element, 'error', streamNamespace)) return undefined;
  const own = element.children.filter((child) => child.namespace === conditionNamespace);
  const condition = own.find((child) => child.name !== 'text')?.name ?? 'undefined-condition';
  return { condition, text: own.find((child) => child.name === 'text')?.text };
}
