import type { PlannedRequest } from '../../sip/requests.js';
import { escapeXml } from '../../sip/xml.js';

export const mrasContentType = 'application/msrtc-media-relay-auth+xml';
/** Of the only request on its connection. */
export const mrasRequestId = '1';
/** As long as clients ask for: the usual limit of servers. */
const minutes = 480;

/** The SERVICE that asks for credentials of the media relay as a user outside does (MS-AVEDGEA section 2.2). */
export function credentialsRequest(mrasUri: string, sipAddress: string): PlannedRequest {
  const [to, from] = [escapeXml(mrasUri), escapeXml(sipAddress)];
  const attributes = [
    `requestID="${mrasRequestId}"`,
    'version="1.0"',
    `from="${from}"`,
    `to="${to}"`,
    'xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp"',
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  ];
  const wanted = `<identity>${from}</identity><location>internet</location><duration>${minutes}</duration>`;
  const inside = `<credentialsRequest credentialsRequestID="${mrasRequestId}">${wanted}</credentialsRequest>`;
  return {
    method: 'SERVICE',
    uri: mrasUri,
    headers: [],
    body: { contentType: mrasContentType, content: `<request ${attributes.join(' ')}>${inside}</request>` },
  };
}
