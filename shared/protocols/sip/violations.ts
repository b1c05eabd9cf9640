import type { DiagnosisCode } from '../../domain/diagnosis.js';
import type { FramingViolation } from './framing.js';

/** The diagnosis that each violation of the framing is. */
export const violationCodes: Readonly<Record<FramingViolation, DiagnosisCode>> = {
  'not-sip': 'SIP_NOT_SPOKEN',
  'start-line-invalid': 'SIP_ANSWER_UNPARSABLE',
  'out-of-step': 'SIP_ANSWER_UNPARSABLE',
  'header-too-large': 'SIP_MESSAGE_TOO_LARGE',
  'body-too-large': 'SIP_MESSAGE_TOO_LARGE',
  'content-length-invalid': 'SIP_ANSWER_UNPARSABLE',
};

/** What the peer sent, in words. */
export const violationWords: Readonly<Record<FramingViolation, string>> = {
  'not-sip': 'something that is not SIP',
  'start-line-invalid': 'a status line that is not correct SIP',
  'out-of-step': 'bytes behind a message that begin no other: its Content-Length may be too small',
  'header-too-large': 'a header section that does not end within 64 KiB',
  'body-too-large': 'a body of more than 1 MiB',
  'content-length-invalid': 'a Content-Length that is no number or contradicts itself',
};
