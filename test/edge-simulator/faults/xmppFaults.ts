import { addressRecord, type ZoneRecord } from '../dns/records.js';
import type { OutgoingRequest } from '../services/service.js';
import type { XmppFault, XmppServerFault } from '../xmpp/xmppFault.js';
import type { Fault } from './fault.js';
import { exchanged, withBody, withField } from './requestChanges.js';

function fault(name: string, description: string, xmpp: XmppFault): Fault {
  return { name: `xmpp-${name}`, description: `xmpp: ${description}`, xmpp };
}

/** A fault of the server that partners come to. */
function active(name: string, description: string, server: XmppServerFault): Fault {
  return fault(name, description, { active: server });
}

/** A fault of what comes back to the SIP user. */
function reply(name: string, description: string, change: (one: OutgoingRequest) => readonly OutgoingRequest[]): Fault {
  const isReply = ({ request }: OutgoingRequest) => request.method === 'MESSAGE';
  const arrange = exchanged('crossed', (one) => (isReply(one) ? change(one) : [one]));
  return { name: `xmpp-reply-${name}`, description: `xmpp: ${description}`, arrange };
}

function records(
  name: string,
  description: string,
  change: (records: readonly ZoneRecord[]) => readonly ZoneRecord[],
): Fault {
  return { name: `xmpp-${name}`, description: `xmpp: ${description}`, dns: { change } };
}

const beyondAscii = /[^\0-\x7f]/g;
const standbyHost = 'edge2.contoso.test';
const service = '_xmpp-server._tcp.contoso.test';

/** What is true of a message that goes nowhere. */
const lost = () => undefined;

/** Faults of the XMPP gateway, of the servers that XMPP partners come to, and of the partner's own. */
export const xmppFaults: readonly Fault[] = [
  fault('gateway-missing', 'there is no gateway: 404, with lync 504 and ms-diagnostics 1008', { gateway: 'missing' }),
  fault('not-allowed', 'users may not write to the partner: 403, with lync ms-diagnostics 1002', {
    gateway: 'not-allowed',
  }),
  fault('gateway-stopped', 'the gateway does not answer the front end: 503, with lync 480 and ms-diagnostics 1038', {
    gateway: 'stopped',
  }),
  fault('message-lost', 'the gateway takes messages, and they do not reach the partner', { outward: lost }),
  fault('message-refused', 'the partner returns messages; with lync the gateway then ends the session by BYE', {
    refusesOutward: 'remote-server-not-found',
  }),
  fault('message-altered', 'letters beyond ASCII reach the partner as question marks', {
    outward: (message) => ({ ...message, text: message.text.replace(beyondAscii, '?') }),
  }),
  fault('message-without-sender', 'messages reach the partner without the address of their sender', {
    outward: (message) => ({ ...message, from: undefined }),
  }),
  reply('lost', 'messages of the partner do not reach the SIP user', () => []),
  reply('altered', 'letters beyond ASCII reach the SIP user as question marks', (one) => [
    withBody(one, (body) => body.replace(beyondAscii, '?')),
  ]),
  reply('other-sender', 'messages of the partner reach the SIP user in the name of somebody else', (one) => [
    inAnotherName(one),
  ]),
  fault('reply-refused', 'messages for the SIP domain come back to the partner', {
    refusesInward: 'remote-server-timeout',
  }),
  fault('proxy-stopped', 'the XMPP proxy is stopped: its port is closed, and no message gets out', {
    active: { accept: 'refuse' },
    outward: lost,
  }),
  active('server-closed', 'the port for partners is closed, while messages get out', { accept: 'refuse' }),
  active('server-silent', 'connections of partners are accepted and never answered', { accept: 'silent' }),
  active('server-hangs-up', 'connections of partners are closed at once', { accept: 'close' }),
  active('server-host-unknown', 'partners are told host-unknown', { refused: 'host-unknown' }),
  active('server-starttls-missing', 'partners are not offered STARTTLS', { startTls: 'missing' }),
  active('server-starttls-refused', 'STARTTLS is offered to partners, and refused', { startTls: 'refused' }),
  active('server-dialback-missing', 'partners are offered no way to authenticate', { dialback: false }),
  active('server-certificate-expired', 'the certificate for partners is expired', { certificate: 'expired' }),
  active('server-certificate-wrong-name', 'the certificate for partners is wrong-name', { certificate: 'wrong-name' }),
  active('server-certificate-untrusted', 'the certificate for partners is untrusted', { certificate: 'untrusted' }),
  fault('standby-closed', 'the port of the standby is closed', { standby: { accept: 'refuse' } }),
  fault('standby-host-unknown', 'partners of the standby are told host-unknown', {
    standby: { refused: 'host-unknown' },
  }),
  records('standby-same-address', 'the standby has the address of the active server', (all) => [
    ...all.filter(({ name }) => name !== standbyHost),
    addressRecord(standbyHost, '127.0.0.1'),
  ]),
  records('srv-moved', 'the records name the standby first, as after a fail-over', (all) =>
    all.map((one) => (one.name === service && one.type === 'SRV' ? { ...one, priority: 10 - one.priority } : one)),
  ),
  records('srv-missing', 'there is no record _xmpp-server._tcp', (all) => all.filter(({ name }) => name !== service)),
  fault('receiver-refused', 'the partner refuses every sign-in with not-authorized', {
    partner: { refusal: 'not-authorized' },
  }),
  fault('receiver-disabled', 'the partner refuses every sign-in with account-disabled', {
    partner: { refusal: 'account-disabled' },
  }),
  fault('partner-closed', 'the ports of the partner for its users are closed', { partner: { accept: 'refuse' } }),
  fault('partner-certificate-expired', 'the certificate of the partner for its users is expired', {
    partner: { certificate: 'expired' },
  }),
  records('partner-starttls-only', 'there is no record _xmpps-client._tcp: users have to use STARTTLS', (all) =>
    all.filter(({ name }) => name !== '_xmpps-client._tcp.partner.test'),
  ),
  {
    name: 'xmpp-partner-clear',
    description: 'xmpp: there is no record _xmpps-client._tcp, and users are not offered STARTTLS',
    xmpp: { partner: { offersTls: false } },
    dns: { change: (all) => all.filter(({ name }) => name !== '_xmpps-client._tcp.partner.test') },
  },
];

/** The same tag: it stays in its dialog. */
function inAnotherName(one: OutgoingRequest): OutgoingRequest {
  const from = one.request.fields.find(({ name }) => name === 'From')?.value ?? '';
  return withField(one, 'From', from.replace(/<[^>]*>/, '<sip:bjensen@partner.test>'));
}
