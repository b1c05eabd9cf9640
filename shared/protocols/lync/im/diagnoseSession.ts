import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../../sip/answer.js';
import type { OwnStatusCodes } from '../../sip/diagnoseAnswer.js';
import { headerValues, type RawMessage } from '../../sip/rawMessage.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import { formatMsDiagnostics, msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';
import type { SessionDialog } from '../session/dialog.js';

/** The two users of a session. */
export interface Parties {
  /** SIP address of who invites. */
  readonly from: string;
  readonly to: string;
  /** Where the inviting side is connected to, for error texts. */
  readonly peer: string;
}

/** What statuses mean to an INVITE for messages, where ms-diagnostics does not say it better. */
const inviteCodes: OwnStatusCodes = {
  403: 'IM_INVITATION_FORBIDDEN',
  415: 'IM_INVITATION_NOT_ACCEPTABLE',
  480: 'IM_INVITEE_UNAVAILABLE',
  486: 'IM_INVITATION_DECLINED',
  488: 'IM_INVITATION_NOT_ACCEPTABLE',
  600: 'IM_INVITATION_DECLINED',
  603: 'IM_INVITATION_DECLINED',
  606: 'IM_INVITATION_DECLINED',
};

/** The same for a MESSAGE within a session. */
const messageCodes: OwnStatusCodes = {
  403: 'IM_MESSAGE_FORBIDDEN',
  415: 'IM_CONTENT_UNSUPPORTED',
  480: 'IM_RECEIVER_UNAVAILABLE',
  481: 'IM_SESSION_UNKNOWN',
  488: 'IM_MESSAGE_NOT_ACCEPTABLE',
  603: 'IM_MESSAGE_FORBIDDEN',
  606: 'IM_MESSAGE_FORBIDDEN',
};

/** The diagnosis of an answer to INVITE that is no success; undefined for a 2xx. */
export function diagnoseInvite(answer: SipAnswer, { from, to, peer }: Parties): Diagnosis | undefined {
  if (answer.kind === 'timeout' && answer.provisional !== undefined && answer.pendingBytes === 0) {
    const error = `${peer} answered INVITE with ${answer.provisional} only, and with nothing final within ${answer.limitMs} ms`;
    return diagnosis('IM_INVITATION_UNANSWERED', { error });
  }
  const found = diagnoseLync('INVITE', peer, answer, inviteCodes);
  if (found?.code !== 'SIP_USER_NOT_FOUND') return found;
  // Either of the two may be the one that is not enabled.
  const both = `See whether both accounts exist and are enabled: \`"${from}", "${to}" | Get-CsUser | Select-Object SipAddress, Enabled\`.`;
  return { ...found, next: [both, ...found.next] };
}

/** A MESSAGE that was taken is answered 2xx, whose status is returned. Throws otherwise. */
export function requireTaken(answer: SipAnswer, dialog: SessionDialog, peer: string): number {
  const found = diagnoseLync('MESSAGE', peer, answer, messageCodes);
  if (!found) return answer.kind === 'response' ? answer.status : 0;
  // What it was refused with follows from that.
  throw new ProbeError(dialog.endedBy ? diagnoseEnd(dialog.endedBy, 'MESSAGE was to be answered') : found);
}

/** The diagnosis when the other side sent BYE or CANCEL; `when` is `MESSAGE was to be answered`. */
export function diagnoseEnd(request: RawMessage, when: string): Diagnosis {
  const method = request.startLine.split(' ', 1)[0] ?? '';
  const said = [
    ...msDiagnosticsOf(request).map(formatMsDiagnostics),
    ...headerValues(request, 'reason').map((value) => `reason: ${value}`),
  ];
  return diagnosis('IM_SESSION_ENDED', {
    error: `the other side ended the session with ${method} while ${when}`,
    serverDiagnosis: said.join('; '),
  });
}
