import { xml } from '@xmpp/client';
import type { Scope } from '../../../domain/scope.js';
import { childOf, isElement, type XmlElement } from '../element.js';
import type { StreamEnd } from '../streamEnd.js';
import { isSameAddress, isSameBareAddress } from './address.js';
import { clientNamespace, isAnswer } from './iq.js';
import { bodyOf, isDelayed, isMessage, isRefusalOf, type MessageOutcome, messageStanza, toOutcome } from './message.js';
import { readStanzaError, type StanzaError } from './stanzaError.js';
import type { XmppStream } from './xmppStream.js';

const mucNamespace = 'http://jabber.org/protocol/muc';
const userNamespace = `${mucNamespace}#user`;
const ownerNamespace = `${mucNamespace}#owner`;

/** Nothing came: the time was over, or the stream. */
export type RoomSilence =
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly pendingCharacters: number }
  | { readonly kind: 'ended'; readonly end: StreamEnd };

export type RoomEntry =
  /** `created`: the room did not exist and does now, as an instant room (XEP-0045 section 10.1.2). */
  | { readonly kind: 'joined'; readonly created: boolean }
  | { readonly kind: 'refused'; readonly error: StanzaError }
  /** The room did not exist and was not to be created. */
  | { readonly kind: 'missing' }
  | RoomSilence;

/** Why an occupant is no longer in the room. */
export interface Removal {
  /** The status codes of XEP-0045: 301 banned, 307 kicked, 321 and 322 no longer a member, 332 shut down, 333 disconnected; or `destroyed`. */
  readonly statuses: readonly string[];
  readonly reason: string | undefined;
}

export type RoomMessage = MessageOutcome | { readonly kind: 'removed'; readonly removal: Removal } | RoomSilence;

/** One user's place in a room (XEP-0045). Nothing here throws but what the connection's user did wrong. */
export interface XmppRoom {
  readonly address: string;
  /** Our address in the room; others wait for our messages by it. The room may change the nickname on entry. */
  readonly occupant: string;
  /** The server that the client is connected to, for error texts. */
  readonly peer: string;
  /** Enters the room, asking for no history. Creates it where `create` allows that. */
  join(options: { readonly create: boolean }, scope: Scope): Promise<RoomEntry>;
  /** Sends a message to everybody in the room; it comes back to us too. */
  send(message: { readonly text: string; readonly id: string }): void;
  /**
   * Waits for a message that `from`, an occupant's address, has sent now: history, the subject and what others send are
   * passed over. With our own address it is the echo of what we sent; a refusal of `sentId` ends the wait as well. One
   * that came before is found too.
   */
  awaitMessage(wanted: WantedRoomMessage, scope: Scope): Promise<RoomMessage>;
  /** Leaves the room and waits until it says so. Undefined when it did, or when we were not there. */
  leave(scope: Scope): Promise<RoomSilence | undefined>;
}

export interface WantedRoomMessage {
  /** The part of its text that no other has. */
  readonly token: string;
  readonly from: string;
  readonly sentId?: string;
}

/** An occupant, or who wants to become one, on a stream that is signed in. */
export class RoomOccupant implements XmppRoom {
  readonly address: string;
  readonly peer: string;
  readonly #stream: XmppStream;
  readonly #token: (length: number) => string;
  #occupant: string;
  #entered = false;

  constructor(stream: XmppStream, address: string, nickname: string, token: (length: number) => string) {
    this.#stream = stream;
    this.peer = stream.peer;
    this.address = address;
    this.#occupant = `${address}/${nickname}`;
    this.#token = token;
  }

  get occupant(): string {
    return this.#occupant;
  }

  async join({ create }: { readonly create: boolean }, scope: Scope): Promise<RoomEntry> {
    const history = xml('history', { maxstanzas: '0' });
    this.#stream.send(xml('presence', { to: this.#occupant }, xml('x', { xmlns: mucNamespace }, history)));
    this.#entered = true;
    const arrival = await this.#stream.inbox.take((element) => this.#isVerdict(element), scope);
    if (arrival.kind !== 'item') return arrival;
    const { element } = arrival.item;
    const error = readStanzaError(element);
    if (error) {
      this.#entered = false;
      return { kind: 'refused', error };
    }
    this.#occupant = element.attributes.from ?? this.#occupant;
    if (!statusesOf(element).includes('201')) return { kind: 'joined', created: false };
    if (create) return this.#unlock(scope);
    // A room that was only just created vanishes with its only occupant.
    const left = await this.leave(scope);
    return left ?? { kind: 'missing' };
  }

  send({ text, id }: { readonly text: string; readonly id: string }): void {
    this.#stream.send(messageStanza({ to: this.address, text, id }, 'groupchat'));
  }

  async awaitMessage(wanted: WantedRoomMessage, scope: Scope): Promise<RoomMessage> {
    const arrival = await this.#stream.inbox.take(
      (element) => isRefusalOf(element, wanted.sentId) || this.#isSaidBy(element, wanted) || this.#isRemoved(element),
      scope,
    );
    if (arrival.kind !== 'item') return arrival;
    const { element } = arrival.item;
    if (isMessage(element)) return toOutcome(arrival.item);
    this.#entered = false;
    return { kind: 'removed', removal: readRemoval(element) };
  }

  async leave(scope: Scope): Promise<RoomSilence | undefined> {
    if (!this.#entered) return undefined;
    this.#entered = false;
    this.#stream.send(xml('presence', { to: this.#occupant, type: 'unavailable' }));
    const arrival = await this.#stream.inbox.take((element) => this.#isRemoved(element), scope);
    return arrival.kind === 'item' ? undefined : arrival;
  }

  /** XEP-0045 section 10.1.2: the owner takes a new room as it is. */
  async #unlock(scope: Scope): Promise<RoomEntry> {
    const id = this.#token(16);
    const form = xml('x', { xmlns: 'jabber:x:data', type: 'submit' });
    this.#stream.send(xml('iq', { type: 'set', id, to: this.address }, xml('query', { xmlns: ownerNamespace }, form)));
    const arrival = await this.#stream.inbox.take((element) => isAnswer(element, id), scope);
    if (arrival.kind !== 'item') return arrival;
    const error = readStanzaError(arrival.item.element);
    return error ? { kind: 'refused', error } : { kind: 'joined', created: true };
  }

  /** Our own presence comes last and ends the entry; so does an error. */
  #isVerdict(element: XmlElement): boolean {
    const { from, type } = element.attributes;
    if (!isPresence(element) || !isSameBareAddress(from, this.address)) return false;
    return type === 'error' || (type === undefined && this.#isOurs(element));
  }

  #isRemoved(element: XmlElement): boolean {
    const { from, type } = element.attributes;
    return (
      isPresence(element) &&
      type === 'unavailable' &&
      isSameBareAddress(from, this.address) &&
      this.#isOurs(element) &&
      // Under a new nickname one is still there (XEP-0045 section 7.6).
      !statusesOf(element).includes('303')
    );
  }

  /** Older services do not mark our own presence with status 110. */
  #isOurs(element: XmlElement): boolean {
    return statusesOf(element).includes('110') || isSameAddress(element.attributes.from, this.#occupant);
  }

  #isSaidBy(element: XmlElement, { token, from }: WantedRoomMessage): boolean {
    if (!isMessage(element) || element.attributes.type !== 'groupchat' || isDelayed(element)) return false;
    return isSameAddress(element.attributes.from, from) && bodyOf(element).includes(token);
  }
}

/** Does a room tell that we are in it no longer? Worth keeping when nobody waits for it. */
export function isRemoval(element: XmlElement): boolean {
  return isPresence(element) && element.attributes.type === 'unavailable' && statusesOf(element).includes('110');
}

function isPresence(element: XmlElement): boolean {
  return isElement(element, 'presence', clientNamespace);
}

function statusesOf(presence: XmlElement): readonly string[] {
  const statuses = childOf(presence, 'x', userNamespace)?.children.filter(({ name }) => name === 'status') ?? [];
  return statuses.slice(0, 20).map(({ attributes }) => attributes.code ?? '');
}

function readRemoval(presence: XmlElement): Removal {
  const details = childOf(presence, 'x', userNamespace);
  const destroyed = childOf(details, 'destroy', userNamespace);
  const told = destroyed ?? childOf(details, 'item', userNamespace);
  const statuses = statusesOf(presence).filter((status) => status !== '110');
  return {
    statuses: destroyed ? [...statuses, 'destroyed'] : statuses,
    reason: childOf(told, 'reason', userNamespace)?.text,
  };
}
