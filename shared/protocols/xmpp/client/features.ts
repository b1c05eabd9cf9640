import { childOf, type XmlElement } from '../element.js';

export const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';
export const saslNamespace = 'urn:ietf:params:xml:ns:xmpp-sasl';
export const bindNamespace = 'urn:ietf:params:xml:ns:xmpp-bind';
export const sessionNamespace = 'urn:ietf:params:xml:ns:xmpp-session';

/** More mechanisms than any server has; the rest is not looked at. */
const mostMechanisms = 30;

/** What a server offers on a stream (RFC 6120 section 4.3.2). */
export interface StreamFeatures {
  readonly startTls: boolean;
  /** The names of the SASL mechanisms, as they are offered; undefined when SASL is not. */
  readonly mechanisms: readonly string[] | undefined;
  readonly bind: boolean;
  /** RFC 3921 section 3: an older server wants a session opened too. */
  readonly session: boolean;
}

/** Reads `<stream:features/>`. */
export function readFeatures(features: XmlElement): StreamFeatures {
  const sasl = childOf(features, 'mechanisms', saslNamespace);
  const session = childOf(features, 'session', sessionNamespace);
  return {
    startTls: childOf(features, 'starttls', tlsNamespace) !== undefined,
    mechanisms: sasl?.children
      .filter(({ name }) => name === 'mechanism')
      .slice(0, mostMechanisms)
      .map(({ text }) => text.trim().slice(0, 40)),
    bind: childOf(features, 'bind', bindNamespace) !== undefined,
    session: session !== undefined && childOf(session, 'optional', sessionNamespace) === undefined,
  };
}
