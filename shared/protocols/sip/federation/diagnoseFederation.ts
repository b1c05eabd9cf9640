import { type Diagnosis, diagnosis, fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { alertOf } from '../../net/diagnoseTls.js';
import type { MutualTls } from '../../net/mutualTls.js';
import type { SipAnswer } from '../answer.js';
import { diagnoseAnswer } from '../diagnoseAnswer.js';

/** Requires that the server has asked for a client certificate: nobody could prove to it otherwise which domain it is. Throws a `ProbeError`. */
export function requireAsked({ asked, connection }: MutualTls): void {
  if (asked) return;
  fail('FEDERATION_CERTIFICATE_NOT_REQUESTED', {
    error: `${connection.peer} completed the TLS handshake without asking for a client certificate, expected a CertificateRequest`,
  });
}

/** Requires that the server has not broken off the handshake for the certificate it was shown. Throws a `ProbeError`. */
export function requireAdmitted({ connection, refusal }: MutualTls): void {
  if (refusal !== undefined) throw new ProbeError(refused(connection.peer, refusal));
}

/** Tells what became of a stranger's OPTIONS, sent where the handshake did not refuse it; warns where it was answered well. */
export function observeStranger(answer: SipAnswer, peer: string, scope: Scope): void {
  scope.observe({ withoutCertificate: describe(answer) });
  if (answer.kind !== 'response' || answer.status >= 300) return;
  const message = `${peer} asks for a client certificate and answers OPTIONS without one (${describe(answer)})`;
  scope.warn({ code: 'FEDERATION_CERTIFICATE_OPTIONAL', message });
}

/** Requires an answer to OPTIONS that is no refusal: it proves that SIP is spoken behind the handshake. Throws a `ProbeError`. */
export function requireAnswered(answer: SipAnswer, peer: string, scope: Scope): void {
  if (answer.kind === 'response') scope.observe({ options: describe(answer) });
  const found = diagnoseOptions(answer, peer);
  if (found) throw new ProbeError(found);
}

function diagnoseOptions(answer: SipAnswer, peer: string): Diagnosis | undefined {
  if (answer.kind === 'response' && !isRefusal(answer.status)) return undefined;
  // Where TLS 1.3 or Schannel refuses a certificate the client learns of it behind the handshake.
  if (answer.kind === 'connection-lost' && answer.pendingBytes === 0) return refused(peer, describe(answer));
  return diagnoseAnswer('OPTIONS', peer, answer, {
    403: 'FEDERATION_REQUEST_REFUSED',
    603: 'FEDERATION_REQUEST_REFUSED',
  });
}

/** Does the server, by this status, not serve whoever asks? 501 is about the method alone. */
function isRefusal(status: number): boolean {
  return status === 403 || status === 603 || (status >= 500 && status < 600 && status !== 501);
}

function refused(peer: string, how: string): Diagnosis {
  return diagnosis('FEDERATION_CERTIFICATE_REFUSED', { error: `${peer} refused the client certificate: ${how}` });
}

function describe(answer: SipAnswer): string {
  switch (answer.kind) {
    case 'response':
      return `${answer.status} ${answer.reasonPhrase}`.trim();
    case 'connection-lost': {
      const { cause } = answer;
      const alert = alertOf(cause && 'code' in cause ? String(cause.code) : '');
      return `closed before it answered OPTIONS (${alert === undefined ? 'no alert' : `alert ${alert}`})`;
    }
    case 'timeout':
      return `no answer to OPTIONS within ${answer.limitMs} ms`;
    default:
      return 'no correct answer to OPTIONS';
  }
}
