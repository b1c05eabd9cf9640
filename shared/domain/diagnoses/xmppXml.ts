import type { CatalogueEntry } from '../diagnosis.js';

/** What an XMPP server sends that no stream may hold (RFC 6120 section 11). */
export const xmppXml = {
  XMPP_NOT_SPOKEN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Something else than an XMPP server answers at this address.',
    causes: [
      'The port belongs to a web server, a mail server or a TLS service: it answered with its own protocol.',
      'TLS begins at once there (5223), and STARTTLS was expected, or the other way round.',
      'DNS or the load balancer leads to the wrong machine.',
    ],
    next: [
      'What it said stands beside the error; try by hand: `nc <xmpp-server> <port>`.',
      'See what listens on that port there: `ss -ltnp`.',
      'Correct service of the receiver in probes.json (xmpps for TLS at once, xmpp for STARTTLS) or the SRV record.',
    ],
  },
  XMPP_XML_MALFORMED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent data that is not correct XML.',
    causes: [
      'A module or gateway of the server builds its answers by hand and escapes them wrongly.',
      'A device between changes or loses bytes.',
    ],
    next: [
      'Keep what came: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Switch off modules of other makers one by one: Prosody modules_enabled, ejabberd modules.',
      'Report it to the maker of the server: a stream must be well-formed (RFC 6120 section 11.3).',
    ],
  },
  XMPP_XML_ENTITIES: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent XML constructs that are forbidden because they are dangerous.',
    causes: [
      'Somebody tries an attack by entities (a document type in the stream) from the address of the server.',
      'Something that is no XMPP server answers, for instance a web page with a DOCTYPE.',
    ],
    next: [
      'Treat it as hostile until shown otherwise: find out which machine answers at that address, and whether it is yours: `openssl s_client -connect <xmpp-server>:5223 -servername <xmpp-domain>`.',
      'Keep the proof: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`, and `tcpdump -ni any -w xmpp.pcap port 5222`.',
    ],
  },
  XMPP_XML_RESTRICTED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent comments or instructions, which the protocol forbids.',
    causes: [
      'A home-made or test server does not follow RFC 6120 section 11.1.',
      'A proxy adds its mark to the stream as a comment.',
    ],
    next: [
      'Find the comment in `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`, it often names who wrote it.',
      'Bypass proxies: connect from the network of the server itself.',
    ],
  },
  XMPP_XML_ENCODING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent text in another encoding than the protocol demands.',
    causes: [
      'Names or messages were imported into the server in a legacy encoding.',
      'A gateway to another system passes its bytes on without converting them.',
    ],
    next: [
      'See which stanza carries it: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Convert what is stored: roster names, room subjects and vCards of the test account must be UTF-8.',
      'Switch off the gateway for the test account, or set its encoding.',
    ],
  },
  XMPP_XML_TOO_LARGE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent a message of a size that no client should accept.',
    causes: [
      'Another user sends huge messages to the test account or the room.',
      'A roster, vCard or room subject has grown without limit.',
      'The server sends noise without end: a defect, or hostile.',
    ],
    next: [
      'Limit stanzas at the server: Prosody mod_limits and `c2s_stanza_size_limit = 256*1024`, ejabberd max_stanza_size.',
      'See what it is: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt` keeps its beginning.',
      'Use a test account and a room of their own for the monitoring.',
    ],
  },
  XMPP_XML_TOO_DEEP: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent XML that is nested beyond all reason.',
    causes: [
      'A message was forwarded or archived in itself again and again.',
      'Somebody tries to exhaust clients that read without limits.',
    ],
    next: [
      'Look at the beginning of it in `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`, and who sent it.',
      'Switch off forwarding (carbons, archive, gateways) for the test account.',
      'Block the sender at the server.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
