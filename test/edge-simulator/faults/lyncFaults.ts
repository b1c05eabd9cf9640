import type { ChallengeForm, LyncPolicy } from '../services/lync/lyncPolicy.js';
import { answerTo } from '../sip/answer.js';
import type { HeaderField } from '../sip/message.js';
import type { Fault } from './fault.js';

/** A fault that changes how the front end of dialect lync behaves. */
function lync(name: string, description: string, policy: Partial<LyncPolicy>): Fault {
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

/** The Edge refuses by itself, unsigned: it could not hand the request on. */
function notRouted(id: number, reason: string, more = ''): Fault {
  const value = `${id};reason="${reason}";source="sip.contoso.test"${more}`;
  return {
    name: `edge-504-${id}`,
    description: `lync: the Edge answers REGISTER 504 Server time-out with ms-diagnostics ${id}`,
    instead: ({ request, source }) =>
      request.method === 'REGISTER'
        ? answerTo(request, source, 504, 'Server time-out', [{ name: 'ms-diagnostics', value }])
        : undefined,
  };
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
  lync('association-changed', 'answers name another security association', { opaqueChanges: true }),
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
  notRouted(1005, 'Cannot route to destination domain', ';domain="partner.test"'),
  notRouted(1007, 'Temporarily cannot route'),
  notRouted(1008, 'Unable to resolve DNS SRV record', ';domain="partner.test";dns-srv-result="NegativeResult"'),
  notRouted(1009, 'No match for domain in DNS SRV results', ';domain="partner.test"'),
  notRouted(1010, 'Certificate trust with next-hop server could not be established', ';HRESULT="0x800B0109"'),
  notRouted(1014, 'Unable to resolve DNS A record', ';fqdn1="fe01.contoso.test"'),
  notRouted(
    1034,
    'Previous hop federated peer did not report diagnostic information',
    ';PeerServer="sip.partner.test"',
  ),
  notRouted(1046, 'Failed to connect to a federated peer server', ';PeerServer="sip.partner.test"'),
  notRouted(1047, 'Failed to complete TLS negotiation with a federated peer server', ';WinsockFailureCode="10054"'),
  redirect('redirect-inside', 'to contoso.test:5061', '<sip:contoso.test:5061;transport=tls>'),
  redirect('redirect-foreign', 'to a host of another domain', '<sip:sip.fabrikam.test:443;transport=tls>'),
  redirect('redirect-loop', 'to sip.contoso.test, again and again', '<sip:sip.contoso.test:443;transport=tls>'),
];
