import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import { type ConditionCodes, codeOf } from '../conditionCodes.js';
import type { StanzaError } from './stanzaError.js';

/** The codes of the conditions of RFC 6120 section 8.3.3. */
const conditionCodes: ConditionCodes = {
  'bad-request': 'XMPP_STANZA_BAD_REQUEST',
  conflict: 'XMPP_STANZA_CONFLICT',
  'feature-not-implemented': 'XMPP_STANZA_FEATURE_NOT_IMPLEMENTED',
  forbidden: 'XMPP_STANZA_FORBIDDEN',
  gone: 'XMPP_STANZA_GONE',
  'internal-server-error': 'XMPP_STANZA_INTERNAL_SERVER_ERROR',
  'item-not-found': 'XMPP_STANZA_ITEM_NOT_FOUND',
  'jid-malformed': 'XMPP_STANZA_JID_MALFORMED',
  'not-acceptable': 'XMPP_STANZA_NOT_ACCEPTABLE',
  'not-allowed': 'XMPP_STANZA_NOT_ALLOWED',
  'not-authorized': 'XMPP_STANZA_NOT_AUTHORIZED',
  'policy-violation': 'XMPP_STANZA_POLICY_VIOLATION',
  'recipient-unavailable': 'XMPP_STANZA_RECIPIENT_UNAVAILABLE',
  redirect: 'XMPP_STANZA_REDIRECT',
  'registration-required': 'XMPP_STANZA_REGISTRATION_REQUIRED',
  'remote-server-not-found': 'XMPP_STANZA_REMOTE_SERVER_NOT_FOUND',
  'remote-server-timeout': 'XMPP_STANZA_REMOTE_SERVER_TIMEOUT',
  'resource-constraint': 'XMPP_STANZA_RESOURCE_CONSTRAINT',
  'service-unavailable': 'XMPP_STANZA_SERVICE_UNAVAILABLE',
  'subscription-required': 'XMPP_STANZA_SUBSCRIPTION_REQUIRED',
  'unexpected-request': 'XMPP_STANZA_UNEXPECTED_REQUEST',
};

/**
 * The diagnosis of a stanza, `what` (`the message to adelaney@partner.example`), that came back with an error; `own` has the
 * codes of conditions that mean something else to it than to others.
 */
export function diagnoseStanzaError(what: string, error: StanzaError, own: ConditionCodes = {}): Diagnosis {
  const { condition, from, text } = error;
  const code = codeOf(own, condition) ?? codeOf(conditionCodes, condition) ?? 'XMPP_STANZA_UNDEFINED_CONDITION';
  return diagnosis(code, { error: `${from ?? 'the server'} refused ${what}: ${condition}`, serverDiagnosis: text });
}
