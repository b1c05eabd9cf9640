/** Faults that end a run at once: at which step, and as what. */
export const failing = [
  ['invite-403', 'invite', 'IM_INVITATION_FORBIDDEN'],
  ['invite-404', 'invite', 'SIP_USER_NOT_FOUND'],
  ['invite-480', 'invite', 'IM_INVITEE_UNAVAILABLE'],
  ['invite-486', 'invite', 'IM_INVITATION_DECLINED'],
  ['invite-488', 'invite', 'IM_INVITATION_NOT_ACCEPTABLE'],
  ['invite-503', 'invite', 'SIP_SERVICE_UNAVAILABLE'],
  ['invite-603', 'invite', 'IM_INVITATION_DECLINED'],
  ['invite-504-1005', 'invite', 'FEDERATION_DOMAIN_REFUSED'],
  ['invite-504-1007', 'invite', 'SIP_NEXT_HOP_UNREACHABLE'],
  ['invite-504-1008', 'invite', 'FEDERATION_SRV_UNRESOLVED'],
  ['invite-504-1009', 'invite', 'FEDERATION_DOMAIN_REFUSED'],
  ['invite-504-1010', 'invite', 'SIP_NEXT_HOP_UNTRUSTED'],
  ['invite-504-1014', 'invite', 'SIP_NEXT_HOP_UNRESOLVED'],
  ['invite-504-1034', 'invite', 'FEDERATION_PARTNER_REFUSED'],
  ['invite-504-1046', 'invite', 'FEDERATION_PARTNER_UNREACHABLE'],
  ['invite-504-1047', 'invite', 'FEDERATION_PARTNER_UNREACHABLE'],
  ['invite-stripped', 'invite', 'IM_SESSION_DESCRIPTION_MISSING'],
  ['invite-without-sdp', 'accept', 'IM_SESSION_DESCRIPTION_MISSING'],
  ['invite-taken-elsewhere', 'invite', 'IM_INVITATION_TAKEN_ELSEWHERE'],
  ['invite-close', 'accept', 'SIP_CONNECTION_LOST'],
  ['session-ended', 'send-reply', 'IM_SESSION_ENDED'],
  ['message-403', 'send-message', 'IM_MESSAGE_FORBIDDEN'],
  ['message-415', 'send-message', 'IM_CONTENT_UNSUPPORTED'],
  ['message-480', 'send-message', 'IM_RECEIVER_UNAVAILABLE'],
  ['message-481', 'send-message', 'IM_SESSION_UNKNOWN'],
  ['message-488', 'send-message', 'IM_MESSAGE_NOT_ACCEPTABLE'],
  ['message-altered', 'receive-message', 'IM_TEXT_ALTERED'],
  ['message-huge', 'receive-message', 'SIP_MESSAGE_TOO_LARGE'],
  ['message-receiver-dropped', 'receive-message', 'IM_CONNECTION_LOST'],
  ['message-answered-twice', 'receive-reply', 'AUTH_MESSAGE_REPLAYED'],
  ['association-lost', 'invite', 'AUTH_ASSOCIATION_LOST'],
  ['association-changed-later', 'invite', 'AUTH_ASSOCIATION_CHANGED'],
  ['requests-signed-wrongly', 'invite', 'AUTH_SIGNATURE_WRONG'],
  ['signed-out', 'accept', 'AUTH_SIGNED_OUT'],
] as const;

/** Faults that show when time is up. */
export const waiting = [
  ['invite-provisional-only', 'invite', 'IM_INVITATION_NOT_DELIVERED'],
  ['invite-unanswered', 'invite', 'IM_INVITATION_NOT_DELIVERED'],
  ['invite-answer-lost', 'accept', 'IM_INVITATION_UNANSWERED'],
  ['invite-silent', 'accept', 'SIP_ANSWER_TIMEOUT'],
  ['ack-lost', 'accept', 'IM_SESSION_NOT_CONFIRMED'],
  ['message-lost', 'receive-message', 'IM_DELIVERY_TIMEOUT'],
  ['message-202', 'receive-message', 'IM_ACCEPTED_NOT_DELIVERED'],
  ['message-exchanged', 'receive-message', 'IM_DELIVERY_TIMEOUT'],
  ['message-silent', 'send-message', 'IM_CONFIRMATION_LOST'],
  ['requests-unsigned', 'invite', 'AUTH_MESSAGE_UNSIGNED'],
  ['signature-missing-later', 'invite', 'AUTH_MESSAGE_UNSIGNED'],
] as const;

/** Faults that a run gets over, with warnings. */
export const warning = [
  // Each of the two connections is signed in anew.
  ['association-lost-once', ['AUTH_ASSOCIATION_LOST', 'AUTH_ASSOCIATION_LOST']],
  ['message-twice', ['IM_DELIVERED_TWICE', 'IM_DELIVERED_TWICE']],
  ['bye-silent', ['IM_BYE_UNANSWERED']],
  // What did not reach the other side is sent from there, too.
  ['bye-481', ['IM_BYE_UNANSWERED', 'IM_BYE_UNANSWERED']],
] as const;
