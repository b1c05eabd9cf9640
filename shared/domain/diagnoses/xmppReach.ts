import type { CatalogueEntry } from '../diagnosis.js';

/** Stanzas that come back because nobody is there to take them (RFC 6120 section 8.3.3). */
export const xmppReach = {
  XMPP_STANZA_GONE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP address is no longer in use.',
    causes: ['The receiver or room was removed for good.', 'It has moved; the text may name the new address.'],
    next: ['Ask the operator of the domain for the new address.', 'Enter it in probes.json.'],
  },
  XMPP_STANZA_ITEM_NOT_FOUND: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP address does not exist.',
    causes: ['The user or room was deleted or never created.', 'The address in probes.json is mistyped.'],
    next: [
      'Look it up: `prosodyctl shell user list <xmpp-domain>` or `ejabberdctl check_account <user> <xmpp-domain>`.',
      'Create it: `prosodyctl adduser <jid>`, or correct probes.json.',
    ],
  },
  XMPP_STANZA_JID_MALFORMED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server does not take the address as written.',
    causes: [
      'The gateway maps addresses of the other side in a form of its own (escaping, a star or percent sign).',
      'The address has letters that are not allowed.',
    ],
    next: [
      'Compare with the mapping of the gateway: Kamailio `modparam("xmpp", "domain_separator", "*")`; XEP-0106 for escaping.',
      'Correct jid and sipAddress of the receiver in probes.json.',
    ],
  },
  XMPP_STANZA_RECIPIENT_UNAVAILABLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP receiver is not available at the moment.',
    causes: [
      'The receiver is not signed in, or signed out just before.',
      'Its session is on another node that this server does not see.',
      'Messages for users that are offline are not stored.',
    ],
    next: [
      'See whether the receiver is signed in while the run goes on: `prosodyctl shell c2s show <jid>` or `ejabberdctl connected_users`.',
      'On a cluster: `ejabberdctl list_cluster`.',
    ],
  },
  XMPP_STANZA_REDIRECT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP receiver is to be reached at another address.',
    causes: ['The receiver redirects its messages.', 'The address was moved, for the time being.'],
    next: [
      'The text may name the other address; the monitoring does not follow it.',
      'Switch off the redirection for the test account.',
    ],
  },
  XMPP_STANZA_REMOTE_SERVER_NOT_FOUND: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server could not find the server of the other domain.',
    causes: [
      'The other domain has no SRV record for servers, or its targets have no address.',
      'The server that sends uses a resolver that does not see the public zone.',
      'Server to server is switched off or the certificate was refused, which some servers report this way.',
    ],
    next: [
      'Ask as that server does, on its machine: `dig +short _xmpp-server._tcp.<other-domain> SRV`.',
      'Test the route: `edge-probes run xmpp-federation --edge <edge-name> --verbose`.',
      'Read its log for s2s and the other domain; Prosody: `prosodyctl shell s2s show <other-domain>`, `prosodyctl check connectivity`.',
    ],
  },
  XMPP_STANZA_REMOTE_SERVER_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server got no answer from the server of the other domain.',
    causes: [
      'The XMPP proxy or gateway of the other domain is down, or its port is closed by a firewall.',
      'After a fail-over DNS still leads to the pool that is gone.',
      'The dialback of the other side does not come back: its connection to the own server is blocked.',
    ],
    next: [
      'Test the port from that server: `nc -vz <xmpp-edge> 5269`.',
      'Look at the route and its targets: `edge-probes run xmpp-federation --edge <edge-name> --verbose`.',
      'Lync: `Get-CsWindowsService RTCXMPPTGWPX` on the Edge and `Get-CsXmppGatewayConfiguration`.',
    ],
  },
  XMPP_STANZA_SERVICE_UNAVAILABLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Nobody takes the message at that XMPP address.',
    causes: [
      'The receiver does not exist: servers answer so, to tell nothing about their users.',
      'It is not signed in, and messages are not stored for it.',
      'The module or gateway for the address is not running.',
    ],
    next: [
      'Look whether the account exists and is signed in: `ejabberdctl check_account <user> <xmpp-domain>`, `prosodyctl shell c2s show <jid>`.',
      'See whether the gateway is up: `systemctl status kamailio`, and its component on the XMPP server: `prosodyctl shell component list`.',
      'Correct the address of the receiver in probes.json.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
