/** Letters that nobody sees (RFC 3454 table B.1): they count for nothing. */
const ignored = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** Spaces of other kinds (table C.1.2). */
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;

/** A user name or password in the form in which both sides compute with it (RFC 4013 section 2); what is prohibited is left to the server to refuse. */
export function saslPrep(text: string): string {
  return text.replace(ignored, '').replace(spaces, ' ').normalize('NFKC');
}
