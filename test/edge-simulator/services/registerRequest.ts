import { type SipRequest, value, values } from '../sip/message.js';
import { readNameAddress, readSipUri, splitOutside } from '../sip/values.js';

/** What a REGISTER asks for (RFC 3261 section 10.2): the list, the removal of everything, or changes. */
export type RegisterWish =
  | { readonly kind: 'fetch' }
  | { readonly kind: 'remove-all' }
  | { readonly kind: 'change'; readonly contacts: readonly WishedContact[] }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface WishedContact {
  readonly uri: string;
  /** Contact parameters to list again, such as `+sip.instance`; without `expires`. */
  readonly parameters: string;
  /** 0 removes. */
  readonly expiresSeconds: number;
}

/** Granted where a client names no time (RFC 3261 section 10.3 step 7). */
export const defaultExpiresSeconds = 600;
const maxContacts = 10;

/** Reads Contact and Expires (RFC 3261 section 10.3 steps 6 and 7). */
export function readRegister(request: SipRequest): RegisterWish {
  const contacts = values(request.fields, 'contact').flatMap((text) => splitOutside(text, ','));
  const written = value(request.fields, 'expires');
  const expires = written === undefined ? defaultExpiresSeconds : readSeconds(written);
  if (contacts.length === 0) return { kind: 'fetch' };
  if (contacts.includes('*')) {
    const alone = contacts.length === 1 && written !== undefined && expires === 0;
    return alone ? { kind: 'remove-all' } : malformed('Contact: * goes only alone and with Expires: 0');
  }
  if (contacts.length > maxContacts) return malformed(`more than ${maxContacts} Contact values`);
  const wished = contacts.map((text) => readContact(text, expires ?? defaultExpiresSeconds));
  const read = wished.filter((contact) => contact !== undefined);
  return read.length === wished.length ? { kind: 'change', contacts: read } : malformed('Contact cannot be read');
}

function readContact(text: string, usual: number): WishedContact | undefined {
  const address = readNameAddress(text);
  if (address === undefined || readSipUri(address.uri) === undefined) return undefined;
  const written = address.parameters.get('expires');
  // RFC 3261 section 20.10: an expires parameter that cannot be read counts as the default.
  const expiresSeconds = written === undefined ? usual : (readSeconds(written) ?? defaultExpiresSeconds);
  const parameters = splitOutside(text.slice(text.lastIndexOf(address.uri) + address.uri.length), ';')
    .slice(1)
    .filter((part) => part !== '' && !/^expires\s*(=|$)/i.test(part));
  return { uri: address.uri, parameters: parameters.map((part) => `;${part}`).join(''), expiresSeconds };
}

function readSeconds(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Math.min(Number(text), 2 ** 32 - 1) : undefined;
}

function malformed(reason: string): RegisterWish {
  return { kind: 'malformed', reason };
}
