import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../answer.js';
import { diagnoseAnswer, type OwnStatusCodes } from '../diagnoseAnswer.js';
import { headerValue } from '../rawMessage.js';

const bothCodes: OwnStatusCodes = {
  405: 'PRESENCE_METHOD_UNSUPPORTED',
  423: 'PRESENCE_INTERVAL_TOO_BRIEF',
  489: 'PRESENCE_EVENT_UNSUPPORTED',
  501: 'PRESENCE_METHOD_UNSUPPORTED',
};

/** What statuses mean to a SUBSCRIBE (RFC 6665 section 4.1.2). */
export const subscribeCodes: OwnStatusCodes = {
  ...bothCodes,
  403: 'PRESENCE_SUBSCRIPTION_FORBIDDEN',
  406: 'PRESENCE_FORMAT_UNSUPPORTED',
  481: 'PRESENCE_SUBSCRIPTION_LOST',
  603: 'PRESENCE_SUBSCRIPTION_FORBIDDEN',
};

/** What statuses mean to a PUBLISH (RFC 3903 section 4). */
const publishCodes: OwnStatusCodes = {
  ...bothCodes,
  403: 'PRESENCE_PUBLICATION_FORBIDDEN',
  412: 'PRESENCE_PUBLICATION_LOST',
  415: 'PRESENCE_FORMAT_UNSUPPORTED',
  603: 'PRESENCE_PUBLICATION_FORBIDDEN',
};

/** RFC 6665 section 4.1.2.1: a subscription that was taken is answered 2xx. Throws otherwise. */
export function requireSubscribed(answer: SipAnswer, peer: string): void {
  throwIf(diagnoseAnswer('SUBSCRIBE', peer, answer, subscribeCodes));
}

/** RFC 6665 section 4.1.2.3: the end of a subscription is answered 2xx. Throws otherwise. */
export function requireUnsubscribed(answer: SipAnswer, peer: string): void {
  throwIf(diagnoseAnswer('SUBSCRIBE with Expires: 0', peer, answer, subscribeCodes));
}

/** RFC 3903 section 6: a publication that was taken is answered 2xx with an entity-tag. Throws otherwise. */
export function requirePublished(answer: SipAnswer, peer: string): void {
  throwIf(diagnoseAnswer('PUBLISH', peer, answer, publishCodes) ?? diagnoseTag(answer, peer));
}

/** RFC 3903 section 4.5: the removal of a publication is answered 2xx. Throws otherwise. */
export function requireUnpublished(answer: SipAnswer, peer: string): void {
  throwIf(diagnoseAnswer('PUBLISH with Expires: 0', peer, answer, publishCodes));
}

function diagnoseTag(answer: SipAnswer, peer: string): Diagnosis | undefined {
  if (answer.kind !== 'response' || headerValue(answer.message, 'sip-etag')) return undefined;
  const error = `${peer} answered ${answer.status} to PUBLISH without a SIP-ETag, so that nobody can remove what was published`;
  return diagnosis('PRESENCE_ENTITY_TAG_MISSING', { error });
}

function throwIf(found: Diagnosis | undefined): void {
  if (found) throw new ProbeError(found);
}
