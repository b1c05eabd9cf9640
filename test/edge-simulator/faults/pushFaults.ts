import { pushDomain } from '../services/lync/push/clearingHouse.js';
import { answerTo } from '../sip/answer.js';
import type { Fault } from './fault.js';

/** What is answered in the place of the clearing house to requests that are let in. */
function answered(name: string, status: number, reasonPhrase: string, diagnostics?: string): Fault {
  const id = diagnostics === undefined ? 'no ms-diagnostics' : `ms-diagnostics ${diagnostics.split(';')[0]}`;
  const fields = diagnostics === undefined ? [] : [{ name: 'ms-diagnostics', value: diagnostics }];
  return {
    name: `push-${name}`,
    description: `lync: requests for ${pushDomain} are answered ${status} ${reasonPhrase} with ${id}`,
    change: (answer, { request, source }) =>
      request.method === 'MESSAGE' && request.uri.includes(`@${pushDomain}`) && answer.status !== 401
        ? answerTo(request, source, status, reasonPhrase, fields)
        : answer,
  };
}

const edge = `;domain="${pushDomain}";source="sip.contoso.test"`;
const pool = ';source="fe01.contoso.test"';

/** Faults of the route to the push clearing house, as the servers on the way put them. */
export const pushFaults: readonly Fault[] = [
  answered('not-allowed', 504, 'Server time-out', `1005;reason="Cannot route to destination domain"${edge}`),
  answered('not-authenticated', 403, 'Forbidden', `1034;reason="Previous hop federated peer did not report"${edge}`),
  answered('dns', 504, 'Server time-out', `1008;reason="Unable to resolve DNS SRV record"${edge}`),
  answered('tls', 504, 'Server time-out', `1047;reason="Failed to complete TLS negotiation"${edge}`),
  answered('connection', 504, 'Server time-out', `1046;reason="Failed to connect to a federated peer server"${edge}`),
  answered(
    'user-not-allowed',
    403,
    'Forbidden',
    `1002;reason="From user is not authorized to talk to federated"${pool}`,
  ),
  answered('unsuitable', 403, 'Forbidden', `1027;reason="Cannot route this type of SIP request to partners"${edge}`),
  answered('url-filter', 606, 'Not Acceptable', `16003;reason="Message contains a blocked link"${pool}`),
  answered('504', 504, 'Server time-out'),
  answered('not-routed', 404, 'Not Found', `4005;reason="Destination URI does not exist"${pool}`),
  answered(
    'refused-there',
    480,
    'Temporarily Unavailable',
    `1034;reason="Previous hop federated peer did not report"${edge}`,
  ),
];
