import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../domain/diagnosis.js';
import { isClientCertificateDemand } from '../net/diagnoseTls.js';
import type { SipAnswer, SipResponse } from './answer.js';
import { headerValues } from './rawMessage.js';
import { violationCodes, violationWords } from './violations.js';

/** Codes for statuses that mean something else to a request than to others. */
export type OwnStatusCodes = Readonly<Record<number, DiagnosisCode>>;

/** The diagnosis of an answer to `request` (`REGISTER`) that is no success; undefined for a 2xx. */
export function diagnoseAnswer(
  request: string,
  peer: string,
  answer: SipAnswer,
  own: OwnStatusCodes = {},
): Diagnosis | undefined {
  switch (answer.kind) {
    case 'response':
      return diagnoseResponse(request, answer, own);
    case 'timeout':
      return diagnoseSilence(request, peer, answer);
    case 'connection-lost':
      return diagnoseLoss(request, peer, answer);
    case 'unparsable':
      return diagnosis('SIP_ANSWER_UNPARSABLE', {
        error: `${peer} answered ${request} with a message that is not correct SIP`,
        serverDiagnosis: answer.excerpt,
      });
    case 'untrusted':
      return answer.diagnosis;
    case 'violation':
      return diagnosis(violationCodes[answer.violation], {
        error: `${peer} answered ${request} with ${violationWords[answer.violation]}`,
        serverDiagnosis: answer.excerpt,
      });
  }
}

/** Status codes with a meaning of their own; the rest goes by its class. */
const statusCodes: Readonly<Record<number, DiagnosisCode>> = {
  403: 'SIP_REQUEST_FORBIDDEN',
  404: 'SIP_USER_NOT_FOUND',
  408: 'SIP_SERVER_TIMEOUT',
  423: 'SIP_INTERVAL_TOO_BRIEF',
  480: 'SIP_USER_UNAVAILABLE',
  503: 'SIP_SERVICE_UNAVAILABLE',
  504: 'SIP_GATEWAY_TIMEOUT',
  604: 'SIP_USER_NOT_FOUND',
};

function diagnoseResponse(request: string, answer: SipResponse, own: OwnStatusCodes): Diagnosis | undefined {
  const { status, reasonPhrase } = answer;
  if (status >= 200 && status < 300) return undefined;
  return diagnosis(own[status] ?? statusCodes[status] ?? codeOfClass(status), {
    error: `server answered ${status} ${reasonPhrase} to ${request}, expected 200`,
    serverDiagnosis: whatItSaid(answer),
  });
}

function codeOfClass(status: number): DiagnosisCode {
  if (status < 400) return 'SIP_REQUEST_REDIRECTED';
  return status >= 500 && status < 600 ? 'SIP_SERVER_ERROR' : 'SIP_REQUEST_REJECTED';
}

/** The header fields in which servers explain themselves. */
const explaining = [
  'ms-diagnostics',
  'ms-diagnostics-public',
  'warning',
  'reason',
  'error-info',
  'retry-after',
  'contact',
];

function whatItSaid(answer: SipResponse): string | undefined {
  const redirected = answer.status >= 300 && answer.status < 400;
  const said = explaining
    .filter((name) => name !== 'contact' || redirected)
    .flatMap((name) => headerValues(answer.message, name).map((value) => `${name}: ${value}`));
  return said.length > 0 ? said.join('; ') : undefined;
}

function diagnoseSilence(request: string, peer: string, answer: Extract<SipAnswer, { kind: 'timeout' }>): Diagnosis {
  if (answer.pendingBytes > 0) {
    return diagnosis('SIP_ANSWER_INCOMPLETE', {
      error: `${peer} sent ${answer.pendingBytes} bytes of an answer to ${request} and did not complete it within ${answer.limitMs} ms`,
    });
  }
  const only = answer.provisional === undefined ? '' : `, only ${answer.provisional}`;
  return diagnosis('SIP_ANSWER_TIMEOUT', {
    error: `no final answer from ${peer} to ${request} within ${answer.limitMs} ms${only}`,
  });
}

function diagnoseLoss(
  request: string,
  peer: string,
  answer: Extract<SipAnswer, { kind: 'connection-lost' }>,
): Diagnosis {
  const { cause, pendingBytes } = answer;
  const code = cause && 'code' in cause ? String(cause.code) : '';
  if (isClientCertificateDemand(code, true)) {
    return diagnosis('TLS_CLIENT_CERTIFICATE_REQUIRED', {
      error: `${peer} broke off after the TLS handshake, before it answered ${request}: it demands a client certificate (${code})`,
    });
  }
  const when =
    pendingBytes > 0 ? `after ${pendingBytes} bytes of its answer to ${request}` : `before it answered ${request}`;
  const why = cause ? ` (${code || cause.message})` : '';
  return diagnosis('SIP_CONNECTION_LOST', { error: `${peer} closed the connection ${when}${why}` });
}
