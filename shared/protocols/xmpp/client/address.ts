import { type Jid, jid } from '@xmpp/client';

/** Longer than any address (RFC 7622 section 3: three parts of 1023 bytes). */
const longestAddress = 3_071;

/** An address in its parts; undefined when it is none. */
export function readAddress(text: string | undefined): Jid | undefined {
  if (text === undefined || text.length > longestAddress) return undefined;
  try {
    return jid(text);
  } catch {
    return undefined;
  }
}

/** `user@domain` of an address with or without a resource; an address that cannot be read stays as it is. */
export function bareAddress(text: string): string {
  return readAddress(text)?.bare().toString() ?? text;
}

/** Do both name the same user, whatever the resource? */
export function isSameBareAddress(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [readAddress(one), readAddress(other)];
  return first !== undefined && second !== undefined && first.bare().equals(second.bare());
}

/** Are they the same address, resource and all? */
export function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [readAddress(one), readAddress(other)];
  return first !== undefined && second !== undefined && first.equals(second);
}
