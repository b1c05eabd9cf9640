const longest = 1000;

/** Text that a server sent, made fit to store and print: no control or formatting characters (C0, C1, bidi), one line, bounded. */
export function printable(text: string, limit = longest): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  return flat.length > limit ? `${flat.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : flat;
}
