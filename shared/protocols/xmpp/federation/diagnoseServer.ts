import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../../domain/diagnosis.js';
import { isClientCertificateDemand } from '../../net/diagnoseTls.js';
import { diagnoseStreamEnd } from '../diagnoseStream.js';
import type { StreamError } from '../streamError.js';
import type { Heard } from './serverStream.js';

/** What was expected of the peer when it did something else. */
export type Expected = 'stream header' | 'stream features' | 'answer to STARTTLS';

const silences: Readonly<Record<Expected, DiagnosisCode>> = {
  'stream header': 'XMPP_SERVER_SILENT',
  'stream features': 'XMPP_SERVER_FEATURES_MISSING',
  'answer to STARTTLS': 'XMPP_SERVER_STARTTLS_SILENT',
};

/** The diagnosis where `peer` did `heard` in the place of `expected`; `pending` is the beginning of what it has not ended. */
export function diagnoseUnexpected(peer: string, expected: Expected, heard: Heard, pending: string): Diagnosis {
  switch (heard.kind) {
    case 'silence': {
      const begun = pending === '' ? '' : `; it began "${pending}" and did not end it`;
      const code = pending !== '' && expected === 'stream header' ? 'XMPP_SERVER_STREAM_INVALID' : silences[expected];
      return diagnosis(code, { error: `${peer} sent no ${expected} within ${heard.limitMs} ms${begun}` });
    }
    case 'aborted':
      return diagnosis('PROBER_RUN_ABORTED', {
        error: `the run was ended while ${peer} was asked for its ${expected}`,
      });
    case 'closed':
      return diagnoseClosed(peer, expected, heard.cause);
    case 'end':
      return diagnosis('XMPP_SERVER_CLOSED', { error: `${peer} closed the stream instead of sending its ${expected}` });
    case 'violation':
      return diagnoseStreamEnd(expected, peer, heard);
    case 'header':
    case 'element': {
      const what = heard.kind === 'header' ? 'a second stream header' : `<${heard.element.name}/>`;
      return diagnosis('XMPP_SERVER_STREAM_INVALID', { error: `${peer} sent ${what} instead of its ${expected}` });
    }
  }
}

/** RFC 6120 section 4.9.3: conditions that mean something of their own where servers federate. */
const conditions: Readonly<Record<string, DiagnosisCode>> = {
  'host-unknown': 'XMPP_SERVER_HOST_UNKNOWN',
  'host-gone': 'XMPP_SERVER_HOST_GONE',
  'remote-connection-failed': 'XMPP_SERVER_REMOTE_FAILED',
  'policy-violation': 'XMPP_SERVER_POLICY_VIOLATION',
  'system-shutdown': 'XMPP_SERVER_SHUTDOWN',
};

/** The diagnosis of a stream error, named by its condition. */
export function diagnoseServerError(peer: string, domain: string, expected: Expected, error: StreamError): Diagnosis {
  const code = Object.hasOwn(conditions, error.condition) ? conditions[error.condition] : undefined;
  if (code === undefined) return diagnoseStreamEnd(expected, peer, { kind: 'error', error });
  return diagnosis(code, {
    error: `${peer} ended the stream to ${domain} with the error ${error.condition}`,
    serverDiagnosis: error.text,
  });
}

function diagnoseClosed(peer: string, expected: Expected, cause: Error | undefined): Diagnosis {
  const code = cause && 'code' in cause ? String(cause.code) : '';
  // TLS 1.3 says so only after the client's handshake is over (RFC 8446 section 4.4.2.4).
  if (isClientCertificateDemand(code, true)) {
    const error = `${peer} demands a client certificate: it broke off after the TLS handshake (${code})`;
    return diagnosis('TLS_CLIENT_CERTIFICATE_REQUIRED', { error });
  }
  const why = code === '' ? '' : ` (${code})`;
  return diagnosis('XMPP_SERVER_CLOSED', {
    error: `${peer} closed the connection instead of sending its ${expected}${why}`,
  });
}
