import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { Doubt, NoAnswer } from './exchange.js';
import type { ForeignProtocol, LinkEnd } from './link.js';

/** What came in the place of an answer, that which says most first. */
const doubtful: readonly { readonly doubt: Doubt; readonly code: DiagnosisCode; readonly words: string }[] = [
  { doubt: 'integrity', code: 'TURN_INTEGRITY_WRONG', words: 'its message integrity is missing or wrong' },
  { doubt: 'other-address', code: 'TURN_ANSWER_FROM_OTHER_ADDRESS', words: 'it came from another address' },
  { doubt: 'cookie', code: 'TURN_COOKIE_WRONG', words: 'it lacks the magic cookie of STUN' },
  { doubt: 'length', code: 'TURN_LENGTH_WRONG', words: 'its length field is not its length' },
  { doubt: 'attributes', code: 'TURN_ATTRIBUTES_OVERRUN', words: 'an attribute reaches beyond its end' },
  { doubt: 'fingerprint', code: 'TURN_FINGERPRINT_WRONG', words: 'its fingerprint is wrong' },
  { doubt: 'method', code: 'TURN_TRANSACTION_MISMATCH', words: 'it answers another method' },
  { doubt: 'unknown-id', code: 'TURN_TRANSACTION_MISMATCH', words: 'it has the transaction id of no open request' },
  { doubt: 'short', code: 'TURN_NOT_SPOKEN', words: 'it is shorter than any message of STUN' },
  { doubt: 'not-stun', code: 'TURN_NOT_SPOKEN', words: 'it is no message of STUN' },
];

const foreign: Readonly<Record<ForeignProtocol, { readonly code: DiagnosisCode; readonly words: string }>> = {
  tls: { code: 'TURN_TLS_ANSWERED', words: 'in TLS' },
  http: { code: 'TURN_HTTP_ANSWERED', words: 'in HTTP' },
  cookie: { code: 'TURN_COOKIE_WRONG', words: 'without the magic cookie of STUN' },
  unknown: { code: 'TURN_NOT_SPOKEN', words: 'in another protocol' },
};

/** The diagnosis of a request that got no answer it could take. */
export function diagnoseNoAnswer(none: NoAnswer): Diagnosis {
  const { what, peer, waitedMs, sends, isDatagram, doubts, end } = none;
  if (end) return diagnoseEnd(what, peer, end);
  const found = doubtful.find(({ doubt }) => doubts.includes(doubt));
  const often = isDatagram ? `, sent ${times(sends)}` : '';
  if (!found) {
    return diagnosis('TURN_REQUEST_TIMEOUT', { error: `${peer} did not answer ${what}${often} within ${waitedMs} ms` });
  }
  return diagnosis(found.code, { error: `${peer} gave no valid answer to ${what}${often}: ${found.words}` });
}

function diagnoseEnd(what: string, peer: string, end: LinkEnd): Diagnosis {
  switch (end.kind) {
    case 'closed':
      return diagnosis('TURN_CONNECTION_CLOSED', {
        error: `${peer} closed the connection instead of answering ${what}`,
      });
    case 'error':
      return diagnoseSystemError(what, peer, end.code);
    case 'foreign': {
      const { code, words } = foreign[end.protocol];
      // A TLS record is no text that anybody could read.
      const serverDiagnosis = end.protocol === 'tls' ? undefined : end.sample;
      return diagnosis(code, { error: `${peer} answered ${what} ${words}`, serverDiagnosis });
    }
  }
}

function diagnoseSystemError(what: string, peer: string, code: string): Diagnosis {
  if (/^(?:ENETUNREACH|ENETDOWN|EAFNOSUPPORT|EADDRNOTAVAIL|EACCES|EPERM)$/.test(code)) {
    return diagnosis('TURN_NO_ROUTE', { error: `${what} could not be sent to ${peer}: no route from here (${code})` });
  }
  return diagnosis('TURN_CONNECTION_CLOSED', { error: `the connection to ${peer} broke during ${what} (${code})` });
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
