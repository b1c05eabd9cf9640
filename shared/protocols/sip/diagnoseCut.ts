import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import type { ConnectionEnd } from './inbox.js';
import { violationCodes, violationWords } from './violations.js';

/** The diagnosis when the connection ended, or could not be followed any further, while `awaited` (`a reply`) was to come; `lost` is its code in the first case. */
export function diagnoseCut(awaited: string, peer: string, end: ConnectionEnd, lost: DiagnosisCode): Diagnosis {
  if (end.kind === 'violation') {
    const error = `${peer} sent ${violationWords[end.violation]} while ${awaited} was awaited`;
    return diagnosis(violationCodes[end.violation], { error, serverDiagnosis: end.excerpt });
  }
  const { cause, pendingBytes } = end;
  const code = cause && 'code' in cause ? String(cause.code) : cause?.message;
  const after = pendingBytes > 0 ? `, after ${pendingBytes} bytes of a message` : '';
  const error = `${peer} closed the connection while ${awaited} was awaited${after}${code ? ` (${code})` : ''}`;
  return diagnosis(lost, { error });
}

/** The diagnosis when the time was over in the middle of a message. */
export function diagnoseHalf(awaited: string, peer: string, pendingBytes: number, limitMs: number): Diagnosis {
  const error = `${peer} sent ${pendingBytes} bytes of a message while ${awaited} was awaited and did not complete it within ${limitMs} ms`;
  return diagnosis('SIP_ANSWER_INCOMPLETE', { error });
}
