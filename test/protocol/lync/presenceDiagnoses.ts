/** What each fault is told as: code, step and error, the server by its name alone. */
export const diagnoses = [
  [
    'notify-empty',
    'PRESENCE_VALUE_MISSING at await-notification: 1 presence notification within 1000 ms, none with the published value',
  ],
  [
    'notify-other-dialog',
    'PRESENCE_NOTIFY_UNMATCHED at await-notification: 1 NOTIFY request within 1000 ms, none of the subscription that was asked for',
  ],
  [
    'notify-malformed',
    'PRESENCE_DOCUMENT_UNREADABLE at await-notification: sip.contoso.test sent a presence document that cannot be read: a multipart body that does not end',
  ],
  [
    'notify-other-type',
    'PRESENCE_FORMAT_UNEXPECTED at await-notification: sip.contoso.test sent a presence document of type application/xpidf+xml, expected application/msrtc-event-categories+xml',
  ],
  [
    'notify-huge',
    'SIP_MESSAGE_TOO_LARGE at await-notification: sip.contoso.test sent a body of more than 1 MiB while a presence notification was awaited',
  ],
  [
    'notify-close',
    'PRESENCE_CONNECTION_LOST at await-notification: sip.contoso.test closed the connection while a presence notification was awaited',
  ],
  [
    'subscription-ended',
    'PRESENCE_SUBSCRIPTION_ENDED at await-notification: sip.contoso.test ended the subscription with the reason "deactivated", to be tried again after 30 s',
  ],
  [
    'self-subscribe-403',
    'PRESENCE_WATCHER_REFUSED at self-subscribe: 403, Forbidden: answer of sip.contoso.test to SUBSCRIBE to vnd-microsoft-roaming-self, expected 200',
  ],
  [
    'subscribe-403',
    'PRESENCE_WATCHER_REFUSED at subscribe: 403, Forbidden: answer of sip.contoso.test to SUBSCRIBE to presence, expected 200',
  ],
  [
    'subscribe-504-1008',
    'FEDERATION_SRV_UNRESOLVED at subscribe: 504, Server time-out: answer of sip.contoso.test to SUBSCRIBE to presence, expected 200',
  ],
  [
    'publish-403',
    'PRESENCE_CATEGORY_REFUSED at publish: 403, Forbidden: answer of sip.contoso.test to SERVICE with a note, expected 200',
  ],
  [
    'publish-503',
    'SIP_SERVICE_UNAVAILABLE at publish: 503, Service Unavailable: answer of sip.contoso.test to SERVICE with a note, expected 200',
  ],
  [
    'publish-wrong-delta',
    'PRESENCE_VERSION_CONFLICT at publish: 409, Conflict: answer of sip.contoso.test to SERVICE with a note, expected 200',
  ],
  [
    'notify-old-value',
    'PRESENCE_VALUE_MISSING at await-notification: 1 presence notification within 1000 ms, none with the published value',
  ],
  [
    'notify-unknown-category',
    'PRESENCE_VALUE_MISSING at await-notification: 1 presence notification within 1000 ms, none with the published value',
  ],
  [
    'notify-other-presentity',
    'PRESENCE_PRESENTITY_WRONG at await-notification: sip.contoso.test sent the presence of sip:somebody@contoso.test, expected that of sip:kenmyer@contoso.test',
  ],
  [
    'notify-entities',
    'PRESENCE_DOCUMENT_FORBIDDEN at await-notification: sip.contoso.test sent a presence document with a document type declaration, which was not read',
  ],
  [
    'notify-out-of-order',
    'PRESENCE_NOTIFY_UNMATCHED at await-notification: 1 NOTIFY request within 1000 ms, none of the subscription that was asked for',
  ],
  [
    'subscription-taken-over',
    'PRESENCE_SUBSCRIPTION_REPLACED at await-notification: sip.contoso.test ended the subscription: a newer one of the same account took its place',
  ],
  [
    'signature-missing-later',
    'AUTH_MESSAGE_UNSIGNED at self-subscribe: the answer 200 OK to SUBSCRIBE has no signature although the sign-in agreed on signatures',
  ],
  [
    'requests-signed-wrongly',
    'AUTH_SIGNATURE_WRONG at await-notification: the signature of the request BENOTIFY is not the one that its content should have',
  ],
  [
    'requests-unsigned',
    'AUTH_MESSAGE_UNSIGNED at await-notification: the request BENOTIFY came without a signature although the sign-in agreed on signatures, and was not taken',
  ],
  [
    'unsubscribe-481',
    'PRESENCE_SUBSCRIPTION_LOST at unsubscribe: 481, Subscription does not exist: answer of sip.contoso.test to SUBSCRIBE to presence with Expires: 0, expected 200',
  ],
  [
    'notify-not-xml',
    'PRESENCE_DOCUMENT_UNREADABLE at await-notification: sip.contoso.test sent a presence document that cannot be read: XML that is not well-formed (1:606: unexpected close tag.)',
  ],
  [
    'notify-half',
    'SIP_ANSWER_INCOMPLETE at await-notification: sip.contoso.test sent some bytes of a message while a presence notification was awaited and did not complete it within 1000 ms',
  ],
  [
    'subscribe-489',
    'PRESENCE_EVENT_UNSUPPORTED at subscribe: 489, Bad Event: answer of sip.contoso.test to SUBSCRIBE to presence, expected 200',
  ],
  [
    'contact-hidden',
    'PRESENCE_CONTACT_HIDDEN at subscribe: sip.contoso.test lists sip:kenmyer@contoso.test without an instance: nothing of it is shown',
  ],
  [
    'contact-ended',
    'PRESENCE_CONTACT_HIDDEN at subscribe: sip.contoso.test lists sip:kenmyer@contoso.test as terminated (rejected): nothing of it is shown',
  ],
  [
    'association-lost',
    'AUTH_ASSOCIATION_LOST at self-subscribe: sip.contoso.test answered 401 Unauthorized to a signed SUBSCRIBE, and again after a new sign-in',
  ],
  ['signed-out', 'AUTH_SIGNED_OUT at subscribe: sip.contoso.test ended the sign-in: rejected'],
  [
    'signature-replayed',
    'AUTH_MESSAGE_REPLAYED at self-subscribe: the answer 200 OK to SUBSCRIBE bears the number 1, which came before or long ago',
  ],
  [
    'association-changed-later',
    'AUTH_ASSOCIATION_CHANGED at self-subscribe: the answer 200 OK to SUBSCRIBE names another security association than the sign-in',
  ],
] as const;
