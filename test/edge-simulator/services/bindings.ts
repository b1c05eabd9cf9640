import type { HeaderField } from '../sip/message.js';
import type { WishedContact } from './registerRequest.js';

/** One Contact of an address-of-record (RFC 3261 section 10), bound to the connection it came over. */
export interface Binding {
  readonly user: string;
  readonly uri: string;
  readonly parameters: string;
  readonly expiresAtMs: number;
  readonly callId: string;
  readonly sequence: number;
  readonly flow: number;
}

/** Where and by which request a change was asked for. */
export interface Change {
  readonly user: string;
  readonly callId: string;
  readonly sequence: number;
  readonly flow: number;
  readonly nowMs: number;
}

/** The bindings that have not expired. */
export function stillBound(bindings: readonly Binding[], nowMs: number): readonly Binding[] {
  return bindings.filter((binding) => binding.expiresAtMs > nowMs);
}

/** RFC 3261 section 10.3 steps 6 and 7: a request older than the binding it wants to change must fail. */
export function isOutOfOrder(bindings: readonly Binding[], change: Change, uris: readonly string[]): boolean {
  return bindings.some(
    (binding) =>
      uris.some((uri) => sameUri(uri, binding.uri)) &&
      binding.user === change.user &&
      binding.callId === change.callId &&
      binding.sequence >= change.sequence,
  );
}

/** The bindings after `contacts` were added, renewed or (with 0 seconds) removed. */
export function changed(
  bindings: readonly Binding[],
  change: Change,
  contacts: readonly WishedContact[],
): readonly Binding[] {
  const { nowMs, ...origin } = change;
  return contacts.reduce<readonly Binding[]>((before, contact) => {
    const others = before.filter((binding) => binding.user !== change.user || !sameUri(binding.uri, contact.uri));
    if (contact.expiresSeconds === 0) return others;
    const { uri, parameters } = contact;
    return [...others, { ...origin, uri, parameters, expiresAtMs: nowMs + contact.expiresSeconds * 1000 }];
  }, bindings);
}

/** The Contact header fields that list a user's bindings with the seconds left (RFC 3261 section 10.3 step 8). */
export function contactFields(bindings: readonly Binding[], user: string, nowMs: number): readonly HeaderField[] {
  return bindings
    .filter((binding) => binding.user === user)
    .map((binding) => ({
      name: 'Contact',
      value: `<${binding.uri}>${binding.parameters};expires=${Math.ceil((binding.expiresAtMs - nowMs) / 1000)}`,
    }));
}

/** RFC 3261 section 19.1.4 as far as it goes without unescaping: scheme and host in any case, the rest exactly. */
function sameUri(one: string, other: string): boolean {
  return withoutCase(one) === withoutCase(other);
}

function withoutCase(uri: string): string {
  const [, scheme = '', user = '', host = '', rest = ''] = /^(sips?:)([^@]*@)?([^;?]*)(.*)$/is.exec(uri) ?? [];
  return `${scheme.toLowerCase()}${user}${host.toLowerCase()}${rest}`;
}
