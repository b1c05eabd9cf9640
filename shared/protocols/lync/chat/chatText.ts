import { isSameUser } from '../../sip/address.js';
import type { ChatText } from './envelope.js';
import { isSameRoom, type RoomAddress, roomUri } from './roomAddress.js';

/** A message that was posted into a room, and is looked for at another user there. */
export interface PostedText {
  readonly room: RoomAddress;
  /** SIP addresses of who wrote and who is to see it. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The part of `text` that no other message has. */
  readonly token: string;
}

/** What a message that came is to somebody who waits for `posted`. */
export type TextVerdict = 'it' | 'other' | 'altered' | 'other-author' | 'other-room';

/** Line ends and blanks at the ends are not kept by every server; everything else must be as it was sent. */
export function judgeText(posted: PostedText, { room, author, text }: ChatText): TextVerdict {
  if (!text.includes(posted.token)) return 'other';
  if (!isSameRoom(room, roomUri(posted.room))) return 'other-room';
  if (text.trim() !== posted.text) return 'altered';
  return isSameUser(author, posted.from) ? 'it' : 'other-author';
}
