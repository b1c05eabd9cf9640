import { type Element, xml } from '@xmpp/client';
import { childOf, isElement, type XmlElement } from '../element.js';
import { clientNamespace } from './iq.js';
import { readStanzaError, type StanzaError } from './stanzaError.js';
import type { Arrived } from './stanzaInbox.js';

/** A message that arrived (RFC 6121 section 5). */
export interface XmppMessage {
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
  readonly from: string | undefined;
  readonly id: string | undefined;
  readonly text: string;
}

export interface MessageToSend {
  readonly to: string;
  readonly text: string;
  /** Must be unique: an error comes back with it. */
  readonly id: string;
}

/** Which message is waited for: by the part of its text that no other has, and by who it is from, if that matters. */
export interface WantedMessage {
  readonly token: string;
  /** An address; one without a resource stands for all of its user's. */
  readonly from?: string;
  /** The message of ours whose refusal ends the wait as well. */
  readonly sentId?: string;
}

/** What a message that was waited for turned out to be. */
export type MessageOutcome =
  | { readonly kind: 'message'; readonly message: XmppMessage }
  /** Our own message came back with an error (RFC 6120 section 8.3). */
  | { readonly kind: 'refused'; readonly error: StanzaError };

export function messageStanza({ to, text, id }: MessageToSend, type: 'chat' | 'groupchat'): Element {
  return xml('message', { to, type, id }, xml('body', {}, text));
}

export function isMessage(element: XmlElement): boolean {
  return isElement(element, 'message', clientNamespace);
}

/** The text of a message; empty without one. */
export function bodyOf(element: XmlElement): string {
  return childOf(element, 'body', clientNamespace)?.text ?? '';
}

/** Is it our own message that comes back, or was not taken? */
export function isRefusalOf(element: XmlElement, id: string | undefined): boolean {
  const { attributes } = element;
  return isMessage(element) && attributes.type === 'error' && id !== undefined && attributes.id === id;
}

/** Was it stored and handed on later (XEP-0203), as the history of a room is? */
export function isDelayed(element: XmlElement): boolean {
  return (
    childOf(element, 'delay', 'urn:xmpp:delay') !== undefined || childOf(element, 'x', 'jabber:x:delay') !== undefined
  );
}

export function readMessage({ element, at }: Arrived): XmppMessage {
  return { at, from: element.attributes.from, id: element.attributes.id, text: bodyOf(element) };
}

/** What arrived, a message or the refusal of one. */
export function toOutcome(arrived: Arrived): MessageOutcome {
  const error = readStanzaError(arrived.element);
  return error ? { kind: 'refused', error } : { kind: 'message', message: readMessage(arrived) };
}
