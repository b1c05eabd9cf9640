import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../../sip/answer.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import { msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';

/** What an answer to a request for the push clearing house says about the route to it. */
export type PushReading =
  /** The clearing house has answered; `by` says how that is known. */
  { readonly kind: 'reached'; readonly by: string } | { readonly kind: 'failed'; readonly diagnosis: Diagnosis };

/** The numbers of ms-diagnostics by which servers of the own side say why a request got no further. */
const codes: readonly (readonly [code: DiagnosisCode, ids: readonly number[]])[] = [
  ['PUSH_DOMAIN_NOT_ALLOWED', [1005, 1009, 1015, 1016, 1017, 1028]],
  ['PUSH_DNS_UNRESOLVED', [1008, 1014]],
  ['PUSH_TLS_FAILED', [1010, 1039, 1047]],
  ['PUSH_CONNECTION_FAILED', [1007, 1031, 1038, 1046]],
  ['PUSH_USER_NOT_ALLOWED', [1001, 1002, 1012]],
  ['PUSH_REQUEST_UNSUITABLE', [1027]],
];
const codeOf = new Map(codes.flatMap(([code, ids]) => ids.map((id) => [id, code] as const)));

/** "The previous hop told no reason", said of a hop outside of the own deployment. */
const fromOutside: readonly number[] = [1034, 1035, 1036];
/** Only whoever the request was for answers so: it understood that much of it. */
const fromTheEnd: readonly number[] = [405, 415, 420, 481, 489, 501];
/** Said by the other side of who asks, not of what is asked. */
const unauthenticated: readonly number[] = [401, 403, 407];
/** Said by a server of the own side, as far as anybody can tell. */
const notHere: readonly number[] = [404, 480, ...fromTheEnd];

/**
 * Reads the answer to `request`, which was sent to the push clearing house. What the clearing house makes of it does not
 * matter: that it got it is what is looked for. Ms-diagnostics do not cross federation: who gives one is of the own side.
 */
export function classifyPush(request: string, peer: string, answer: SipAnswer): PushReading {
  const usual = diagnoseLync(request, peer, answer);
  if (!usual) return { kind: 'reached', by: 'an answer of success' };
  if (answer.kind !== 'response') return { kind: 'failed', diagnosis: usual };
  const { status, message } = answer;
  const ids = msDiagnosticsOf(message).map(({ id }) => id);
  const outside = ids.find((id) => fromOutside.includes(id));
  if (outside !== undefined && isAnswerOfTheEnd(status)) {
    return { kind: 'reached', by: `${status} with ms-diagnostics ${outside}` };
  }
  if (ids.length === 0 && (fromTheEnd.includes(status) || status >= 600)) return { kind: 'reached', by: `${status}` };
  const code = codeOfNumbers(ids) ?? (outside === undefined ? codeOfStatus(status) : codeFromOutside(status));
  return { kind: 'failed', diagnosis: code === undefined ? usual : inPlaceOf(usual, code) };
}

/** Of what comes from the other side: neither a refusal to deal with this deployment, nor trouble of a server there. */
function isAnswerOfTheEnd(status: number): boolean {
  return !unauthenticated.includes(status) && (status < 500 || status >= 600);
}

function codeOfNumbers(ids: readonly number[]): DiagnosisCode | undefined {
  // The IM filter gives every decision a number of its own in this range.
  if (ids.some((id) => id >= 16_000 && id <= 16_999)) return 'PUSH_URL_FILTER_REJECTED';
  return ids.map((id) => codeOf.get(id)).find((code) => code !== undefined);
}

function codeFromOutside(status: number): DiagnosisCode | undefined {
  if (unauthenticated.includes(status)) return 'PUSH_AUTHENTICATION_REFUSED';
  return status === 504 ? 'PUSH_SERVER_TIMEOUT' : undefined;
}

/** Where no number says why. */
function codeOfStatus(status: number): DiagnosisCode | undefined {
  if (status === 504 || status === 408) return 'PUSH_SERVER_TIMEOUT';
  return notHere.includes(status) || status >= 600 ? 'PUSH_REQUEST_NOT_ROUTED' : undefined;
}

/** The same with what the answer means for push; what ms-diagnostics mean stays before the causes. */
function inPlaceOf(usual: Diagnosis, code: DiagnosisCode): Diagnosis {
  const found = diagnosis(code, usual);
  const explained = usual.causes.filter((cause) => cause.startsWith('ms-diagnostics '));
  return { ...found, causes: [...explained, ...found.causes] };
}
