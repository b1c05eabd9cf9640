import type { CatalogueEntry } from '../diagnosis.js';

/** NOTIFY requests (RFC 6665, RFC 3856) that do not come, or bring something else than was published. */
export const presence = {
  PRESENCE_NOTIFY_TIMEOUT: {
    layer: 'presence',
    fault: 'target',
    meaning: 'A change of presence did not reach the other user in time.',
    causes: [
      'The presence agent accepted the publication but tells no watcher: it is overloaded, or notifications wait for a timer.',
      'Publisher and subscriber are served by different servers that do not share presence.',
      'Network trouble between the servers, or a notification that is sent to a place where the subscriber is not.',
      'In Lync and Skype for Business: the replication of presence between Front End servers of a pool stands still.',
    ],
    next: [
      'Repeat and watch: `edge-probes run presence --edge <edge-name> --verbose`. If it succeeds with a longer notifyTimeoutMs, the agent is slow and not broken.',
      'Are both accounts enabled? `"<subscriber>", "<publisher>" | Get-CsUser | Select-Object SipAddress, Enabled, RegistrarPool`.',
      'Kamailio: `kamcmd presence.presentity_list` shows what was published; with `send_fast_notify` off, notifications wait for `notifier_poll_rate`.',
      'Restart the presence agent if it hangs: `systemctl restart kamailio`, or `Stop-CsWindowsService -Name RTCSRV` and `Start-CsWindowsService -Name RTCSRV`.',
    ],
  },
  PRESENCE_FIRST_NOTIFY_TIMEOUT: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server accepted a presence subscription, but never confirmed it.',
    causes: [
      'The notification is sent to the address in Contact instead of the connection that the subscriber opened, and is lost at its firewall.',
      'The agent cannot send requests: its own address (server_address) or the route to the client is wrong.',
      'SUBSCRIBE is answered by the script, but handed to nobody who notifies.',
    ],
    next: [
      'Look on the server where its NOTIFY goes: `sngrep`, or `tcpdump -ni any port 5061`.',
      'Kamailio: call `fix_nated_contact()` before `handle_subscribe()`, and allow connections to be reused (`set_forward_no_connect()`, `tcp_connection_lifetime`).',
      'See that server_address of the presence module names an address that the server itself listens on.',
    ],
  },
  PRESENCE_VALUE_MISSING: {
    layer: 'presence',
    fault: 'target',
    meaning: 'Presence notifications arrived, but not with what the other user had published.',
    causes: [
      'The agent sends a stored older state: its cache is not renewed by the publication.',
      'Another client of the publisher has a state of higher rank, which replaces the new one in the composed document.',
      'Privacy rules take the note out of the document, or an empty document is sent in its place.',
    ],
    next: [
      'Look at the documents that came: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'See what the server holds for the publisher: `kamcmd presence.presentity_list`; end publications that nobody renews any more.',
      'Use test accounts that nobody else is signed in with, and let the subscriber see everything of the publisher.',
    ],
  },
  PRESENCE_SUBSCRIPTION_PENDING: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The presence subscription waits for a consent that nobody gives.',
    causes: [
      'The publisher has to allow each watcher, and has not allowed this one.',
      'The rules of the publisher cannot be read (XCAP server or its table is gone), so that everybody waits.',
    ],
    next: [
      'Sign in as the publisher once and allow the subscriber for good.',
      'Or let test accounts be watched without asking: Kamailio `modparam("presence_xml", "force_active", 1)`.',
      'See whether the rules are there: `kamctl db roexec "select username from xcap where doc_type=2"`.',
    ],
  },
  PRESENCE_SUBSCRIPTION_REJECTED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The presence subscription was taken and then rejected.',
    causes: [
      'The publisher, or a rule of the server, has blocked the subscriber.',
      'The rights of one of the accounts were changed while the run was going on.',
    ],
    next: [
      'Remove the block: in the client of the publisher, or in its rules: `kamctl db roexec "select username, doc from xcap where doc_type=2"`.',
      'See in the trace whether the rejection is the first or a later notification: `edge-probes run presence --edge <edge-name> --trace trace.txt`. A later one means that something changed meanwhile.',
    ],
  },
  PRESENCE_SUBSCRIPTION_ENDED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server ended a presence subscription that was still needed.',
    causes: [
      'The server is shut down or moves its users (reason deactivated or probation).',
      'The number of subscriptions of an account is limited, and another one took over (giveup; ms-diagnostics 2139).',
      'The publisher was removed or has never had presence there (noresource).',
      'The server forgot the lifetime that it had granted (timeout).',
    ],
    next: [
      'The reason in the error names the kind; a retry-after says how long the server wants to be left alone.',
      'Ask whether maintenance is going on; if so, enter a maintenance window in probes.json.',
      'See that no other prober or client uses the same accounts: leftover subscriptions stand in the table active_watchers: `kamctl db roexec "select presentity_uri, watcher_username, expires from active_watchers"`.',
    ],
  },
  PRESENCE_NOTIFY_UNMATCHED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'Presence notifications arrived that belong to no subscription of the test account.',
    causes: [
      'The server lost track of its dialogs: Call-ID or tags of the notification are those of another subscription.',
      'A notification for an earlier client on the same address was sent over the connection of the prober.',
      'A device between rewrites Call-ID, tags or the Event header field.',
    ],
    next: [
      'Compare Call-ID, To tag and Event of NOTIFY and SUBSCRIBE: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'See which subscriptions the server holds for the account: `kamctl db roexec "select callid, from_tag, to_tag from active_watchers where watcher_username=\'<user>\'"`; those left over end by themselves.',
      'Switch off SIP inspection (ALG, topology hiding) on the device between, and repeat.',
    ],
  },
  PRESENCE_PRESENTITY_WRONG: {
    layer: 'presence',
    fault: 'target',
    meaning: 'A user was shown the presence of somebody else.',
    causes: [
      'The agent mixed up two users: a defect of its cache, or of a script that rewrites addresses before it is called.',
      'The publisher has an alias, and the document names the other address.',
    ],
    next: [
      'Both addresses stand in the error. If they are one user, use the one that the server writes as sipAddress in probes.json.',
      'If they are two, users see what is not meant for them: take it to the owner of the server with `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
    ],
  },
  PRESENCE_DOCUMENT_UNREADABLE: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server sent a presence document that clients cannot read.',
    causes: [
      'The document is cut off or composed wrongly, for instance of two documents without a common root.',
      'What another client published is passed on without a check.',
      'A device changed the body but not its length or encoding.',
    ],
    next: [
      'Save the body of the notification and check it: `edge-probes run presence --edge <edge-name> --trace trace.txt`, then `xmllint --noout body.xml`.',
      'See whether another client publishes for this account, sign it out, and repeat: `kamcmd presence.presentity_list`.',
      'If it is the server that composes it so, update it; Kamailio: `presence_xml` and `pua` have had such defects.',
    ],
  },
  PRESENCE_DOCUMENT_FORBIDDEN: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server sent a presence document of a dangerous form, which was not read.',
    causes: [
      'Somebody published a document with a type declaration and entities, an attempt to make readers of it fetch files or run out of memory.',
      'A gateway writes documents with a DOCTYPE, as XPIDF of the nineties had it.',
    ],
    next: [
      'Find out who published it: `edge-probes run presence --edge <edge-name> --trace trace.txt` shows the document, the log of the server the sender.',
      'Let the server refuse such bodies (in Kamailio, check `$rb` for "<!DOCTYPE" before `handle_publish()`).',
    ],
  },
  PRESENCE_DOCUMENT_TOO_LARGE: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server sent a presence document larger than the monitoring accepts.',
    causes: [
      'Publications of the account have piled up, and all of them are composed into one document.',
      'A client published a picture or a whole calendar as presence.',
    ],
    next: [
      'Count what is stored for the account: `kamctl db roexec "select count(*) from presentity where username=\'<user>\'"`.',
      'Empty it, and give publications an end: `modparam("presence", "max_expires", 3600)`.',
      'Use a test account of its own for monitoring.',
    ],
  },
  PRESENCE_FORMAT_UNEXPECTED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server sent presence in a format that was not asked for.',
    causes: [
      'The server ignores the Accept header field and sends a format of its own, or a list (application/rlmi+xml).',
      'The dialect of the edge in probes.json does not fit: Lync and Skype for Business send categories.',
    ],
    next: [
      'See what came: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Set the dialect that fits the server, or make the server honour Accept.',
    ],
  },
  PRESENCE_CONNECTION_LOST: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The connection of a user broke while a change of presence was on its way.',
    causes: [
      'The service crashed or was restarted at that moment, perhaps by the very publication.',
      'A firewall or load balancer ends connections that are idle for some seconds.',
      'The server closes connections of clients that it does not want to notify.',
    ],
    next: [
      'Is it always after the same time? Compare the times of the step: `edge-probes run presence --edge <edge-name> --verbose`. A constant time points at a limit in a firewall or load balancer.',
      'Look for a crash: `coredumpctl list kamailio`, or `Get-WinEvent -LogName Application -MaxEvents 50`.',
      'Raise the idle time of TCP on the devices between to several minutes, and `tcp_connection_lifetime` on the server.',
    ],
  },
  PRESENCE_LAST_NOTIFY_MISSING: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server ended a presence subscription without the notification that belongs to it.',
    causes: [
      'The agent ends the subscription silently, against the standard.',
      'The last notification is sent by a timer and comes some seconds later.',
    ],
    next: [
      'Nothing urgent: users do not notice. Clients that wait for it may hang a moment at sign-out.',
      'See whether it comes at all: `edge-probes run presence --edge <edge-name> --trace trace.txt`, and report it to the maker of the server.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
