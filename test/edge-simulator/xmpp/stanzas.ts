import { escaped } from '../sip/xmlTree.js';
import { childOf, namespaces, written, type XmlElement } from './element.js';

/** A message on its way between a SIP user and an XMPP user, or between two XMPP users. */
export interface ChatMessage {
  /** Addresses of XMPP; undefined where a fault took the sender out. */
  readonly from: string | undefined;
  readonly to: string;
  readonly text: string;
  readonly id: string | undefined;
}

/** `user@domain` and the rest of an address, in lower case but for the resource (RFC 7622). */
export interface Address {
  readonly user: string;
  readonly domain: string;
  readonly bare: string;
  readonly resource: string | undefined;
}

/** Takes an address apart; undefined when it is none. */
export function readAddress(text: string | undefined): Address | undefined {
  const [, user = '', domain = '', resource] =
    /^(?:([^@/\s<>"'&:]{1,255})@)?([a-z0-9.-]{1,255})(?:\/(.{1,255}))?$/is.exec(text ?? '') ?? [];
  if (domain === '') return undefined;
  const named = [user, domain].map((part) => part.toLowerCase());
  return {
    user: named[0] ?? '',
    domain: named[1] ?? '',
    bare: named.filter((part) => part !== '').join('@'),
    resource,
  };
}

/** A chat message as a stanza (RFC 6121 section 5). */
export function writeMessage({ from, to, text, id }: ChatMessage): string {
  return written('message', { from, to, type: 'chat', id }, `<body>${escaped(text)}</body>`);
}

/** What a stanza says to whom; undefined where it has no text or is an error. */
export function readMessage(stanza: XmlElement): ChatMessage | undefined {
  const [type, to, from, id] = ['type', 'to', 'from', 'id'].map((name) => stanza.attributes.get(name));
  const body = childOf(stanza, 'body', stanza.namespace);
  if (body === undefined || type === 'error' || to === undefined) return undefined;
  return { from, to, text: body.text, id };
}

/** Returns a stanza with an error (RFC 6120 section 8.3): `from` is who could not be reached. */
export function writeError(
  kind: string,
  {
    from,
    to,
    id,
  }: { readonly from: string | undefined; readonly to: string | undefined; readonly id: string | undefined },
  condition: string,
): string {
  const error = written('error', { type: 'cancel' }, written(condition, { xmlns: namespaces.stanzaErrors }));
  return written(kind, { from, to, id, type: 'error' }, error);
}
