import { isSameUser } from '../address.js';
import type { Notification } from './notification.js';
import { type PresenceValue, readPidf } from './pidf.js';

/** What a notification is to somebody who waits for one value of one presentity. */
export type Verdict =
  | { readonly kind: 'value' }
  /** No document: as before anything is published. */
  | { readonly kind: 'empty' }
  /** A document about the presentity, with another value: an older one, or another client's. */
  | { readonly kind: 'other-value' }
  | { readonly kind: 'wrong-presentity'; readonly entity: string }
  | { readonly kind: 'foreign-type'; readonly contentType: string }
  | { readonly kind: 'document-type' }
  | { readonly kind: 'unreadable'; readonly what: string }
  | { readonly kind: 'too-large' };

/** Judges one notification: only the very value, in a tuple that is open, about the presentity itself, is proof. */
export function judge(notification: Notification, expected: PresenceValue): Verdict {
  const { body, contentType } = notification;
  if (body === undefined) return { kind: 'too-large' };
  if (body.trim() === '') return { kind: 'empty' };
  if (contentType !== 'application/pidf+xml') return { kind: 'foreign-type', contentType: contentType ?? 'none' };
  const document = readPidf(body);
  if (document.kind !== 'presence') return document;
  if (!isSameUser(document.entity, expected.entity)) return { kind: 'wrong-presentity', entity: document.entity };
  const found = document.tuples.some(({ basic, notes }) => basic === 'open' && notes.includes(expected.note));
  return { kind: found ? 'value' : 'other-value' };
}
