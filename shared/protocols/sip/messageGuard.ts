import type { Diagnosis } from '../../domain/diagnosis.js';

/** What to do with a message that came in. A refused one must not be believed: it answers whatever waits with its diagnosis. */
export type Inspection =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'refuse'; readonly diagnosis: Diagnosis };

/** Stands between a user agent and the wire: the last to see what goes out, the first to see what comes in. */
export interface MessageGuard {
  /** The message as it is to be sent. */
  outgoing(text: string): string;
  incoming(text: string): Inspection;
}
