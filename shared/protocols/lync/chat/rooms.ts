import type { XmlElement } from '../../sip/xml.js';
import { childrenOf, numberOf } from '../presence/document.js';
import type { Reply } from './envelope.js';
import { isSameRoom, type RoomAddress, readRoomAddress, roomUri } from './roomAddress.js';

/** Which room a search came to. */
export type RoomChoice =
  | { readonly kind: 'room'; readonly room: RoomAddress }
  | { readonly kind: 'none'; readonly others: readonly string[] }
  | { readonly kind: 'several'; readonly uris: readonly string[] };

/** The room of exactly that name among those that a search found; servers look for a part of the name. */
export function chooseRoom({ data }: Reply, name: string): RoomChoice {
  const found = childrenOf(data ?? nothing, 'chanib').map(({ attributes }) => attributes);
  const wanted = found.filter((room) => isSameName(room.name ?? '', name));
  const rooms = wanted.map(({ uri = '' }) => readRoomAddress(uri)).filter((room) => room !== undefined);
  const [room] = rooms;
  if (room === undefined) return { kind: 'none', others: found.map((other) => other.name ?? '').slice(0, 5) };
  const uris = [...new Set(rooms.map(roomUri))];
  return uris.length > 1 ? { kind: 'several', uris } : { kind: 'room', room };
}

/** What the reply to joining tells of a room. */
export interface JoinedRoom {
  readonly name: string;
  /** How many are in it now, the own user among them. */
  readonly present: number;
}

/** The room that was joined; undefined where the reply does not have it. */
export function readJoined({ data }: Reply, room: RoomAddress): JoinedRoom | undefined {
  const [joined] = childrenOf(data ?? nothing, 'chanib').filter(({ attributes }) =>
    isSameRoom(attributes.uri ?? '', roomUri(room)),
  );
  if (joined === undefined) return undefined;
  return { name: joined.attributes.name ?? '', present: childrenOf(data ?? nothing, 'uib').length };
}

/** The server that the reply to `requri` names; undefined where it names none. */
export function readServer({ data }: Reply): string | undefined {
  const [user] = childrenOf(data ?? nothing, 'uib');
  const uri = user?.attributes.uri ?? '';
  return /^sip:[^\s<>"@]{1,128}@[a-z0-9.-]{1,255}$/i.test(uri) ? uri : undefined;
}

/** What the server tells about itself; undefined where it tells nothing. */
export interface ServerInfo {
  /** Characters of a message; undefined where it does not say. */
  readonly longestMessage: number | undefined;
}

/** The reply to `getserverinfo`. */
export function readServerInfo({ data }: Reply): ServerInfo | undefined {
  const [info] = childrenOf(data ?? nothing, 'sib');
  return info && { longestMessage: numberOf(info, 'messageSizeLimit') };
}

const nothing: XmlElement = { namespace: '', name: 'data', attributes: {}, children: [], text: '' };

function isSameName(one: string, other: string): boolean {
  const plain = (name: string) => name.trim().normalize('NFC').toLowerCase();
  return plain(one) === plain(other);
}

/** Texts of the past that a reply to `bccontext` brings; whatever stands there is no news. */
export function historyOf({ data }: Reply): readonly string[] {
  return childrenOf(data ?? nothing, 'chanib')
    .flatMap((room) => childrenOf(room, 'msg'))
    .flatMap((message) => childrenOf(message, 'chat').map(({ text }) => text));
}
