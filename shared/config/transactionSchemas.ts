import * as z from 'zod';
import { expected } from './problems.js';
import {
  bareJid,
  domain,
  filePath,
  flag,
  host,
  milliseconds,
  port,
  scheduleText,
  secretReference,
  sipAddress,
  text,
  wholeNumber,
  xmppServiceText,
} from './values.js';

const everyFiveMinutes = '0 */5 * * * *';
const everyFifteenMinutes = '0 */15 * * * *';

/** The keys of every transaction. The run's limit keeps lease, run and clean-up inside the host's two minutes. */
function common(schedule: string) {
  return {
    schedule: scheduleText().default(schedule).describe('When it runs: NCRONTAB with six fields (seconds first), UTC.'),
    deadlineMs: milliseconds(1000, 90_000)
      .optional()
      .describe("The longest a run may take, clean-up not counted; without it the transaction's own limit."),
    degradedAboveMs: milliseconds(1, 90_000).optional().describe('A success slower than this is degraded.'),
    title: text(100).optional().describe('What the status calls it.'),
    group: text(100).optional().describe('Heading under which the status shows it.'),
  };
}

const user = {
  jid: bareJid().optional().describe("Bare JID; without it the sipAddress without its 'sip:'."),
  sipAddress: sipAddress()
    .optional()
    .describe("The same user as a SIP user addresses it; without it 'sip:' and the JID."),
  password: secretReference()
    .optional()
    .describe('Signs in as this user, so that delivery is seen; without it only the sending is tested.'),
  service: xmppServiceText()
    .optional()
    .describe('Where this user signs in: xmpps:// for TLS at once, xmpp:// for STARTTLS; without it found in DNS.'),
};

const roomUser = () => z.strictObject({ ...user, password: secretReference().describe('Signs in as this user.') });

const clientCertificate = () =>
  z.strictObject({
    certFile: filePath().describe('PEM file of the certificate, relative to this file.'),
    keyFile: filePath().describe('PEM file of its private key, relative to this file.'),
  });

const hostOrHosts = () => {
  const error = expected('a host name or a list of host names');
  return z.union([host(), z.array(host())], { error });
};

/** What may stand under an edge's `transactions`. */
export const transactionsSchema = z.strictObject({
  registration: z
    .strictObject(common(everyFiveMinutes))
    .optional()
    .describe('Sign in and out. Needs the first account.'),
  presence: z
    .strictObject({
      ...common(everyFiveMinutes),
      notifyTimeoutMs: milliseconds(1000, 60_000)
        .default(25_000)
        .describe('How long the published value may take to arrive.'),
    })
    .optional()
    .describe('Publish and watch presence. Needs both accounts.'),
  im: z.strictObject(common(everyFiveMinutes)).optional().describe('Exchange instant messages. Needs both accounts.'),
  'xmpp-im': z
    .strictObject({
      ...common(everyFiveMinutes),
      receiver: z.strictObject(user).describe('The user of an XMPP domain who gets the message.'),
    })
    .optional()
    .describe('Message a user of an XMPP domain. Needs the first account.'),
  'persistent-chat': z
    .strictObject({
      ...common(everyFiveMinutes),
      room: text(256).describe('lync: name of the chat room, or its address (ma-chan://…); rfc: its bare JID.'),
      create: flag().optional().describe('rfc only: make the room where there is none.'),
      first: roomUser().optional().describe('rfc only: the first XMPP user.'),
      second: roomUser().optional().describe('rfc only: the second XMPP user.'),
    })
    .optional()
    .describe('Exchange messages in a chat room. lync: needs both accounts.'),
  'push-notification': z
    .strictObject({
      ...common(everyFifteenMinutes),
      uri: sipAddress().default('sip:push@push.lync.com').describe('Address of the push clearing house.'),
    })
    .optional()
    .describe('Look at the route to the push clearing house. lync only; needs the first account.'),
  'av-edge': z
    .strictObject({
      ...common(everyFiveMinutes),
      host: host()
        .optional()
        .describe('Host of the relay; without it as the Edge says, else av.<sipDomain> (lync), else the Access Edge.'),
      udpPort: port().optional().describe('UDP port of the relay; without it as the Edge says (lync), else 3478.'),
      tcpPort: port()
        .optional()
        .describe('TCP port of the relay; without it as the Edge says, else 443 (lync); 3478 (rfc).'),
      tlsPort: port().optional().describe('rfc only: TLS port of the relay; without it TLS is not tried.'),
      userName: text(256)
        .optional()
        .describe('User of the relay (lync: in base64); without it credentials are asked for in band (lync).'),
      password: secretReference().optional().describe("That user's password."),
      sharedSecret: secretReference()
        .optional()
        .describe('rfc only: secret that time-limited credentials are derived from.'),
      packets: wholeNumber(1, 200).default(20).describe('How many packets the echo through the relay sends.'),
    })
    .optional()
    .describe(
      'Allocate a media relay and echo through it. lync: with the first account or credentials; without, it is only asked whether it demands them.',
    ),
  'sip-federation': z
    .strictObject({
      ...common(everyFifteenMinutes),
      partners: z
        .array(domain())
        .default([])
        .describe('SIP domains whose federation route is looked at beside the own one.'),
      clientCertificate: clientCertificate().optional().describe('Shown when the Edge demands a certificate.'),
    })
    .optional()
    .describe('Look at the SIP federation route. Needs no account.'),
  'xmpp-federation': z
    .strictObject({
      ...common(everyFiveMinutes),
      expectActive: host().optional().describe('The host that should have the best SRV priority.'),
      expectStandby: hostOrHosts().optional().describe('The host, or hosts, that should be ready to take over.'),
      port: port().default(5269).describe('Port on which XMPP servers are expected.'),
    })
    .optional()
    .describe('Look at every XMPP federation target and at a fail-over. Needs no account.'),
});
