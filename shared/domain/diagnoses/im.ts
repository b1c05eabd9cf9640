import type { CatalogueEntry } from '../diagnosis.js';

/** Instant messages (RFC 3428): refused, lost on the way, or not what was sent. */
export const im = {
  IM_MESSAGE_FORBIDDEN: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server does not let one test account write to the other.',
    causes: [
      'A policy for instant messages, an ethical wall or the receiver itself blocks the sender.',
      'From and the credentials name two different users.',
      'A content filter refuses the text (ms-diagnostics 16000 to 16999).',
    ],
    next: [
      'Kamailio: look for a 403 in the routes that MESSAGE takes, and at permissions and blocklists: `kamcmd permissions.addressDump`, `kamcmd htable.dump <table>`.',
      'Compare sipAddress and userName of both accounts in probes.json.',
      'Lync: `Get-CsClientPolicy` and `Get-CsImFilterConfiguration`; the text of the monitoring has letters beyond ASCII and markup.',
    ],
  },
  IM_RECEIVER_UNKNOWN: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server does not know the user a message is meant for, although that user is signed in.',
    causes: [
      'The receiver has an alias: it signs in under one address and is looked up under another.',
      'Sign-in and routing of messages use different tables or domains.',
      'The message went to another server than the one the receiver is signed in at.',
    ],
    next: [
      'See under which address the receiver is bound while the run goes on: `kamctl ul show`.',
      'Compare the domain in the address of both accounts with those that are served: `kamcmd domain.dump`, `Get-CsSipDomain`.',
      'Follow the message through the script: `edge-probes run im --edge <edge-name> --trace trace.txt`, and the log of the server at that second.',
    ],
  },
  IM_RECEIVER_UNAVAILABLE: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server says that a user is not signed in who signed in moments before.',
    causes: [
      'Several servers behind one address do not share their registrations, and sender and receiver are on different ones.',
      'The server wants to open a new connection to the receiver instead of using the one it came over.',
      'The registration was lost: its table does not take writes, or it expired at once.',
    ],
    next: [
      'Look at the bindings on each server while the run goes on: `kamctl ul show <receiver>@<sip-domain>`.',
      'Kamailio: `fix_nated_register()` and `received_avp` let it find the connection again; check `set_forward_no_connect()` and `tcp_connection_lifetime`.',
      'With several servers: share usrloc (dmq_usrloc, or one database), or keep users of one account on one server.',
    ],
  },
  IM_METHOD_UNSUPPORTED: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server does not offer instant messages in the standard form.',
    causes: [
      'MESSAGE is not relayed: the script or a session border controller takes calls only.',
      'The Edge is one of Lync or Skype for Business, which exchanges messages within sessions, and dialect is not lync.',
    ],
    next: [
      'See in Allow what it takes: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
      'Allow MESSAGE in the script (Kamailio: the branch that relays must not be limited to INVITE) or on the session border controller.',
      'Set the dialect that fits the server, or remove im from the transactions of this edge.',
    ],
  },
  IM_CONTENT_UNSUPPORTED: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server does not take plain text as a message.',
    causes: [
      'The server or the gateway behind it wants another format, such as message/cpim.',
      'A session border controller has a list of allowed bodies without text/plain.',
    ],
    next: [
      'The Accept header field of the answer names what is taken: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
      'Allow text/plain with charset UTF-8 there.',
    ],
  },
  IM_MESSAGE_NOT_ACCEPTABLE: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server found a message not acceptable as it was.',
    causes: [
      'Lync and Skype for Business take a message only within a session (488): dialect must be lync.',
      'The gateway that the receiver is reached by takes only certain requests or texts.',
      'The text is held to be spam, or too long, or has characters that are not allowed.',
    ],
    next: [
      'Read what the server said (Warning, ms-diagnostics) beside the status.',
      'Send a harmless text between the same accounts with another client; if that passes, a filter dislikes the letters or the markup of the probe.',
      'Follow the way of the message behind the server: `sngrep`, or its log at that second.',
    ],
  },
  IM_DELIVERY_TIMEOUT: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message was confirmed as delivered, but did not arrive.',
    causes: [
      'Another device of the receiver, or a dead binding of it, took the message and confirmed it.',
      'The server confirms on its own before it relays, and then fails to.',
      'The message was sent over another connection than the one that the receiver registered with.',
    ],
    next: [
      'List the bindings of the receiver while the run goes on: `kamctl ul show <receiver>@<sip-domain>`; more than the one of the prober means that somebody else is signed in.',
      'See where the message left the server: `sngrep`, or `tcpdump -ni any port 5061`.',
      'Remove dead bindings: `kamctl ul rm <receiver>@<sip-domain>`, and let them end with their connection (`handle_lost_tcp`).',
    ],
  },
  IM_ACCEPTED_NOT_DELIVERED: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message was accepted for delivery, but did not arrive in time.',
    causes: [
      'The server stores messages (202) and hands them on later, as it does for users that are not signed in.',
      'It takes the receiver for signed out although it is signed in.',
      'A gateway or queue behind the server is stuck.',
    ],
    next: [
      'Look into the store of messages: Kamailio msilo, `kamctl db roexec "select src_addr, dst_addr from silo"`.',
      'See whether the server knows the receiver as signed in: `kamctl ul show <receiver>@<sip-domain>`.',
      'Watch the queue of the gateway behind it, and its log: `journalctl --since "-10 min"`.',
    ],
  },
  IM_TEXT_ALTERED: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message arrived, but not with the text that was sent.',
    causes: [
      'A gateway or archive changes the encoding: letters beyond ASCII are lost or replaced.',
      'Markup is escaped twice or taken out by a content filter.',
      'A disclaimer or a signature is added to every message.',
    ],
    next: [
      'Compare both texts: `edge-probes run im --edge <edge-name> --trace trace.txt` shows them as they were sent and as they came.',
      'Look for the module that touches bodies on the way (Kamailio: `set_body`, `subst_body`, msilo, a gateway to XMPP) and let it keep charset=UTF-8.',
      'If the change is intended for everybody, except the test accounts from it.',
    ],
  },
  IM_SENDER_WRONG: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message arrived in the name of another sender.',
    causes: [
      'The server puts an alias, a telephone number or an anonymous address in From.',
      'A module that rewrites From (uac, topology hiding) confuses two users.',
    ],
    next: [
      'Both addresses stand in the error. If they are one user, use the one that others see as sipAddress in probes.json.',
      'Kamailio: look for `uac_replace_from` and topoh or topos in the script; users must be able to reply to what they see.',
    ],
  },
  IM_CONNECTION_LOST: {
    layer: 'im',
    fault: 'target',
    meaning: 'The connection of a user broke while a message was on its way to that user.',
    causes: [
      'The service crashed or restarted, or its process for this connection did.',
      'A device between keeps idle connections for seconds only.',
      'The server ends the connection of a client for which it cannot deliver.',
    ],
    next: [
      'Repeat a few times: `edge-probes run im --edge <edge-name> --verbose`. If it breaks each time, the message itself is the cause.',
      'See who closed it: `tcpdump -ni any "tcp[tcpflags] & (tcp-fin|tcp-rst) != 0 and port 5061"` on the server and in front of the firewall.',
      'Look into the log of the server at that second for the connection or a crash.',
    ],
  },
  IM_DELIVERED_TWICE: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message arrived more than once.',
    causes: [
      'The receiver has two bindings that lead to one connection, for instance one by Contact and one by a path.',
      'The server sends again over TCP what was confirmed already, or two servers both relay it.',
    ],
    next: [
      'Compare Call-ID and branch of both: `edge-probes run im --edge <edge-name> --trace trace.txt`. Different branches mean forking, equal ones a repetition.',
      'Show the bindings of the receiver during a run, `kamctl ul show <receiver>@<sip-domain>`, and the loops in the script that call `t_relay()`.',
    ],
    degrades: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
