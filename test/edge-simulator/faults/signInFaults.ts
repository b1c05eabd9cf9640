import type { Outgoing, OutgoingRequest } from '../services/service.js';
import { value } from '../sip/message.js';
import { readNameAddress } from '../sip/values.js';
import type { Fault } from './fault.js';
import { lync } from './lyncFaults.js';

/** Faults of what a sign-in at the Lync front end is worth afterwards: forgotten, ended, or not what messages are signed with. */
export const signInFaults: readonly Fault[] = [
  lync('association-lost', 'every request but REGISTER finds its sign-in forgotten (401)', { forgets: 'always' }),
  lync(
    'association-lost-once',
    'the first request over each connection but REGISTER finds its sign-in forgotten (401)',
    {
      forgets: 'once',
    },
  ),
  lync('requests-signed-wrongly', 'requests to clients are signed wrongly', { requestSignature: 'wrong' }),
  lync('requests-unsigned', 'requests to clients are not signed', { requestSignature: 'missing' }),
  {
    name: 'refusals-unsigned',
    description: 'lync: refusals are not signed, as those of an Edge, which holds no key',
    change: (answer) => (answer.status >= 300 ? { ...answer, unsigned: true } : answer),
  },
  {
    name: 'signed-out',
    description:
      'lync: before the answer to INVITE, or SUBSCRIBE to presence, comes the news that the user was signed out',
    arrange: (outgoing, exchange) =>
      exchange !== undefined && concernsOthers(exchange.request) ? [signedOut(exchange), ...outgoing] : outgoing,
  },
];

type Exchange = NonNullable<Parameters<NonNullable<Fault['arrange']>>[1]>;

function concernsOthers({ method, fields }: Exchange['request']): boolean {
  return method === 'INVITE' || (method === 'SUBSCRIBE' && value(fields, 'event') === 'presence');
}

/** MS-SIPREGE 3.1.5.3: another sign-in took the place of this one, or an administrator ended it. */
function signedOut({ request, source, flow }: Exchange): Outgoing {
  const own = value(request.fields, 'from') ?? '';
  const address = readNameAddress(own)?.uri ?? 'sip:contoso.test';
  const fields = [
    { name: 'Via', value: `SIP/2.0/TLS fe01.contoso.test:5061;branch=z9hG4bK-out-${source.token}` },
    { name: 'Max-Forwards', value: '70' },
    { name: 'From', value: `<${address}>;tag=out-${source.token}` },
    { name: 'To', value: own.replace(/;\s*tag=[^;]*/, '') },
    { name: 'Call-ID', value: `out-${source.token}@contoso.test` },
    { name: 'CSeq', value: '1 NOTIFY' },
    { name: 'Event', value: 'registration-notify' },
    { name: 'subscription-state', value: 'terminated;expires=0' },
    { name: 'ms-diagnostics-public', value: '4141;reason="User disabled"' },
    { name: 'Content-Type', value: 'text/registration-event' },
  ];
  const notice = { method: 'NOTIFY', uri: address, fields, body: 'deregistered;event=rejected' };
  return { flow, request: notice, occasion: 'proxied' } satisfies OutgoingRequest;
}
