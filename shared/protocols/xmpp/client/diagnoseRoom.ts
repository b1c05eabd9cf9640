import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import { type ConditionCodes, codeOf } from '../conditionCodes.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { diagnoseStanzaError } from './diagnoseStanzaError.js';
import type { Removal, RoomEntry, RoomSilence, XmppRoom } from './room.js';

/** What conditions mean to somebody who wants to enter (XEP-0045 section 7.2). */
const entryCodes: ConditionCodes = {
  conflict: 'XMPP_ROOM_NICKNAME_TAKEN',
  forbidden: 'XMPP_ROOM_BANNED',
  'item-not-found': 'XMPP_ROOM_NOT_FOUND',
  'not-acceptable': 'XMPP_ROOM_NICKNAME_LOCKED',
  'not-allowed': 'XMPP_ROOM_CREATION_REFUSED',
  'not-authorized': 'XMPP_ROOM_PASSWORD',
  'registration-required': 'XMPP_ROOM_MEMBERS_ONLY',
  'remote-server-not-found': 'XMPP_ROOM_SERVICE_MISSING',
  'remote-server-timeout': 'XMPP_ROOM_SERVICE_UNREACHABLE',
  'resource-constraint': 'XMPP_ROOM_FULL',
  'service-unavailable': 'XMPP_ROOM_SERVICE_MISSING',
};

type Room = Pick<XmppRoom, 'occupant' | 'peer'>;

/** Returns for a room that was entered; throws a `ProbeError` otherwise. */
export function requireJoined(entry: RoomEntry, room: Room): { readonly created: boolean } {
  switch (entry.kind) {
    case 'joined':
      return entry;
    case 'missing': {
      const error = `${room.occupant} was let into a room that did not exist, and which is not to be created`;
      throw new ProbeError(diagnosis('XMPP_ROOM_NOT_FOUND', { error }));
    }
    case 'refused': {
      const { condition, type } = entry.error;
      // The condition for a full room (XEP-0045 section 7.2.9) is also that of a service that is not there; the type tells.
      const full = condition === 'service-unavailable' && type === 'wait';
      const code = full ? 'XMPP_ROOM_FULL' : (codeOf(entryCodes, condition) ?? 'XMPP_ROOM_REFUSED');
      throw new ProbeError(diagnoseStanzaError(`entry to ${room.occupant}`, entry.error, { [condition]: code }));
    }
    default:
      throw new ProbeError(diagnoseRoomSilence('answer of the room', entry, room));
  }
}

/** The diagnosis when a room did not answer, or the stream ended. */
export function diagnoseRoomSilence(awaited: string, silence: RoomSilence, { peer }: Pick<Room, 'peer'>): Diagnosis {
  return diagnoseMissing(awaited, peer, silence, 'XMPP_ROOM_SILENT');
}

/** The diagnosis of an occupant that the room has put out. */
export function diagnoseRemoval(removal: Removal, { occupant }: Pick<Room, 'occupant'>): Diagnosis {
  const statuses = removal.statuses.join(', ') || 'no status';
  const error = `${occupant} was removed from the room (${statuses})`;
  return diagnosis('XMPP_ROOM_REMOVED', { error, serverDiagnosis: removal.reason });
}
