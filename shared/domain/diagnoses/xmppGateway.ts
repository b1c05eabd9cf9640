import type { CatalogueEntry } from '../diagnosis.js';

const showGateway =
  'Lync: show the gateway with `Get-CsXmppGatewayConfiguration` and set it with `Set-CsXmppGatewayConfiguration`; the pools it runs on are `Get-CsService -XmppGateway`.';
const rerun =
  'Leave out what is optional and see whether that changes anything: `edge-probes run xmpp-im --edge <edge-name> --verbose` with a receiver that has only its sipAddress, then add jid, service and password one by one.';
const lookAtRoute =
  'Look at the route by which the partner answers: `edge-probes run xmpp-federation --edge <edge-name> --verbose`.';

/** A message on its way between a SIP user and an XMPP user: refused, lost, or only one half seen. */
export const xmppGateway = {
  XMPP_GATEWAY_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The Edge knows no gateway that takes messages for the XMPP domain.',
    causes: [
      'No XMPP gateway is deployed, or it is not enabled for this pool. Skype for Business Server 2019 and later have none.',
      'The domain is not listed as an XMPP partner, so that it is looked for as a SIP domain and not found.',
      'The SIP address of the receiver is wrong: its domain is not that of the partner.',
    ],
    next: [
      showGateway,
      'List the partners, `Get-CsXmppAllowedPartner`, and add the one that is missing: `New-CsXmppAllowedPartner -Identity <xmpp-domain>`.',
      rerun,
      'Kamailio: look at the branch of the script that hands requests for the domain to the gateway, and at `gwmap` of its xmpp module.',
    ],
  },
  XMPP_PARTNER_NOT_ALLOWED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The Edge does not let its user write to the XMPP domain.',
    causes: [
      'The policy of the test account does not allow communication with XMPP partners.',
      'The domain is blocked, or partners are not allowed at this Edge at all.',
      'From and the credentials name two different users.',
    ],
    next: [
      'See what the account may do, `Get-CsExternalAccessPolicy | Select-Object Identity, EnableXmppAccess`, and allow it: `Set-CsExternalAccessPolicy -Identity <policy> -EnableXmppAccess $true`.',
      'See whether the domain is allowed: `Get-CsXmppAllowedPartner -Identity <xmpp-domain>` and `Get-CsBlockedDomain`.',
      'Compare sipAddress and userName of the first account in probes.json.',
    ],
  },
  XMPP_GATEWAY_UNAVAILABLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The Edge hands messages for the XMPP domain to a gateway that does not take them.',
    causes: [
      'The XMPP translating gateway on the Front End or the XMPP proxy on the Edge is stopped.',
      'The gateway has lost its connection to the XMPP server beside it.',
      'The route inside of the deployment leads to an Edge pool that is down.',
    ],
    next: [
      'See whether the services run: `Get-CsWindowsService -Name RTCXMPPTGW` on the Front Ends, `Get-CsWindowsService -Name RTCXMPPTGWPX` on the Edge; start them with `Start-CsWindowsService -Name <name>`.',
      showGateway,
      'Kamailio: its log at that second, and whether the XMPP server lists it as a component.',
    ],
  },
  XMPP_GATEWAY_DOWN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A message was taken, but did not arrive, and the XMPP route of the Edge does not work either.',
    causes: [
      'The XMPP proxy of the Edge, or the XMPP server behind it, is stopped, while SIP goes on.',
      'The firewall in front of the Edge lets TCP 5269 no longer through, in or out.',
      'The DNS records lead to an Edge pool that does not carry the XMPP route.',
    ],
    next: [
      lookAtRoute,
      'Start the XMPP proxy on the Edge: `Start-CsWindowsService -Name RTCXMPPTGWPX`; elsewhere the XMPP server that federates for the domain.',
      'If the pool is lost, follow the fail-over step by step: `edge-probes failover-check --edge <edge-name> --watch`.',
    ],
  },
  XMPP_MESSAGE_NOT_DELIVERED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A message was taken by the gateway, but did not arrive at the XMPP user, who is signed in.',
    causes: [
      'The way out does not work: the gateway cannot connect to the XMPP domain (TCP 5269 out, DNS inside of the perimeter), or the partner refuses it.',
      'The partner does not take messages of this domain: dialback fails, the certificate is not believed, or the domain is blocked there.',
      'The receiver has another device signed in, or its server holds back messages of strangers.',
      'An optional parameter is wrong: jid and sipAddress of the receiver are two different users.',
    ],
    next: [
      'Look into the log of the gateway and of the partner at that second; at the partner also for refused streams of the SIP domain.',
      'From the Edge, see whether the partner answers: `Test-NetConnection <xmpp-server> -Port 5269`, `Resolve-DnsName _xmpp-server._tcp.<xmpp-domain> -Type SRV`.',
      'Compare how both sides authenticate: `Get-CsXmppAllowedPartner -Identity <xmpp-domain> | Select-Object TlsNegotiation, SaslNegotiation, SupportDialbackNegotiation`.',
      rerun,
    ],
  },
  XMPP_MESSAGE_WITHOUT_SENDER: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The message arrived at the XMPP user without an address to reply to.',
    causes: [
      'The XMPP server of the receiver takes the sender out, which RFC 6120 forbids.',
      'The gateway sends without the address of the SIP user, and nobody puts it in.',
    ],
    next: [
      'Show the stanza as it came: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Look for a module of the XMPP server that rewrites messages.',
    ],
  },
  XMPP_REPLY_LOST: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A message arrived at the XMPP user, but the reply did not come back to the SIP user.',
    causes: [
      'The way in does not work: the partner cannot reach TCP 5269 of the Edge, or the records lead it to another pool.',
      'The partner reaches the Edge, which refuses it: dialback or certificate, or the partner is not allowed.',
      'The gateway does not find the session or the registration of the SIP user that the reply is for.',
    ],
    next: [
      lookAtRoute,
      'See what the partner says when it connects: the log of its XMPP server at that second, for streams to the SIP domain.',
      showGateway,
      'Kamailio: see whether the SIP user is bound at the server that the records name: `kamctl ul show <user>@<sip-domain>`.',
    ],
  },
  XMPP_TEXT_ALTERED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A text crossed the gateway, but was changed on its way.',
    causes: [
      'The gateway converts formats and loses letters beyond ASCII, markup or line ends.',
      'A disclaimer is added to messages to other organisations.',
    ],
    next: [
      'Compare both texts: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Let the gateway pass text/plain with charset UTF-8 as it is; except the test accounts from disclaimers.',
    ],
    degrades: true,
  },
  XMPP_DELIVERY_UNSEEN: {
    layer: 'xmpp',
    fault: 'target',
    meaning:
      'A message was taken for an XMPP user; whether it arrived was not seen, for nobody signed in as that user.',
    causes: [
      'The settings have no password for the receiver, as the cmdlet had none.',
      'The receiver belongs to somebody else, whose password is not to be had.',
    ],
    next: [
      'Give the receiver of xmpp-im a password in probes.json, `"password": { "env": "NAME" }`; on the command line set EDGE_PROBES_RECEIVER_PASSWORD.',
      'If there is no such password, look at the other end by hand from time to time.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
