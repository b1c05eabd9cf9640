import { ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../answer.js';
import { diagnoseAnswer, type OwnStatusCodes } from '../diagnoseAnswer.js';

/** What statuses mean to a MESSAGE for a user of an XMPP domain. */
const gatewayCodes: OwnStatusCodes = {
  403: 'XMPP_PARTNER_NOT_ALLOWED',
  404: 'XMPP_GATEWAY_MISSING',
  405: 'IM_METHOD_UNSUPPORTED',
  415: 'IM_CONTENT_UNSUPPORTED',
  478: 'XMPP_GATEWAY_MISSING',
  480: 'XMPP_GATEWAY_UNAVAILABLE',
  488: 'IM_MESSAGE_NOT_ACCEPTABLE',
  501: 'IM_METHOD_UNSUPPORTED',
  502: 'XMPP_GATEWAY_UNAVAILABLE',
  503: 'XMPP_GATEWAY_UNAVAILABLE',
  504: 'XMPP_GATEWAY_UNAVAILABLE',
  603: 'XMPP_PARTNER_NOT_ALLOWED',
  604: 'XMPP_GATEWAY_MISSING',
  606: 'IM_MESSAGE_NOT_ACCEPTABLE',
};

/** A MESSAGE that a gateway took for an XMPP user is answered 2xx, whose status is returned. Throws a `ProbeError` otherwise. */
export function requireHandedOver(answer: SipAnswer, peer: string): number {
  const found = diagnoseAnswer('MESSAGE', peer, answer, gatewayCodes);
  if (found) throw new ProbeError(found);
  return answer.kind === 'response' ? answer.status : 0;
}
