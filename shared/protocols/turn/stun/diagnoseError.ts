import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../../domain/diagnosis.js';
import { methodName, methods } from './attributes.js';
import type { StunError } from './values.js';

/** RFC 8489 section 14.8, RFC 8656 section 19. */
const codes: Readonly<Record<number, DiagnosisCode>> = {
  400: 'TURN_REQUEST_MALFORMED',
  401: 'TURN_CREDENTIALS_REJECTED',
  403: 'TURN_ALLOCATION_FORBIDDEN',
  420: 'TURN_ATTRIBUTE_UNKNOWN',
  437: 'TURN_ALLOCATION_MISMATCH',
  438: 'TURN_NONCE_STALE',
  440: 'TURN_ADDRESS_FAMILY_UNSUPPORTED',
  441: 'TURN_CREDENTIALS_MISMATCH',
  442: 'TURN_TRANSPORT_UNSUPPORTED',
  443: 'TURN_PEER_FAMILY_MISMATCH',
  486: 'TURN_QUOTA_REACHED',
  500: 'TURN_SERVER_ERROR',
  508: 'TURN_CAPACITY_INSUFFICIENT',
};

/** MS-TURN section 2.2.2.9: numbers of the drafts before RFC 5766, of which some mean something else by now. */
const msCodes: Readonly<Record<number, DiagnosisCode>> = {
  400: 'TURN_REQUEST_MALFORMED',
  401: 'TURN_CREDENTIALS_REJECTED',
  420: 'TURN_ATTRIBUTE_UNKNOWN',
  430: 'TURN_CREDENTIALS_EXPIRED',
  431: 'TURN_CREDENTIALS_REJECTED',
  436: 'TURN_CREDENTIALS_REJECTED',
  437: 'TURN_ALLOCATION_MISMATCH',
  438: 'TURN_NONCE_STALE',
  500: 'TURN_SERVER_ERROR',
  600: 'TURN_SERVER_ERROR',
};

/** The diagnosis of an error response that ends the matter, in the one dialect or the other. */
export function diagnoseError(
  peer: string,
  method: number,
  { code, reason }: StunError,
  dialect: 'rfc' | 'ms' = 'rfc',
): Diagnosis {
  const forPeers = code === 403 && method === methods.createPermission;
  const known = dialect === 'rfc' ? codes : msCodes;
  return diagnosis(forPeers ? 'TURN_PEER_FORBIDDEN' : (known[code] ?? 'TURN_REQUEST_REJECTED'), {
    error: `${peer} answered ${code} to ${methodName(method)}${code === 438 ? ' with a nonce it had just given' : ''}`,
    serverDiagnosis: reason === '' ? undefined : `${code} ${reason}`,
  });
}
