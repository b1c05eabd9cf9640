import type { ChallengeForm, LyncPolicy } from '../services/lync/lyncPolicy.js';
import { answerTo } from '../sip/answer.js';
import { type HeaderField, type SipRequest, value } from '../sip/message.js';
import type { Fault } from './fault.js';
import { methodStep, type Step } from './stepFaults.js';

/** A fault that changes how the front end of dialect lync behaves. */
export function lync(name: string, description: string, policy: Partial<LyncPolicy>): Fault {
  return { name, description: `lync: ${description}`, lync: policy };
}

function challenge(name: string, form: ChallengeForm, description: string): Fault {
  return lync(`ntlm-${name}`, `the NTLM challenge ${description}`, { challenge: form });
}

/** The account is refused after its password was checked. */
function refused(
  name: string,
  status: number,
  reasonPhrase: string,
  diagnostics: string,
  ...more: HeaderField[]
): Fault {
  const fields = [{ name: 'ms-diagnostics', value: `${diagnostics};source="fe01.contoso.test"` }, ...more];
  const id = diagnostics.split(';')[0];
  return lync(name, `signing in is answered ${status} ${reasonPhrase} with ms-diagnostics ${id}`, {
    refusal: { status, reasonPhrase, fields },
  });
}

/** What the Edge says when it cannot hand a request on, by the number of its ms-diagnostics. */
const routes: readonly (readonly [id: number, reason: string, more?: string])[] = [
  [1005, 'Cannot route to destination domain', ';domain="partner.test"'],
  [1007, 'Temporarily cannot route'],
  [1008, 'Unable to resolve DNS SRV record', ';domain="partner.test";dns-srv-result="NegativeResult"'],
  [1009, 'No match for domain in DNS SRV results', ';domain="partner.test"'],
  [1010, 'Certificate trust with next-hop server could not be established', ';HRESULT="0x800B0109"'],
  [1014, 'Unable to resolve DNS A record', ';fqdn1="fe01.contoso.test"'],
  [1034, 'Previous hop federated peer did not report diagnostic information', ';PeerServer="sip.partner.test"'],
  [1046, 'Failed to connect to a federated peer server', ';PeerServer="sip.partner.test"'],
  [1047, 'Failed to complete TLS negotiation with a federated peer server', ';WinsockFailureCode="10054"'],
];

const register = methodStep('edge', 'REGISTER');
const subscribe: Step = {
  name: 'subscribe',
  what: 'SUBSCRIBE to presence',
  is: ({ method, fields }) => method === 'SUBSCRIBE' && value(fields, 'event') === 'presence',
};

/** The Edge could not hand the request on. It refuses REGISTER unsigned; other answers passed through the front end, which signs. */
function notRouted({ name, what, is }: Step): readonly Fault[] {
  return routes.map(([id, reason, more = '']) => ({
    name: `${name}-504-${id}`,
    description: `lync: ${name === 'edge' ? 'the Edge answers REGISTER' : `${what} is answered`} 504 Server time-out with ms-diagnostics ${id}`,
    instead({ request, source }) {
      if (!is(request)) return undefined;
      const text = `${id};reason="${reason}";source="sip.contoso.test"${more}`;
      const answer = answerTo(request, source, 504, 'Server time-out', [{ name: 'ms-diagnostics', value: text }]);
      return name === 'edge' ? { ...answer, unsigned: true } : answer;
    },
  }));
}

const disabled = '4005;reason="Destination URI either not enabled for SIP or does not exist";source="sip.contoso.test"';

/** Requests that name an account which is not enabled. */
function notEnabled(name: string, description: string, concerns: (request: SipRequest) => boolean): Fault {
  return {
    name,
    description: `lync: ${description} is answered 404 Not Found with ms-diagnostics 4005`,
    instead: ({ request, source }) =>
      concerns(request)
        ? answerTo(request, source, 404, 'Not Found', [{ name: 'ms-diagnostics', value: disabled }])
        : undefined,
  };
}

/** Is the request for the second account, or a subscription that lists it? */
function isForSecond(request: SipRequest): boolean {
  if (request.method === 'INVITE') return /^sip:kenmyer@/i.test(request.uri);
  return subscribe.is(request) && /<resource\b[^>]*\buri="sip:kenmyer@/i.test(request.body);
}

function redirect(name: string, description: string, contact: string): Fault {
  return {
    name,
    description: `lync: REGISTER is redirected (301) ${description}`,
    instead: ({ request, source }) =>
      request.method === 'REGISTER'
        ? answerTo(request, source, 301, 'Redirect request to Home Server', [{ name: 'Contact', value: contact }])
        : undefined,
  };
}

const version = {
  name: 'Warning',
  value: '310 lcs.microsoft.com "You are currently not using the recommended version"',
};

/** Faults of the Lync front end and of the Edge before it; with dialect rfc those of the front end do nothing. */
export const lyncFaults: readonly Fault[] = [
  lync('offers-kerberos-only', 'offers Kerberos alone', { offers: ['Kerberos'] }),
  lync('offers-tls-dsk-only', 'offers TLS-DSK alone', { offers: ['TLS-DSK'] }),
  lync('offers-digest-only', 'offers Digest alone', { offers: ['Digest'] }),
  lync('signature-version-3', 'offers NTLM with signatures of version 3', { version: 3 }),
  lync('signature-version-2', 'offers NTLM with signatures of version 2', { version: 2 }),
  challenge('garbage', 'garbage', 'is no NTLM message'),
  challenge('truncated', 'truncated', 'is cut off'),
  challenge('oversized', 'oversized', 'has 10 KB more than it needs'),
  challenge('overlapping', 'overlapping', 'has a field that lies in its header'),
  challenge('weak', 'weak', 'offers no NTLMv2'),
  lync('signature-wrong', 'answers are signed wrongly', { signature: 'wrong' }),
  lync('signature-missing', 'answers are not signed', { signature: 'missing' }),
  lync('signature-replayed', 'every answer bears the number of the first', { signature: 'replayed' }),
  lync('signature-swapped', 'every number comes once, but not in order: 1, 3, 2, 5, 4', { signature: 'swapped' }),
  lync('signature-missing-later', 'after the sign-in nothing is signed', { laterSignature: 'missing' }),
  lync('association-changed', 'answers name another security association', { signature: 'other-association' }),
  lync('association-changed-later', 'after the sign-in everything names another security association', {
    laterSignature: 'other-association',
  }),
  lync('clock-skew', 'the clock is 20 minutes ahead, and the sign-in is refused for it', { clockDiffersMs: 1_200_000 }),
  refused(
    'account-disabled',
    404,
    'Not Found',
    '4005;reason="Destination URI either not enabled for SIP or does not exist"',
  ),
  refused('remote-access-off', 403, 'Forbidden', '4003;reason="User is not enabled for remote access"'),
  refused('other-account', 403, 'Forbidden', '4004;reason="Credentials belong to another user"'),
  refused('client-refused', 403, 'Forbidden', '17003;reason="Client is not allowed"', version),
  refused('homed-elsewhere', 480, 'Temporarily Unavailable', '4006;reason="User is not homed in this pool"'),
  ...notRouted(register),
  redirect('redirect-inside', 'to contoso.test:5061', '<sip:contoso.test:5061;transport=tls>'),
  redirect('redirect-foreign', 'to a host of another domain', '<sip:sip.fabrikam.test:443;transport=tls>'),
  redirect('redirect-loop', 'to sip.contoso.test, again and again', '<sip:sip.contoso.test:443;transport=tls>'),
  notEnabled('second-account-disabled', 'INVITE or SUBSCRIBE for the second account', isForSecond),
  notEnabled('publisher-disabled', 'SERVICE', ({ method }) => method === 'SERVICE'),
  ...notRouted(subscribe),
  ...notRouted(methodStep('invite', 'INVITE')),
];
