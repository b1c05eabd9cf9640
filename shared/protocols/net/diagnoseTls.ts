import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { CertificateFacts } from './certificate.js';

/** OpenSSL's verification results and Node's own name check, as our codes. The rest is `TLS_CERTIFICATE_INVALID`. */
const certificateCodes: Readonly<Record<string, DiagnosisCode>> = {
  CERT_HAS_EXPIRED: 'TLS_CERTIFICATE_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_CERTIFICATE_NOT_YET_VALID',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_NAME_MISMATCH',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_CERTIFICATE_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_CERTIFICATE_UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_CERTIFICATE_UNTRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_CERTIFICATE_UNTRUSTED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_CERTIFICATE_UNTRUSTED',
  CERT_UNTRUSTED: 'TLS_CERTIFICATE_UNTRUSTED',
};

/** The diagnosis of a certificate that was refused for `reason` (Node's `authorizationError`). */
export function diagnoseCertificate(host: string, reason: string, seen: CertificateFacts | undefined): Diagnosis {
  const code = certificateCodes[reason] ?? 'TLS_CERTIFICATE_INVALID';
  return diagnosis(code, { error: `certificate of ${host} refused: ${sentence(code, reason, seen)}` });
}

function sentence(code: DiagnosisCode, reason: string, seen: CertificateFacts | undefined): string {
  if (!seen) return `the server showed none (${reason})`;
  switch (code) {
    case 'TLS_CERTIFICATE_EXPIRED':
      return seen.daysLeft < 0 ? `expired at ${seen.notAfter}` : 'a certificate of its chain has expired';
    case 'TLS_CERTIFICATE_NOT_YET_VALID':
      return `not valid before ${seen.notBefore}`;
    case 'TLS_NAME_MISMATCH':
      return `it names ${seen.names.join(', ') || seen.subject || 'nobody'}`;
    case 'TLS_CERTIFICATE_UNTRUSTED':
      return `its issuer "${seen.issuer}" is not trusted (${reason})`;
    default:
      return reason;
  }
}

/** How a handshake that did not complete ended. */
export type HandshakeFailure =
  | { readonly kind: 'timeout'; readonly limitMs: number }
  | { readonly kind: 'closed' }
  /** `afterServerHello`: the server had already shown its part, so that what it dislikes is ours. */
  | { readonly kind: 'error'; readonly code: string; readonly reason: string; readonly afterServerHello: boolean };

/** The diagnosis of a handshake with `peer` (`host at address:port`) that did not complete. */
export function diagnoseHandshake(peer: string, failure: HandshakeFailure): Diagnosis {
  switch (failure.kind) {
    case 'timeout':
      return diagnosis('TLS_HANDSHAKE_TIMEOUT', {
        error: `no TLS handshake with ${peer} within ${failure.limitMs} ms`,
      });
    case 'closed':
      return diagnosis('TLS_HANDSHAKE_CLOSED', { error: `${peer} closed the connection during the TLS handshake` });
    case 'error':
      if (disconnected.test(failure.code)) return diagnoseHandshake(peer, { kind: 'closed' });
      return diagnosis(handshakeCode(failure.code, failure.afterServerHello), {
        error: `TLS handshake with ${peer} failed: ${failure.reason} (${failure.code})`,
      });
  }
}

/** The system's codes for a peer that went away. */
export const disconnected = /^(?:ECONNRESET|EPIPE)$/;
const demandsCertificate = /TLSV13_ALERT_CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_NO_CERTIFICATE/;
const notTls =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE/;
const oldVersion = /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE/;

function handshakeCode(code: string, afterServerHello: boolean): DiagnosisCode {
  if (isClientCertificateDemand(code, afterServerHello)) return 'TLS_CLIENT_CERTIFICATE_REQUIRED';
  if (oldVersion.test(code)) return 'TLS_VERSION_UNSUPPORTED';
  if (notTls.test(code)) return 'TLS_NOT_SPOKEN';
  return 'TLS_HANDSHAKE_FAILED';
}

/**
 * Does this error say that the server wants a client certificate? TLS 1.3 has an alert for it (RFC 8446 section 6.2),
 * which arrives after the client's handshake is over; in TLS 1.2 servers send `handshake_failure` once the client has
 * answered their hello without one (RFC 5246 section 7.4.6).
 */
export function isClientCertificateDemand(code: string, afterServerHello: boolean): boolean {
  return demandsCertificate.test(code) || (afterServerHello && code.endsWith('ALERT_HANDSHAKE_FAILURE'));
}

/** The alert of the peer that an error code of OpenSSL stands for, as RFC 8446 section 6 names it; undefined for other errors. */
export function alertOf(code: string): string | undefined {
  // OpenSSL 3.5 writes SSL/TLS where older ones write SSLV3.
  return /_ALERT_([A-Z_]+)$/.exec(code)?.[1]?.toLowerCase();
}
