import type { CatalogueEntry } from '../diagnosis.js';

/** What becomes of an allocation that a media relay has granted. */
export const turnRelay = {
  TURN_ECHO_LOST: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay takes calls, but carries no sound.',
    causes: [
      'A firewall at the relay drops UDP in its range of relay ports.',
      'The relay gives out an address that it cannot be reached at: its public address is not configured, or is not translated back to it from inside (hairpin NAT).',
      'The relay refuses packets between two of its own allocations.',
    ],
    next: [
      'Compare the relayed address in the observations with the public address of the relay.',
      'coturn: `grep -E "external-ip|relay-ip|min-port|max-port" /etc/turnserver.conf`; open that range for UDP, also from the relay to itself.',
      'A/V Edge: UDP and TCP 50000-59999 of its external address; with NAT the translation must also work from the Edge to its own public address.',
      'Watch the range while a run goes on: `tcpdump -ni <interface> udp portrange 49152-65535`.',
    ],
  },
  TURN_ECHO_LOSS: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay loses so many packets that sound suffers.',
    causes: [
      'A line between prober and relay is overloaded.',
      'The relay is overloaded, or a limit on bandwidth cuts in.',
      'A firewall limits UDP by its rate.',
    ],
    next: [
      'Compare with the other regions: loss in one of them alone is on its way.',
      'See where it is lost: `mtr -u -P 3478 <relay>`.',
      'Look at the load of the relay; coturn: max-bps and bps-capacity.',
    ],
    degrades: true,
  },
  TURN_ECHO_DUPLICATED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'Packets came back from the media relay more than once.',
    causes: ['A switch or a load balancer before the relay copies packets.', 'A loop in the network.'],
    next: [
      'See where the second one comes from: `tcpdump -eni <interface> udp port 3478` on the relay shows MAC addresses.',
      'See whether every region has it; if one alone, it is on its way.',
    ],
    degrades: false,
  },
  TURN_RELAYED_ADDRESS_PRIVATE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay gives out an address that nobody on the internet can reach.',
    causes: [
      'The relay stands behind NAT and does not know its public address.',
      'A/V Edge: the public address of the NAT is missing in the topology.',
    ],
    next: [
      'coturn: set `external-ip=<public-address>/<private-address>` in /etc/turnserver.conf and restart it.',
      'Lync: Topology Builder, Edge pool, "NAT-enabled public IP address" of the A/V Edge service; then `Enable-CsTopology`.',
    ],
    degrades: true,
  },
  TURN_RELAYED_ADDRESS_UNUSABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay gives out an address that belongs to nobody.',
    causes: [
      'The relay has not found an address of its own and gives out zeros.',
      'A device on the way rewrites the addresses inside of the answers.',
    ],
    next: [
      'coturn: set relay-ip, and external-ip where it is translated, in /etc/turnserver.conf.',
      'Turn off the application layer gateway for STUN on the firewall.',
    ],
  },
  TURN_RELAY_OPEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay serves everybody, without credentials.',
    causes: [
      'Authentication is turned off (coturn: no-auth), perhaps since a test.',
      'The relay lets the address of the prober in by a rule.',
    ],
    next: [
      'coturn: remove no-auth, set lt-cred-mech or use-auth-secret in /etc/turnserver.conf: an open relay carries attacks on others and into the own network.',
      'Until then, close it to what it may not reach: `denied-peer-ip=<private-range>`.',
    ],
    degrades: false,
  },
  TURN_CREDENTIALS_MISSING: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay asks for credentials and the monitoring has none, so that sound was not tested.',
    causes: [
      'Neither credentials nor a test account are configured for av-edge.',
      'On purpose: only the reachability of the relay is to be watched.',
    ],
    next: [
      'Set userName with password, or sharedSecret, of av-edge in probes.json.',
      'For a Lync Edge give it the first test account instead, which is handed credentials in band.',
    ],
    degrades: false,
  },
  TURN_REQUEST_RETRANSMITTED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay answered, but not to the first datagram.',
    causes: ['A datagram was lost on the way.', 'The relay was slow for a moment: half a second is waited for.'],
    next: [
      'Nothing, if it happens now and then.',
      'If it happens often, see where datagrams are lost: `mtr -u -P 3478 <relay>`.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
