import type { CatalogueEntry } from '../diagnosis.js';

const changed =
  'A device on the way changes the datagrams: an application layer gateway for STUN or SIP in a router or firewall.';
const defect = 'The relay, or what stands in its place, has a defect.';
const record =
  'Record what arrives here and what leaves there, and compare: `tcpdump -ni <interface> -s 0 -w relay.pcap host <relay>` on both sides.';
const gateway = 'Turn off the application layer gateway for STUN, SIP and media on the firewall.';
const elsewhere = 'Repeat from a second place outside: `edge-probes run av-edge --edge <edge-name> --verbose`.';

/** Answers of a media relay that cannot be taken. */
export const turnMessage = {
  TURN_COOKIE_WRONG: {
    layer: 'turn',
    fault: 'target',
    meaning: 'An answer of the media relay lacks the magic cookie of STUN.',
    causes: [
      'The relay speaks another dialect: MS-TURN, or STUN before RFC 5389.',
      'Another service listens at this port.',
      changed,
    ],
    next: ['Look at dialect, host and ports of av-edge in probes.json.', record],
  },
  TURN_LENGTH_WRONG: {
    layer: 'turn',
    fault: 'target',
    meaning: 'An answer of the media relay is not as long as it says.',
    causes: ['A device on the way cuts datagrams off, or drops their fragments.', defect],
    next: ['See whether large datagrams pass: `ping -M do -s 1400 <relay>`.', record],
  },
  TURN_ATTRIBUTES_OVERRUN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'An answer of the media relay has an attribute that reaches beyond its end.',
    causes: [changed, defect],
    next: [gateway, record],
  },
  TURN_FINGERPRINT_WRONG: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The checksum of an answer of the media relay is wrong.',
    causes: [
      'A device on the way rewrites addresses inside of the answers and leaves their checksum as it was.',
      'A network card or tunnel damages datagrams.',
      defect,
    ],
    next: [gateway, elsewhere, record],
  },
  TURN_INTEGRITY_WRONG: {
    layer: 'turn',
    fault: 'target',
    meaning: 'An answer of the media relay is not signed with the password that was agreed on.',
    causes: [
      'A device on the way rewrites the addresses inside of the answers (application layer gateway).',
      'Something answers in the place of the relay.',
      'The relay authenticates with another password than it accepts: several relays behind one address with different secrets.',
    ],
    next: [
      gateway,
      'Compare the secrets of all relays behind that address: `grep -E "static-auth-secret|user=" /etc/turnserver.conf`.',
      elsewhere,
    ],
  },
  TURN_TRANSACTION_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay answers with the transaction id of another request.',
    causes: ['Answers come so late that their request is over.', 'Something replays old answers.', defect],
    next: [elsewhere, record],
  },
  TURN_ANSWER_FROM_OTHER_ADDRESS: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The answer of the media relay comes from another address than it was asked at, so that clients drop it.',
    causes: [
      'The relay has several addresses and answers from the wrong one.',
      'The address translation (NAT) of the answers is missing or differs from that of the requests.',
      'A load balancer hands requests on, and the relays answer past it.',
    ],
    next: [
      'Watch both directions: `tcpdump -ni <interface> udp port 3478` here shows the address that answers.',
      'coturn: set listening-ip to the one address, and external-ip where it is translated.',
      'A/V Edge behind NAT: the external address must be translated in both directions, and be set in the topology.',
    ],
  },
  TURN_ANSWER_INCOMPLETE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'An answer of the media relay lacks what it must have.',
    causes: [
      'What answers is no relay: a STUN server, or a device that takes its part.',
      'A device on the way takes out what it does not know.',
      defect,
    ],
    next: [
      'See what it is: the observation relaySoftware of `edge-probes run av-edge --edge <edge-name> --json`.',
      record,
    ],
  },
  TURN_CHALLENGE_UNUSABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay asks for credentials in a way that cannot be met.',
    causes: [
      'The relay has no realm: in coturn the line realm= is missing.',
      'It does not use long-term credentials.',
      'Something on the way takes its list of password algorithms out, to weaken the authentication.',
    ],
    next: ['coturn: `grep -E "realm|lt-cred-mech|use-auth-secret" /etc/turnserver.conf`.', elsewhere, record],
  },
} as const satisfies Record<string, CatalogueEntry>;
