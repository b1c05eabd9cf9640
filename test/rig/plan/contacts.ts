/** One binding that a registrar holds (RFC 3261 section 10). */
export interface Contact {
  /** The user part of the address-of-record. */
  readonly user: string;
  readonly address: string;
}

/**
 * Reads what Kamailio's `ul.dump` prints: an `AoR:` line, then an `Address:` line for each of its bindings.
 * Throws when the text is no such dump: nobody registered must never be read out of an error.
 */
export function parseContacts(dump: string): readonly Contact[] {
  if (!/^\s*Domain: location$/m.test(dump)) throw new Error(`no dump of user locations: ${dump.slice(0, 200)}`);
  const contacts: Contact[] = [];
  let user = '';
  for (const line of dump.split('\n')) {
    const [, key, value = ''] = /^\s*(AoR|Address): (.*)$/.exec(line) ?? [];
    if (key === 'AoR') user = value.trim();
    if (key === 'Address') contacts.push({ user, address: value.trim() });
  }
  return contacts;
}
