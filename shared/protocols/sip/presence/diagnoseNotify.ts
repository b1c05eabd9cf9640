import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../answer.js';
import { diagnoseAnswer } from '../diagnoseAnswer.js';
import { diagnoseCut, diagnoseHalf } from '../diagnoseCut.js';
import { subscribeCodes } from './diagnosePresence.js';
import type { Notification, SubscriptionState } from './notification.js';
import type { SubscriptionEvent } from './subscription.js';
import type { Verdict } from './verdict.js';

/** An event that is no NOTIFY. */
type Vain = Exclude<SubscriptionEvent, { readonly kind: 'item' }>;

/** What was seen while the published value did not come. */
export interface Waited {
  readonly verdicts: readonly Verdict[];
  /** Of the subscription, as of the last NOTIFY. */
  readonly state: Notification['state']['name'];
  readonly unmatched: number;
  readonly peer: string;
  /** Whose presence was awaited. */
  readonly entity: string;
  /** What was asked for, where it is not PIDF. */
  readonly documentType?: string;
}

const awaited = 'a presence notification';

/** The diagnosis when no NOTIFY confirmed a subscription that was accepted. */
export function diagnoseUnconfirmed(peer: string, event: Vain, unmatched: number): Diagnosis {
  if (event.kind === 'ended') return diagnoseCut(awaited, peer, event.end, 'PRESENCE_CONNECTION_LOST');
  if (event.kind === 'refused') return diagnoseRefresh(peer, event.answer);
  if (event.pendingBytes > 0) return diagnoseHalf(awaited, peer, event.pendingBytes, event.limitMs);
  if (unmatched > 0) return diagnoseUnmatched(unmatched, event.limitMs);
  return diagnosis('PRESENCE_FIRST_NOTIFY_TIMEOUT', {
    error: `${peer} accepted SUBSCRIBE, but sent no NOTIFY to confirm it within ${event.limitMs} ms`,
  });
}

/** The diagnosis when the value did not come: what came in its place names it, the strangest first. */
export function diagnoseMissing(waited: Waited, event: Exclude<Vain, { readonly kind: 'refused' }>): Diagnosis {
  const { verdicts, state, unmatched, peer } = waited;
  if (event.kind === 'ended') return diagnoseCut(awaited, peer, event.end, 'PRESENCE_CONNECTION_LOST');
  const { limitMs, pendingBytes } = event;
  if (pendingBytes > 0) return diagnoseHalf(awaited, peer, pendingBytes, limitMs);
  if (state === 'pending') {
    const error = `the subscription is still pending after ${limitMs} ms: nobody has allowed it yet`;
    return diagnosis('PRESENCE_SUBSCRIPTION_PENDING', { error });
  }
  const strange = diagnoseStrange(waited);
  if (strange) return strange;
  if (verdicts.length > 0) {
    const error = `${count(verdicts.length, 'presence notification')} within ${limitMs} ms, none with the published value`;
    return diagnosis('PRESENCE_VALUE_MISSING', { error });
  }
  if (unmatched > 0) return diagnoseUnmatched(unmatched, limitMs);
  return diagnosis('PRESENCE_NOTIFY_TIMEOUT', { error: `no presence notification within ${limitMs} ms` });
}

/** The diagnosis when the server ended a subscription that nobody asked it to end. */
export function diagnoseEnded(peer: string, { reason, retryAfter }: SubscriptionState): Diagnosis {
  const rejected = reason?.toLowerCase() === 'rejected';
  const why = reason === undefined ? 'without a reason' : `with the reason "${reason}"`;
  const when = retryAfter === undefined ? '' : `, to be tried again after ${retryAfter} s`;
  return diagnosis(rejected ? 'PRESENCE_SUBSCRIPTION_REJECTED' : 'PRESENCE_SUBSCRIPTION_ENDED', {
    error: `${peer} ended the subscription ${why}${when}`,
  });
}

/** The diagnosis of a refresh that was no success. */
export function diagnoseRefresh(peer: string, answer: SipAnswer): Diagnosis {
  const found = diagnoseAnswer('SUBSCRIBE (refresh)', peer, answer, subscribeCodes);
  return found ?? diagnosis('PRESENCE_SUBSCRIPTION_LOST', { error: `${peer} lost the subscription` });
}

function diagnoseStrange({
  verdicts,
  peer,
  entity,
  documentType = 'application/pidf+xml',
}: Waited): Diagnosis | undefined {
  for (const verdict of verdicts) {
    switch (verdict.kind) {
      case 'document-type':
        return diagnosis('PRESENCE_DOCUMENT_FORBIDDEN', {
          error: `${peer} sent a presence document with a document type declaration, which was not read`,
        });
      case 'unreadable':
        return diagnosis('PRESENCE_DOCUMENT_UNREADABLE', {
          error: `${peer} sent a presence document that cannot be read: ${verdict.what}`,
        });
      case 'too-large':
        return diagnosis('PRESENCE_DOCUMENT_TOO_LARGE', {
          error: `${peer} sent a presence document of more than 64 KiB, which was not read`,
        });
      case 'foreign-type':
        return diagnosis('PRESENCE_FORMAT_UNEXPECTED', {
          error: `${peer} sent a presence document of type ${verdict.contentType}, expected ${documentType}`,
        });
      case 'wrong-presentity':
        return diagnosis('PRESENCE_PRESENTITY_WRONG', {
          error: `${peer} sent the presence of ${verdict.entity}, expected that of ${entity}`,
        });
      case 'value':
      case 'empty':
      case 'other-value':
    }
  }
  return undefined;
}

function diagnoseUnmatched(unmatched: number, limitMs: number): Diagnosis {
  const error = `${count(unmatched, 'NOTIFY request')} within ${limitMs} ms, none of the subscription that was asked for`;
  return diagnosis('PRESENCE_NOTIFY_UNMATCHED', { error });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
