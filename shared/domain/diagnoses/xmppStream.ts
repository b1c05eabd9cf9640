import type { CatalogueEntry } from '../diagnosis.js';

/** Opening a stream with an XMPP server, securing it and losing it (RFC 6120 sections 4 and 5). */
export const xmppStream = {
  XMPP_HEADER_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server took the connection, but did not answer.',
    causes: [
      'The server process hangs or is overloaded; the operating system still takes connections for it.',
      'A load balancer took the connection and has no server behind it.',
      'The port belongs to a service that waits for something else, for instance TLS at once where STARTTLS is expected.',
    ],
    next: [
      'Speak to it by hand: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect <xmpp-server>:5222`, or without -starttls on port 5223.',
      'On the server: `systemctl status prosody` or `ejabberdctl status`; a process that uses a whole processor hangs: restart it.',
      'If TLS begins at once on that port, set service of the receiver to `xmpps://<xmpp-server>:<port>`.',
    ],
  },
  XMPP_FEATURES_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server began the conversation and never said what it offers.',
    causes: [
      'A module of the server that adds to the features waits for a database or directory that does not answer.',
      'A proxy passed on the first packet and holds back the rest.',
    ],
    next: [
      'See where it stops: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Look into the log of the server for an error or a time-out of its storage at that second: `journalctl -u prosody --since "-5 min"` or `ejabberdctl status`.',
      'Try from the server itself: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect localhost:5222`. If it works there, a device between is at fault.',
    ],
  },
  XMPP_ELEMENT_INCOMPLETE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server began a message and did not finish it.',
    causes: [
      'The server or its connection stalled in the middle of sending.',
      'A device between cuts long packets: a wrong MTU, with ICMP blocked, lets short ones pass alone.',
    ],
    next: [
      'Repeat it and compare where it stops: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`. Always at the same size points at the network.',
      'Test the size of packets: `ping -M do -s 1400 <xmpp-server>`, and lower it until an answer comes.',
      'Watch the load and the log of the server at that second: `top`, `journalctl --since "-5 min"`.',
    ],
  },
  XMPP_CONNECTION_LOST: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The connection to the XMPP server broke.',
    causes: [
      'The server process crashed or was restarted.',
      'A firewall or load balancer cut the connection.',
      'The server bans the address of the prober after too many connections or failed sign-ins (fail2ban, limits).',
    ],
    next: [
      'Look whether the server restarted: `systemctl status prosody` or `ejabberdctl status`, and its log at that second.',
      'See who sent the end: `tcpdump -ni any "tcp[tcpflags] & (tcp-fin|tcp-rst) != 0 and port 5222"` on the server and before the firewall.',
      'Look for a ban of the address of the prober: `fail2ban-client status`, Prosody mod_limits, ejabberd mod_fail2ban.',
    ],
  },
  XMPP_STREAM_CLOSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server ended the conversation without giving a reason.',
    causes: [
      'The server is shutting down or dropping its sessions.',
      'An administrator or another sign-in of the test account ended the session.',
      'A limit on the number of sessions or on idle time was reached.',
    ],
    next: [
      'Read the log of the server for this session at that second.',
      'List the sessions of the account: `prosodyctl shell c2s show <jid>` or `ejabberdctl user_sessions_info <user> <xmpp-domain>`.',
      'Let the test account be used by the monitoring alone.',
    ],
  },
  XMPP_STREAM_VERSION: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server speaks an outdated version of the protocol.',
    causes: [
      'A very old server or gateway (Jabber before XMPP) answers, which knows no stream features.',
      'The port is that of components or of another protocol that also uses XML streams.',
    ],
    next: [
      'See what it answers: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`; the header must have version 1.0.',
      'Compare the port with the configuration of the server: clients usually have 5222 and 5223, components 5347.',
      'Replace or update the server: without stream features there is neither TLS nor SASL.',
    ],
  },
  XMPP_STARTTLS_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offers no encryption, so that nothing was sent to it.',
    causes: [
      'The certificate or key could not be loaded: servers then drop STARTTLS without a word.',
      'TLS is switched off for the domain.',
      'Somebody between removes the offer to read along.',
    ],
    next: [
      'Check the certificate there: `prosodyctl check certs`, or `ejabberdctl list_certificates all`; the process must be able to read the key.',
      'Demand encryption: Prosody `c2s_require_encryption = true` with module tls, ejabberd `starttls_required: true`.',
      'Compare from the server itself: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect localhost:5222`. If it is offered there, a device between removes it.',
    ],
  },
  XMPP_STARTTLS_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offered encryption and then refused it.',
    causes: [
      'The TLS context of the domain failed: key and certificate do not match, or the file was replaced and not reloaded.',
      'The server reached a limit for TLS sessions.',
    ],
    next: [
      'Read its log for tls or certificate at that second: `journalctl -u prosody --since "-5 min" | grep -i -e tls -e cert`.',
      'Compare key and certificate: `openssl x509 -noout -pubkey -in <certificate>` and `openssl pkey -pubout -in <key>` must print the same.',
      'Reload after a renewal: `prosodyctl reload` or `ejabberdctl reload_config`.',
    ],
  },
  XMPP_STARTTLS_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offered encryption and did not react when it was asked for.',
    causes: [
      'The process hangs while it loads keys or asks for entropy.',
      'An inspecting firewall holds back the exchange.',
    ],
    next: [
      'Try it by hand and measure: `time openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect <xmpp-server>:5222 </dev/null`.',
      'Try the same on the server: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect localhost:5222`; fast there and slow outside means the firewall.',
    ],
  },
  XMPP_STARTTLS_INJECTION: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Data was slipped into the conversation before its encryption began.',
    causes: [
      'Somebody between prober and server tries to smuggle stanzas into the encrypted session.',
      'The server is defective and sends on after it has agreed to TLS.',
    ],
    next: [
      'Connect from another network and compare: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`. If it happens on one way alone, that way is not to be trusted.',
      'Update the server: CVE-2011-0411 is this defect in other servers.',
    ],
  },
  XMPP_PING_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server signed the user in and then stopped answering.',
    causes: [
      'The server cannot store the presence or load the roster: its storage hangs.',
      'The process stands still after the sign-in.',
    ],
    next: [
      'Look into the log of the server for the account at that second.',
      'Test its storage: `df -h`, and the database with its own client.',
      'Sign in with another account; if that works, the data of this one (roster, offline messages) is damaged.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
