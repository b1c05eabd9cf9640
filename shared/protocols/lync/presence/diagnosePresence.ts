import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../../sip/answer.js';
import type { OwnStatusCodes } from '../../sip/diagnoseAnswer.js';
import type { Arrival } from '../../sip/inbox.js';
import { diagnoseEnded, diagnoseMissing, diagnoseUnconfirmed, type Waited } from '../../sip/presence/diagnoseNotify.js';
import type { SubscriptionState } from '../../sip/presence/notification.js';
import type { RawMessage } from '../../sip/rawMessage.js';
import { diagnoseLync } from '../diagnostics/diagnoseLync.js';
import { formatMsDiagnostics, msDiagnosticsOf } from '../diagnostics/msDiagnostics.js';
import type { DocumentFlaw } from './document.js';
import type { Notified } from './eventDialog.js';

/** A wait that brought no notification. */
type Vain = Exclude<Arrival<Notified>, { readonly kind: 'item' }>;

const subscribeCodes: OwnStatusCodes = {
  403: 'PRESENCE_WATCHER_REFUSED',
  481: 'PRESENCE_SUBSCRIPTION_LOST',
  489: 'PRESENCE_EVENT_UNSUPPORTED',
};

const publishCodes: OwnStatusCodes = {
  403: 'PRESENCE_CATEGORY_REFUSED',
  409: 'PRESENCE_VERSION_CONFLICT',
};

/** ms-diagnostics of a subscription whose place a newer one of the same account took. */
const replaced = 2139;

/** A subscription, or its end, is answered 2xx. Throws otherwise. */
export function requireAccepted(request: string, peer: string, answer: SipAnswer): void {
  const found = diagnoseLync(request, peer, answer, subscribeCodes);
  if (found) throw new ProbeError(found);
}

/** The diagnosis of an answer to SERVICE that is no success (MS-PRES 3.2.5). */
export function diagnosePublication(request: string, peer: string, answer: SipAnswer): Diagnosis | undefined {
  return diagnoseLync(request, peer, answer, publishCodes);
}

/** What was seen while something did not come. */
type Seen = Pick<Waited, 'verdicts' | 'unmatched' | 'peer' | 'entity'>;

/** The diagnosis when a subscription was accepted, but the contact was not shown: what came in its place names it. */
export function diagnoseFirst(seen: Seen, event: Vain): Diagnosis {
  return seen.verdicts.length > 0 ? missing(seen, event) : diagnoseUnconfirmed(seen.peer, event, seen.unmatched);
}

/** The diagnosis when the value did not come: what came in its place names it, else the cmdlet's own words. */
export function diagnoseVain(seen: Seen, event: Vain): Diagnosis {
  const found = missing(seen, event);
  if (found.code !== 'PRESENCE_NOTIFY_TIMEOUT' || event.kind !== 'timeout') return found;
  return { ...found, error: `Presence notification is not received within ${event.limitMs / 1000} secs.` };
}

function missing(seen: Seen, event: Vain): Diagnosis {
  const documentType = 'application/msrtc-event-categories+xml';
  return diagnoseMissing({ ...seen, state: 'active', documentType }, event);
}

/** The diagnosis when the server ended a subscription that nobody asked it to end. */
export function diagnoseEnd(peer: string, state: SubscriptionState, message: RawMessage): Diagnosis {
  const said = msDiagnosticsOf(message);
  const serverDiagnosis = said.map(formatMsDiagnostics).join('; ');
  if (said.some(({ id }) => id === replaced)) {
    const error = `${peer} ended the subscription: a newer one of the same account took its place`;
    return diagnosis('PRESENCE_SUBSCRIPTION_REPLACED', { error, serverDiagnosis });
  }
  return { ...diagnoseEnded(peer, state), ...(serverDiagnosis === '' ? {} : { serverDiagnosis }) };
}

/** The diagnosis when the list of a subscription says that the contact is not shown. */
export function diagnoseListed(
  peer: string,
  contact: string,
  state: string | undefined,
  reason: string | undefined,
): Diagnosis {
  const how = state === undefined ? 'without an instance' : `as ${state}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return diagnosis('PRESENCE_CONTACT_HIDDEN', {
    error: `${peer} lists ${contact} ${how}${why}: nothing of it is shown`,
  });
}

/** The diagnosis of a document about oneself that was not read, or could not be. */
export function diagnoseFlaw(peer: string, flaw: DocumentFlaw): Diagnosis {
  const sent = `${peer} sent the account's own presence data`;
  switch (flaw.kind) {
    case 'document-type':
      return diagnosis('PRESENCE_DOCUMENT_FORBIDDEN', {
        error: `${sent} with a document type declaration, which was not read`,
      });
    case 'too-large':
      return diagnosis('PRESENCE_DOCUMENT_TOO_LARGE', { error: `${sent} of more than 256 KiB, which was not read` });
    case 'unreadable':
      return diagnosis('PRESENCE_DOCUMENT_UNREADABLE', { error: `${sent}, which cannot be read: ${flaw.what}` });
  }
}
