import type { CatalogueEntry } from '../diagnosis.js';

/** Answers to SUBSCRIBE (RFC 6665) and PUBLISH (RFC 3903) that are no success, or a success that keeps its word by half. */
export const presenceRequest = {
  PRESENCE_METHOD_UNSUPPORTED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not offer presence.',
    causes: [
      'The server has no presence agent: the module is not loaded, or the script does not hand SUBSCRIBE and PUBLISH to it.',
      'The request ended at a server that only relays calls, such as a session border controller.',
      'The dialect in probes.json is rfc, but the Edge is one of Lync or Skype for Business, which publishes by SERVICE.',
    ],
    next: [
      'See in the Allow header field what the server takes: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Kamailio: presence.so and presence_xml.so must be loaded, and the script call `handle_subscribe()` and `handle_publish()`: `kamcmd core.modules`.',
      'If presence is not meant to be offered there, remove presence from the transactions of this edge in probes.json.',
    ],
  },
  PRESENCE_EVENT_UNSUPPORTED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not know the event package for presence.',
    causes: [
      'The server has an agent for events, but not for presence: only dialog, message-summary or reg are served.',
      'The module that adds the package was lost in an update, or fails to start.',
    ],
    next: [
      'See which packages the server names in Allow-Events: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Kamailio: presence.so alone knows no package, presence_xml.so adds this one; OpenSIPS: presence_xml.so as well. Look for its messages at the start: `journalctl -u kamailio -b | grep presence`.',
    ],
  },
  PRESENCE_FORMAT_UNSUPPORTED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not take the standard presence document.',
    causes: [
      'The server speaks another format than PIDF (application/pidf+xml), for instance that of Lync alone.',
      'A session border controller lets certain bodies pass and no others.',
    ],
    next: [
      'The Accept header field of the answer names what it takes: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Compare the dialect in probes.json with the kind of server.',
      'Allow application/pidf+xml in the body or content filter of the device in between.',
    ],
  },
  PRESENCE_INTERVAL_TOO_BRIEF: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not grant presence for as short a time as the monitoring asks for.',
    causes: [
      'The least lifetime of subscriptions or publications is longer than an hour, or is not named in Min-Expires.',
      'The server refused even the lifetime that it had named itself.',
    ],
    next: [
      'Read Min-Expires in both answers: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Kamailio and OpenSIPS: lower `modparam("presence", "min_expires", 60)`; max_expires must not lie below it.',
    ],
  },
  PRESENCE_SUBSCRIPTION_FORBIDDEN: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not let one test account watch the presence of the other.',
    causes: [
      'A rule of the publisher (pres-rules over XCAP) or of the server blocks the subscriber.',
      'The two accounts belong to groups or tenants that do not see each other.',
      'The script compares From and credentials and finds two users (userName and sipAddress do not belong together).',
    ],
    next: [
      'Look at the rules of the publisher: `kamctl db roexec "select username, doc from xcap where doc_type=2"`; a rule that blocks everybody is often a default.',
      'Allow the subscriber there, or let test accounts be seen by all: Kamailio `modparam("presence_xml", "force_active", 1)`.',
      'Compare sipAddress and userName of the first account in probes.json.',
    ],
  },
  PRESENCE_PUBLICATION_FORBIDDEN: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not let the test account publish its presence.',
    causes: [
      'PUBLISH is allowed to certain users or networks only.',
      'The account may sign in, but its class of service lacks presence.',
      'From and the credentials of the second account name two different users.',
    ],
    next: [
      'Look for the check before `handle_publish()` in the routing script, and what it writes to the log: `journalctl -u kamailio --since "-10 min"`.',
      'Give the second test account the right to publish.',
      'See that sipAddress and userName of the second account in probes.json belong together.',
    ],
  },
  PRESENCE_ENTITY_TAG_MISSING: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server accepted a presence publication without giving the means to change or remove it.',
    causes: [
      'The server, or a device that rewrites answers, drops the SIP-ETag header field.',
      'The script answers PUBLISH itself and never hands it to a presence agent.',
    ],
    next: [
      'Compare the answer as it left the server with what arrived: `edge-probes run presence --edge <edge-name> --trace trace.txt`, and `sngrep` on the server.',
      'In the script, see that PUBLISH reaches `handle_publish()` and is not answered by `sl_send_reply("200", "OK")`.',
    ],
  },
  PRESENCE_PUBLICATION_LOST: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server no longer knew a presence publication that it had accepted moments before.',
    causes: [
      'Several servers behind one address do not share publications, and the second request reached another one.',
      'The server was restarted, or its presence table was emptied, between publishing and removing.',
      'The clocks of server and database differ, so that publications count as expired at once.',
    ],
    next: [
      'See whether it happens on each server alone: set accessEdge.address in a copy of probes.json to one after the other.',
      'Share the table: Kamailio `modparam("presence", "publ_cache", 0)` with one database, or presence over dmq; then `kamcmd presence.presentity_list`.',
      'Compare the clocks of server and database: `timedatectl`, and `select now()` there.',
    ],
  },
  PRESENCE_SUBSCRIPTION_LOST: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server no longer knew a presence subscription that it had accepted moments before.',
    causes: [
      'Requests inside the dialog reach another server than the one that accepted it: Record-Route or the load balancer does not keep them together.',
      'The server was restarted, or lost its table of watchers, in the meantime.',
      'A device rewrote the tags or the Call-ID on the way.',
    ],
    next: [
      'Compare To tag, From tag, Call-ID and Route of both SUBSCRIBE requests: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
      'Kamailio: the script must call `record_route()` for SUBSCRIBE; with several servers the active watchers must be shared (`subs_db_mode`).',
      'Look for a restart at that minute: `journalctl -u kamailio --since "-10 min" | head`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
