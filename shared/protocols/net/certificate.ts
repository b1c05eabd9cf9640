import { toIso } from '../../domain/clock.js';
import { printable } from '../../domain/text.js';

const dayMs = 86_400_000;

/** What is told of a certificate, whether it was accepted or not. */
export interface CertificateFacts {
  /** The name it had to bear. */
  readonly host: string;
  readonly subject: string;
  readonly issuer: string;
  /** The names it bears (subjectAltName), as they stand in it. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until it expires; negative afterwards. */
  readonly daysLeft: number;
}

/** The parts of `tls.PeerCertificate` that are read here; `valid_*` are texts like `Nov 20 23:15:00 2026 GMT`. */
export interface PeerCertificateLike {
  readonly subject?: Readonly<Record<string, unknown>>;
  readonly issuer?: Readonly<Record<string, unknown>>;
  readonly subjectaltname?: string | undefined;
  readonly valid_from?: string;
  readonly valid_to?: string;
}

/** Facts of the peer's certificate at the wall-clock time `nowMs`; undefined when the peer showed none. */
export function readCertificate(host: string, peer: PeerCertificateLike, nowMs: number): CertificateFacts | undefined {
  const notBefore = Date.parse(peer.valid_from ?? '');
  const notAfter = Date.parse(peer.valid_to ?? '');
  if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined;
  return {
    host,
    subject: nameOf(peer.subject),
    issuer: nameOf(peer.issuer),
    names: printable(peer.subjectaltname ?? '', 2000)
      .split(', ')
      .filter((name) => name !== '')
      .slice(0, 50),
    notBefore: toIso(notBefore),
    notAfter: toIso(notAfter),
    daysLeft: Math.floor((notAfter - nowMs) / dayMs),
  };
}

function nameOf(name: Readonly<Record<string, unknown>> | undefined): string {
  const [value] = [name?.CN, name?.O].flat().filter((part) => typeof part === 'string' && part !== '');
  return printable(String(value ?? ''), 200);
}
