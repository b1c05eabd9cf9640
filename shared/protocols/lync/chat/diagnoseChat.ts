import { type Diagnosis, type DiagnosisCode, diagnosis } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../../sip/answer.js';
import { diagnoseCut, diagnoseHalf } from '../../sip/diagnoseCut.js';
import type { Arrival } from '../../sip/inbox.js';
import { headerValues, type RawMessage } from '../../sip/rawMessage.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import { formatMsDiagnostics, msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';
import type { Stray } from './channelState.js';
import { type EnvelopeFlaw, longestEnvelope, type Reply } from './envelope.js';

/** What a status means wherever the chat server is asked. */
const serverCodes: Readonly<Record<number, DiagnosisCode>> = {
  480: 'CHAT_SERVER_UNAVAILABLE',
  503: 'CHAT_SERVER_BUSY',
  504: 'CHAT_SERVER_UNREACHABLE',
};

/** ms-diagnostics of a chat server (MS-OCER 8): it does not know the user as one of its own. */
const notProvisioned = 20_010;

/** The diagnosis of an answer to the INVITE of a session; undefined for a 2xx. */
export function diagnoseInvite(uri: string, peer: string, answer: SipAnswer): Diagnosis | undefined {
  const codes = { ...serverCodes, 404: 'CHAT_SERVER_UNKNOWN' } as const;
  return diagnoseBy(`INVITE to ${uri}`, peer, answer, codes, 'CHAT_SESSION_REFUSED');
}

/** The diagnosis of an answer to a request in the session; `refused` is its code where nothing more special fits. */
export function diagnoseInSession(
  request: string,
  peer: string,
  answer: SipAnswer,
  refused: DiagnosisCode,
): Diagnosis | undefined {
  const codes = { ...serverCodes, 481: 'CHAT_SESSION_UNKNOWN' } as const;
  return diagnoseBy(request, peer, answer, codes, refused);
}

/** What the server says in ms-diagnostics about its peers is told, but the code tells of the chat service: all else works. */
function diagnoseBy(
  request: string,
  peer: string,
  answer: SipAnswer,
  codes: Readonly<Record<number, DiagnosisCode>>,
  otherwise: DiagnosisCode,
): Diagnosis | undefined {
  const found = diagnoseLync(request, peer, answer);
  if (!found || answer.kind !== 'response') return found;
  const unknown = msDiagnosticsOf(answer.message).some(({ id }) => id === notProvisioned);
  const code = unknown ? 'CHAT_NOT_ENABLED' : (codes[answer.status] ?? otherwise);
  const { error, serverDiagnosis } = found;
  const told = found.causes.filter((cause) => cause.startsWith('ms-diagnostics '));
  const made = diagnosis(code, { error, serverDiagnosis });
  return { ...made, causes: [...told, ...made.causes] };
}

/** The diagnosis of a reply that is no success, in the server's words. */
export function diagnoseRefusal({ code, text }: Reply, asked: string, as: DiagnosisCode): Diagnosis {
  const error = `the chat server replied ${code}${text === '' ? '' : ` ${text}`} to ${asked}, expected 200`;
  return diagnosis(as, { error, serverDiagnosis: text === '' ? undefined : `code ${code}: ${text}` });
}

/** What a refused entry means; servers tell it by code or in words alone. */
export function joinCode({ code, text }: Reply): DiagnosisCode {
  if (/not.?(?:found|exist)|no.?such|invalid.?(?:chan|room)|unknown.?(?:chan|room)/i.test(text) || code === 404) {
    return 'CHAT_ROOM_NOT_FOUND';
  }
  if (/denied|permission|privilege|unauthori[sz]ed|not.?(?:a.?)?member|forbidden|access/i.test(text)) {
    return 'CHAT_NOT_MEMBER';
  }
  return code === 401 || code === 403 ? 'CHAT_NOT_MEMBER' : 'CHAT_JOIN_REFUSED';
}

/** The diagnosis when the server ended the session with its BYE. */
export function diagnoseBye(peer: string, awaited: string, bye: RawMessage): Diagnosis {
  const said = [
    ...msDiagnosticsOf(bye).map(formatMsDiagnostics),
    ...headerValues(bye, 'reason').map((reason) => `reason: ${reason}`),
  ];
  const error = `${peer} ended the session with the chat server by BYE while ${awaited} was awaited`;
  return diagnosis('CHAT_SESSION_ENDED', { error, serverDiagnosis: said.length > 0 ? said.join('; ') : undefined });
}

/** A wait that was in vain. */
export interface Vain {
  /** `the reply to cmd:join` */
  readonly awaited: string;
  readonly peer: string;
  /** What came meanwhile. */
  readonly strays: readonly Stray[];
  /** How many INFO requests came that belong to no session of the user. */
  readonly strayInfos: number;
  /** The code where nothing came that says more, and what is added to the error. */
  readonly code: 'CHAT_REPLY_TIMEOUT' | 'CHAT_MESSAGE_NOT_DELIVERED';
  readonly hint?: string;
}

/** That nothing came. */
export type Nothing = Exclude<Arrival<never>, { readonly kind: 'item' }>;

/** The diagnosis of a wait that was in vain: what came in place of it says more than that it did not come. */
export function diagnoseVain(vain: Vain, event: Nothing): Diagnosis {
  const { awaited, peer, strays, strayInfos, code, hint = '' } = vain;
  if (event.kind === 'ended') return diagnoseCut(awaited, peer, event.end, 'CHAT_CONNECTION_LOST');
  const { limitMs, pendingBytes } = event;
  if (pendingBytes > 0) return diagnoseHalf(awaited, peer, pendingBytes, limitMs);
  const place = `in place of ${awaited}`;
  for (const stray of strays) {
    if (stray.kind === 'flaw') return diagnoseFlaw(stray.flaw, place);
    if (stray.kind === 'unknown') {
      return diagnosis('CHAT_ELEMENT_UNKNOWN', { error: `the chat server sent ${stray.what} ${place}` });
    }
    // A stray reply says nothing about a message.
    if (stray.kind === 'unmatched' && code === 'CHAT_REPLY_TIMEOUT') {
      const { name, envelope } = stray.reply;
      const error = `the chat server sent rpl:${name} to envelope "${envelope}" ${place}`;
      return diagnosis('CHAT_REPLY_UNMATCHED', { error });
    }
  }
  if (strayInfos > 0) {
    const some = strayInfos === 1 ? '1 INFO that belongs' : `${strayInfos} INFO requests that belong`;
    return diagnosis('CHAT_DIALOG_UNMATCHED', { error: `${peer} sent ${some} to no session of the user, ${place}` });
  }
  return diagnosis(code, { error: `${awaited} did not come within ${limitMs} ms${hint}` });
}

function diagnoseFlaw(flaw: EnvelopeFlaw, place: string): Diagnosis {
  switch (flaw.kind) {
    case 'too-large': {
      const error = `the chat server sent a document of ${flaw.characters} characters ${place}, more than ${longestEnvelope}`;
      return diagnosis('CHAT_DOCUMENT_TOO_LARGE', { error });
    }
    case 'document-type':
      return diagnosis('CHAT_DOCUMENT_FORBIDDEN', {
        error: `the chat server sent a document that declares a document type ${place}`,
      });
    case 'namespace':
      return diagnosis('CHAT_NAMESPACE_WRONG', {
        error: `the chat server sent a document of the namespace "${flaw.namespace}" ${place}`,
      });
    case 'unreadable':
      return diagnosis('CHAT_DOCUMENT_UNREADABLE', {
        error: `the chat server sent a document that cannot be read (${flaw.what}) ${place}`,
      });
  }
}
