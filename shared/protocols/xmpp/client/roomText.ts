import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import { diagnoseRemoval, diagnoseRoomSilence } from './diagnoseRoom.js';
import { diagnoseStanzaError } from './diagnoseStanzaError.js';
import type { RoomMessage, XmppRoom } from './room.js';

/** A text of one occupant, looked for at another. */
export interface RoomText {
  readonly text: string;
  /** The part of `text` that no other has. */
  readonly token: string;
  readonly id: string;
}

/** Writes into the room, and waits until the room gives it back to its author (XEP-0045 section 7.4). Throws a `ProbeError`. */
export async function post(author: XmppRoom, { text, token, id }: RoomText, scope: Scope): Promise<void> {
  author.send({ text, id });
  const outcome = await author.awaitMessage({ token, from: author.occupant, sentId: id }, scope);
  if (outcome.kind === 'message') return;
  throw new ProbeError(
    outcome.kind === 'timeout' || outcome.kind === 'ended'
      ? diagnoseRoomSilence(`the message of ${author.occupant} from the room`, outcome, author)
      : diagnoseRefused(outcome, author, author),
  );
}

/** Waits until what `author` has written reaches `reader`, as it was written. Throws a `ProbeError`. */
export async function hear(reader: XmppRoom, author: XmppRoom, { text, token }: RoomText, scope: Scope): Promise<void> {
  const outcome = await reader.awaitMessage({ token, from: author.occupant }, scope);
  const awaited = `the message of ${author.occupant}`;
  switch (outcome.kind) {
    case 'message': {
      const [got, expected] = [outcome.message.text, text].map((one) => Buffer.byteLength(one));
      if (outcome.message.text === text) return;
      const error = `${awaited} reached ${reader.occupant} altered: ${got} bytes in place of ${expected}`;
      throw new ProbeError(diagnosis('CHAT_TEXT_ALTERED', { error }));
    }
    case 'timeout':
    case 'ended':
      throw new ProbeError(diagnoseMissing(awaited, reader.peer, outcome, 'CHAT_MESSAGE_NOT_DELIVERED'));
    default:
      throw new ProbeError(diagnoseRefused(outcome, author, reader));
  }
}

function diagnoseRefused(
  outcome: Extract<RoomMessage, { readonly kind: 'refused' | 'removed' }>,
  author: XmppRoom,
  concerned: XmppRoom,
): Diagnosis {
  if (outcome.kind === 'removed') return diagnoseRemoval(outcome.removal, concerned);
  const { condition } = outcome.error;
  return diagnoseStanzaError(`the message of ${author.occupant}`, outcome.error, {
    [condition]: 'CHAT_MESSAGE_REFUSED',
  });
}
