/**
 * A request that is written here and whose answer is matched here, without sip.js. Over
 * TCP and TLS a SIP transaction that is no INVITE is one request and one final response (RFC 3261 section 17.1.2.2, Timers E and K).
 */
export interface WrittenRequest {
  readonly method: string;
  readonly uri: string;
  /** The whole value with its tag. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  /** Further header fields as lines, `Route` among them. */
  readonly headers: readonly string[];
  readonly body?: { readonly contentType: string; readonly content: string } | undefined;
}

/** What every request of a connection has. */
export interface Hop {
  /** `TLS` or `TCP`. */
  readonly protocol: string;
  /** `192.0.2.1:50123` */
  readonly localAddress: string;
  readonly userAgent: string;
}

/** Begins every branch of RFC 3261 (section 8.1.1.7). */
export const branchCookie = 'z9hG4bK';

/** The request as it goes over the wire. */
export function writeRequest(
  request: WrittenRequest,
  { protocol, localAddress, userAgent }: Hop,
  branch: string,
): string {
  const { method, uri, from, to, callId, cseq, headers, body } = request;
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/${protocol} ${localAddress};branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...headers,
    `User-Agent: ${userAgent}`,
    ...(body ? [`Content-Type: ${body.contentType}`] : []),
    `Content-Length: ${Buffer.byteLength(body?.content ?? '')}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body?.content ?? ''}`;
}
