import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import { type ConditionCodes, codeOf } from './conditionCodes.js';
import type { Arrival, StreamEnd } from './streamEnd.js';
import type { StreamViolation } from './streamReader.js';

const violationCodes: Readonly<Record<StreamViolation, DiagnosisCode>> = {
  'not-xml': 'XMPP_NOT_SPOKEN',
  'not-a-stream': 'XMPP_NOT_SPOKEN',
  'not-well-formed': 'XMPP_XML_MALFORMED',
  'document-type': 'XMPP_XML_ENTITIES',
  'restricted-xml': 'XMPP_XML_RESTRICTED',
  'not-utf-8': 'XMPP_XML_ENCODING',
  'element-too-large': 'XMPP_XML_TOO_LARGE',
  'element-too-deep': 'XMPP_XML_TOO_DEEP',
};

const violationWords: Readonly<Record<StreamViolation, string>> = {
  'not-xml': 'something that is not XML',
  'not-a-stream': 'XML that is no XMPP stream',
  'not-well-formed': 'XML that is not well-formed',
  'document-type': 'a document type, which may declare entities',
  'restricted-xml': 'a comment or a processing instruction',
  'not-utf-8': 'text that is not UTF-8',
  'element-too-large': 'an element of more than 262144 characters',
  'element-too-deep': 'elements nested more than 64 deep',
};

/** The codes of the conditions of RFC 6120 section 4.9.3. */
const errorCodes: ConditionCodes = {
  'bad-format': 'XMPP_STREAM_FORMAT',
  'bad-namespace-prefix': 'XMPP_STREAM_FORMAT',
  'invalid-namespace': 'XMPP_STREAM_FORMAT',
  'invalid-xml': 'XMPP_STREAM_FORMAT',
  'not-well-formed': 'XMPP_STREAM_FORMAT',
  'restricted-xml': 'XMPP_STREAM_FORMAT',
  'unsupported-encoding': 'XMPP_STREAM_FORMAT',
  conflict: 'XMPP_STREAM_CONFLICT',
  'connection-timeout': 'XMPP_STREAM_IDLE',
  'host-gone': 'XMPP_STREAM_HOST_GONE',
  'host-unknown': 'XMPP_STREAM_HOST_UNKNOWN',
  'improper-addressing': 'XMPP_STREAM_ADDRESSING',
  'invalid-from': 'XMPP_STREAM_ADDRESSING',
  'internal-server-error': 'XMPP_STREAM_SERVER_ERROR',
  'not-authorized': 'XMPP_STREAM_NOT_AUTHORIZED',
  'policy-violation': 'XMPP_STREAM_POLICY',
  'remote-connection-failed': 'XMPP_STREAM_BACKEND_FAILED',
  reset: 'XMPP_STREAM_RESET',
  'resource-constraint': 'XMPP_STREAM_OVERLOADED',
  'see-other-host': 'XMPP_STREAM_OTHER_HOST',
  'system-shutdown': 'XMPP_STREAM_SHUTDOWN',
  'unsupported-feature': 'XMPP_STREAM_UNSUPPORTED',
  'unsupported-stanza-type': 'XMPP_STREAM_UNSUPPORTED',
  'unsupported-version': 'XMPP_STREAM_UNSUPPORTED',
};

/** The diagnosis when nothing came: the time was over, or the stream; `silence` is the code when not a byte came. */
export function diagnoseMissing(
  awaited: string,
  peer: string,
  arrival: Exclude<Arrival<never>, { readonly kind: 'item' }>,
  silence: DiagnosisCode,
): Diagnosis {
  if (arrival.kind === 'ended') return diagnoseStreamEnd(awaited, peer, arrival.end);
  const { limitMs, pendingCharacters } = arrival;
  if (pendingCharacters === 0) {
    return diagnosis(silence, { error: `${peer} sent no ${awaited} within ${limitMs} ms` });
  }
  return diagnosis('XMPP_ELEMENT_INCOMPLETE', {
    error: `${peer} sent ${pendingCharacters} characters of an element while ${awaited} was awaited and did not complete it within ${limitMs} ms`,
  });
}

/** The diagnosis of a stream that ended, or could not be followed any further, while `awaited` (`reply`) was to come. */
export function diagnoseStreamEnd(awaited: string, peer: string, end: StreamEnd): Diagnosis {
  const meanwhile = `while ${awaited} was awaited`;
  switch (end.kind) {
    case 'connection-lost':
      return diagnosis('XMPP_CONNECTION_LOST', { error: lossOf(meanwhile, peer, end) });
    case 'closed':
      return diagnosis('XMPP_STREAM_CLOSED', { error: `${peer} closed the stream ${meanwhile}, without an error` });
    case 'version':
      return diagnosis('XMPP_STREAM_VERSION', {
        error: `${peer} opened a stream without a version, expected 1.0`,
      });
    case 'error':
      return diagnosis(codeOf(errorCodes, end.error.condition) ?? 'XMPP_STREAM_UNDEFINED', {
        error: `${peer} ended the stream with ${end.error.condition} ${meanwhile}`,
        serverDiagnosis: end.error.text,
      });
    case 'violation':
      return diagnosis(violationCodes[end.violation], {
        error: `${peer} sent ${violationWords[end.violation]} ${meanwhile}`,
        serverDiagnosis: end.excerpt,
      });
  }
}

function lossOf(meanwhile: string, peer: string, end: Extract<StreamEnd, { kind: 'connection-lost' }>): string {
  const { cause, pendingCharacters } = end;
  const code = cause && 'code' in cause ? String(cause.code) : cause?.message;
  const after = pendingCharacters > 0 ? `, after ${pendingCharacters} characters of an element` : '';
  return `${peer} closed the connection ${meanwhile}${after}${code ? ` (${code})` : ''}`;
}
