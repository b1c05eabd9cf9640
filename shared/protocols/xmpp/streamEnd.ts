import type { StreamError } from './streamError.js';
import type { StreamViolation } from './streamReader.js';

/** How a stream ended, or why it cannot be followed any further. */
export type StreamEnd =
  /** The connection went; `pendingCharacters` of an element had come. */
  | { readonly kind: 'connection-lost'; readonly cause: Error | undefined; readonly pendingCharacters: number }
  /** The peer closed its stream (RFC 6120 section 4.4). */
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly error: StreamError }
  /** Its stream is of an older protocol than XMPP 1.0 (RFC 6120 section 4.7.5). */
  | { readonly kind: 'version' }
  | { readonly kind: 'violation'; readonly violation: StreamViolation; readonly excerpt: string };

/** What a wait came to. */
export type Arrival<T> =
  | { readonly kind: 'item'; readonly item: T }
  /** Nothing in time; `pendingCharacters` of an element had begun to arrive. */
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly pendingCharacters: number }
  | { readonly kind: 'ended'; readonly end: StreamEnd };
