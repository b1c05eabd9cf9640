/** What both sides understand; clients of Lync list these. */
const acceptTypes = [
  'text/plain',
  'text/html',
  'image/gif',
  'multipart/alternative',
  'application/im-iscomposing+xml',
  'application/ms-imdn+xml',
];

/** A body of type application/sdp. */
export interface SessionDescription {
  readonly contentType: string;
  readonly content: string;
}

/** How a session for messages is described (MS-SIP 2.2.6). Addresses mean nothing in it: messages go the way of the signalling. */
export function writeSessionDescription(localAddress: string, owner: string): SessionDescription {
  const host = localAddress.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const address = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  const lines = [
    'v=0',
    `o=- 0 0 ${address}`,
    's=session',
    `c=${address}`,
    't=0 0',
    `m=message 5060 sip ${owner}`,
    `a=accept-types:${acceptTypes.join(' ')}`,
  ];
  return { contentType: 'application/sdp', content: `${lines.join('\r\n')}\r\n` };
}

/** Does a description offer or accept messages? With port 0 a medium is refused (RFC 3264 section 6); older servers write x-ms-message. */
export function describesMessages(description: string): boolean {
  return /^m=(?:x-ms-)?message[ \t]+0*[1-9]/im.test(description);
}
