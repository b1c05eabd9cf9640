import { type Element, xml } from '@xmpp/client';
import { childOf, isElement, type XmlElement } from '../element.js';

export const clientNamespace = 'jabber:client';
const pingNamespace = 'urn:xmpp:ping';

/** What is owed to a request (RFC 6120 section 8.2.3): a ping is answered, nothing else is served. Undefined when it is no request. */
export function answerRequest(element: XmlElement): Element | undefined {
  const { type, id, from } = element.attributes;
  if (!isElement(element, 'iq', clientNamespace) || (type !== 'get' && type !== 'set')) return undefined;
  const pinged = type === 'get' && childOf(element, 'ping', pingNamespace) !== undefined;
  if (pinged) return xml('iq', { type: 'result', id, to: from });
  const condition = xml('service-unavailable', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' });
  return xml('iq', { type: 'error', id, to: from }, xml('error', { type: 'cancel' }, condition));
}

/** Asks `to` for a sign of life (XEP-0199); whoever does not know pings says so, which is one too. */
export function pingRequest(id: string, to: string): Element {
  return xml('iq', { type: 'get', id, to }, xml('ping', { xmlns: pingNamespace }));
}

/** Is it the answer to the request with that id? */
export function isAnswer(element: XmlElement, id: string): boolean {
  const { type } = element.attributes;
  return (
    isElement(element, 'iq', clientNamespace) && element.attributes.id === id && (type === 'result' || type === 'error')
  );
}
