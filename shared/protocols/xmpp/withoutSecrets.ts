/** What SASL carries proves a password or could be used to guess it, in whatever form it is written. */
const saslData = /(<(?:[\w.-]+:)?(?:auth|response|challenge|success)\b[^>]*>)(?:[^<]|<!\[CDATA\[)+/g;
/** The words of a refusal are free, and by PLAIN the server was shown the password. */
const refusalWords = /^(\s*<(?:[\w.-]+:)?failure\b.*?<(?:[\w.-]+:)?text\b[^>]*>).*$/s;

/** The text of an element, or the beginning of one, with what authenticates left out. */
export function withoutSecrets(text: string): string {
  return text.replace(saslData, '$1[redacted]').replace(refusalWords, '$1[redacted]');
}
