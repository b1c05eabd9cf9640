import type { Diagnosis } from '../../../domain/diagnosis.js';
import { diagnosis } from '../../../domain/diagnosis.js';
import { isClientCertificateDemand } from '../../net/diagnoseTls.js';
import { diagnoseMissing } from '../diagnoseStream.js';
import type { Arrival } from '../streamEnd.js';

type Missing = Exclude<Arrival<never>, { readonly kind: 'item' }>;

/** The diagnosis when a stream did not come to its features; `answered`: the server had opened its side. */
export function diagnoseOpening(peer: string, missing: Missing, answered: boolean): Diagnosis {
  const end = missing.kind === 'ended' ? missing.end : undefined;
  const cause = end?.kind === 'connection-lost' ? end.cause : undefined;
  const code = cause && 'code' in cause ? String(cause.code) : '';
  if (isClientCertificateDemand(code, true)) {
    const error = `${peer} broke off after the TLS handshake, before it opened a stream: it demands a client certificate (${code})`;
    return diagnosis('TLS_CLIENT_CERTIFICATE_REQUIRED', { error });
  }
  return answered
    ? diagnoseMissing('stream features', peer, missing, 'XMPP_FEATURES_TIMEOUT')
    : diagnoseMissing('stream header', peer, missing, 'XMPP_HEADER_TIMEOUT');
}
