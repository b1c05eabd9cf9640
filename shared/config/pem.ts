import { X509Certificate } from 'node:crypto';

/** What keeps `text` from being a PEM file of certificates; undefined when it has at least one and all can be read. */
export function certificatesProblem(text: string): string | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return 'holds no certificate; expected PEM with at least one';
  const unreadable = blocks.findIndex((block) => !isCertificate(block));
  return unreadable < 0 ? undefined : `certificate ${unreadable + 1} of ${blocks.length} cannot be read; expected PEM`;
}

/** What keeps `text` from being a PEM file of a private key. The key itself is not read. */
export function privateKeyProblem(text: string): string | undefined {
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----'))
    return 'holds a private key that is encrypted; expected one that is not';
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)
    ? undefined
    : 'holds no private key; expected PEM with one';
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
