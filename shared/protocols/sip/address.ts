/** `sip:user@host` of a From or To value, without display name, parameters and tag; undefined when there is none. */
export function addressOf(value: string): string | undefined {
  const bracketed = /<([^<>]*)>[^<>]*$/.exec(value)?.[1];
  const uri = bracketed ?? value;
  return /^\s*((?:sips?|pres):[^\s;?<>]+)/i.exec(uri)?.[1];
}

/** Do two addresses name the same user? Scheme aside (`pres:` of RFC 3859 is the same user), and in any case of letters, as directories do. */
export function isSameUser(one: string, other: string): boolean {
  const bare = (address: string) => address.replace(/^(?:sips?|pres):/i, '').toLowerCase();
  return bare(one) === bare(other);
}
