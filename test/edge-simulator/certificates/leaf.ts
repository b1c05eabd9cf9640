import { isIP } from 'node:net';

/** What is right or wrong with a certificate. */
export const certificateKinds = [
  'good',
  'soon',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'untrusted',
  'self-signed',
] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** One DNS name or IP address of a certificate (RFC 5280 section 4.2.1.6). */
export interface SubjectName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

/** Validity as milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** When a certificate of this kind is valid; an hour more than 5 or 90 days, so that the whole days left are 5 or 90. */
export function validityOf(kind: CertificateKind, nowMs: number): Validity {
  switch (kind) {
    case 'expired':
      return { notBefore: nowMs - 30 * day, notAfter: nowMs - day };
    case 'not-yet-valid':
      return { notBefore: nowMs + day, notAfter: nowMs + 30 * day };
    case 'soon':
      return { notBefore: nowMs - day, notAfter: nowMs + 5 * day + hour };
    default:
      return { notBefore: nowMs - day, notAfter: nowMs + 90 * day + hour };
  }
}

/** The names a certificate of this kind carries: those asked for, or, for `wrong-name`, one that nobody asks for. */
export function subjectNamesOf(kind: CertificateKind, names: readonly string[]): readonly SubjectName[] {
  const carried = kind === 'wrong-name' ? ['wrong-name.invalid'] : names;
  return carried.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }));
}
