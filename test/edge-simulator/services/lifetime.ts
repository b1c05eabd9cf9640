import type { HeaderField } from '../sip/message.js';
import { value } from '../sip/message.js';

const leastSeconds = 30;
const mostSeconds = 3600;
const usualSeconds = 600;

/** The lifetime that a SUBSCRIBE or PUBLISH asks for, as granted; or why it is not. */
export type Lifetime =
  | { readonly kind: 'granted'; readonly seconds: number }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-brief'; readonly fields: readonly HeaderField[] };

/** Reads Expires (RFC 6665 section 3.1.1, RFC 3903 section 4.1); 0 ends. */
export function readLifetime(fields: readonly HeaderField[]): Lifetime {
  const written = value(fields, 'expires') ?? String(usualSeconds);
  if (!/^\d{1,10}$/.test(written)) return { kind: 'malformed' };
  const seconds = Number(written);
  if (seconds > 0 && seconds < leastSeconds) {
    return { kind: 'too-brief', fields: [{ name: 'Min-Expires', value: String(leastSeconds) }] };
  }
  return { kind: 'granted', seconds: Math.min(seconds, mostSeconds) };
}
