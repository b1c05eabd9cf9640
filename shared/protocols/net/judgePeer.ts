import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import { type PeerCertificateLike, readCertificate } from './certificate.js';
import { diagnoseCertificate } from './diagnoseTls.js';
import type { TlsPolicy } from './trust.js';

/** What a server has shown of itself in a handshake. */
export interface PeerShown {
  /** `TLSv1.2` */
  readonly version: string;
  readonly certificate: PeerCertificateLike;
  /** Why the certificate is not accepted, as OpenSSL or the name check calls it; undefined when it is. */
  readonly refusedFor: string | undefined;
}

/**
 * Tells what the server of `host` has shown, and warns of a certificate that expires soon. Throws a `ProbeError` of layer
 * `tls` when the certificate is not accepted.
 */
export function judgePeer(host: string, shown: PeerShown, policy: TlsPolicy, clock: Clock, scope: Scope): void {
  const seen = readCertificate(host, shown.certificate, clock.now());
  scope.observe({ tlsVersion: shown.version, ...(seen ? { certificates: [seen] } : {}) });
  if (shown.refusedFor !== undefined) throw new ProbeError(diagnoseCertificate(host, shown.refusedFor, seen));
  if (!seen || seen.daysLeft >= policy.warnDays) return;
  const message = `certificate of ${seen.host} expires in ${seen.daysLeft} days, at ${seen.notAfter}`;
  scope.warn({ code: 'TLS_CERTIFICATE_EXPIRES_SOON', message });
}
