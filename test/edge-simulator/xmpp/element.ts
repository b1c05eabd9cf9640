import { escaped } from '../sip/xmlTree.js';

/** An element of a stream with its namespace resolved; its text is joined. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** Those without a prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export const namespaces = {
  stream: 'http://etherx.jabber.org/streams',
  streamErrors: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  client: 'jabber:client',
  server: 'jabber:server',
  component: 'jabber:component:accept',
  dialback: 'jabber:server:dialback',
  dialbackFeature: 'urn:xmpp:features:dialback',
  tls: 'urn:ietf:params:xml:ns:xmpp-tls',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  ping: 'urn:xmpp:ping',
  roster: 'jabber:iq:roster',
} as const;

/** The first child of that name and namespace. */
export function childOf(element: XmlElement, name: string, namespace: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.namespace === namespace);
}

/** An element as text. `content` is written as it is; attributes that are undefined are left out. */
export function written(name: string, attributes: Readonly<Record<string, string | undefined>>, content = ''): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escaped(value)}"`,
  );
  return content === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`;
}
