import type { CatalogueEntry } from '../diagnosis.js';

const relayLog =
  'Look into its log at this time: `journalctl -u coturn -n 100`, or `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` on the Edge Server.';

/** Requests that a media relay refuses (RFC 8489 section 14.8, RFC 8656 section 19). */
export const turnRefusal = {
  TURN_CREDENTIALS_REJECTED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay refuses the credentials.',
    causes: [
      'User name or password of av-edge in probes.json are wrong, or were changed at the relay.',
      'Time-limited credentials: the shared secret differs, or the clocks of prober and relay differ by more than an hour.',
      'Credentials that the Edge handed out are not known to its relay: the A/V authentication service and the relay belong to different pools.',
    ],
    next: [
      'coturn: `turnadmin -l` lists the users; `grep -E "use-auth-secret|static-auth-secret|realm" /etc/turnserver.conf`.',
      'Compare the clocks: `date -u` on both; `w32tm /query /status` on Windows.',
      'Try the same user by hand: `turnutils_uclient -u <user> -w <password> -p 3478 -y <relay>`.',
      'Lync: `Get-CsService -EdgeServer` and `Get-CsAVEdgeConfiguration`; `Test-CsAVEdgeConnectivity -TargetFqdn <pool>`.',
    ],
  },
  TURN_CREDENTIALS_EXPIRED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay says that credentials have expired which were handed out a moment ago.',
    causes: [
      'The clocks of the A/V authentication service and of the relay differ by more than the credentials last.',
      'The lifetime of credentials is set far too short (Set-CsAVEdgeConfiguration -MaxTokenLifetime).',
    ],
    next: [
      'Compare the clocks of the Edge Servers: `w32tm /query /status` on each.',
      '`Get-CsAVEdgeConfiguration | Select-Object Identity, MaxTokenLifetime`; eight hours is the default.',
    ],
  },
  TURN_CREDENTIALS_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay says that the credentials are not those of the allocation.',
    causes: [
      'A load balancer or NAT gave the address of another client to this one while its allocation lives.',
      'The relay mixed up two clients.',
    ],
    next: ['Repeat after ten minutes, when old allocations have expired.', relayLog],
  },
  TURN_NONCE_STALE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay refuses the nonce that it has just given.',
    causes: [
      'Several relays stand behind one address, and each knows only its own nonces.',
      'The clock of the relay jumps.',
    ],
    next: [
      'Make the load balancer keep a client at one relay, for UDP too (source address affinity).',
      'coturn: look at stale-nonce in /etc/turnserver.conf.',
    ],
  },
  TURN_ALLOCATION_FORBIDDEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay forbids the allocation.',
    causes: ['A rule of the relay excludes this user or address.', 'The relay allows no allocation in this realm.'],
    next: ['coturn: look for denied-peer-ip, secure-stun and the allowed origins in /etc/turnserver.conf.', relayLog],
  },
  TURN_PEER_FORBIDDEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay does not let its own address through as a peer.',
    causes: [
      'coturn: the addresses of the relay are among denied-peer-ip, or are loopback without allow-loopback-peers.',
      'The relay is not told its public address and gives out a private one, which it refuses as a peer.',
    ],
    next: [
      'coturn: `grep -E "peer-ip|loopback|external-ip" /etc/turnserver.conf`; allow its own relay address: `allowed-peer-ip=<relay>`.',
      'Compare the relayed address in the observations with the public address of the relay.',
    ],
  },
  TURN_PEER_FAMILY_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning:
      'Two allocations of the media relay cannot reach each other, for their addresses are of different families.',
    causes: [
      'The relay gives out IPv4 and IPv6 addresses by turns.',
      'Two relays behind one address have relay addresses of different families.',
    ],
    next: ['coturn: look at relay-ip and allocation-default-address-family in /etc/turnserver.conf.', relayLog],
  },
  TURN_ALLOCATION_MISMATCH: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay says that there is no such allocation, or one already.',
    causes: [
      'The relay was restarted, or forgot the allocation.',
      'A load balancer sent the datagrams of one client to different relays.',
      'An earlier client with the same address and port left its allocation behind.',
    ],
    next: [
      'Repeat the run: `edge-probes run av-edge --edge <edge-name> --verbose`.',
      'Make the load balancer keep a client at one relay, for UDP too.',
      relayLog,
    ],
  },
  TURN_ADDRESS_FAMILY_UNSUPPORTED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay has no address of the family that was asked for.',
    causes: [
      'The relay has IPv6 relay addresses only, while IPv4 is what clients ask for without saying so.',
      'Its IPv4 address was removed, or is configured for listening alone.',
    ],
    next: ['coturn: add an IPv4 address as relay-ip in /etc/turnserver.conf.', relayLog],
  },
  TURN_TRANSPORT_UNSUPPORTED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay does not relay UDP.',
    causes: [
      'UDP relaying is turned off; in coturn by no-udp-relay.',
      'The relay was set up for TCP relaying alone, for file transfer and the like.',
    ],
    next: ['coturn: `grep no-udp-relay /etc/turnserver.conf`; media needs UDP between relay and peer.', relayLog],
  },
  TURN_QUOTA_REACHED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The test user has as many allocations at the media relay as it allows.',
    causes: [
      'Allocations of earlier clients have not expired; they live ten minutes.',
      'The user of the prober is used by others too.',
      'The quota of a user is below what a run needs: two allocations for each transport, and coturn takes a moment to forget those that were given back.',
    ],
    next: [
      'coturn: `grep -E "user-quota|total-quota" /etc/turnserver.conf`; six for each region that probes at the same time.',
      'Give the prober a user of its own.',
    ],
  },
  TURN_CAPACITY_INSUFFICIENT: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay has no port or bandwidth left.',
    causes: [
      'The range of relay ports is used up, or too small.',
      'Allocations are not given back; they live ten minutes.',
      'A limit on bandwidth is reached.',
    ],
    next: [
      'coturn: `grep -E "min-port|max-port|bps-capacity|total-quota" /etc/turnserver.conf`, and count what is in use: `ss -lnup | wc -l`.',
      relayLog,
    ],
  },
  TURN_REQUEST_MALFORMED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay says that it cannot read the request.',
    causes: [
      'A device on the way changes the datagrams.',
      'The relay speaks another dialect than the edge is configured for.',
      'The relay refuses for a reason that it does not tell.',
    ],
    next: ['Look at dialect, host and ports of av-edge in probes.json.', relayLog],
  },
  TURN_ATTRIBUTE_UNKNOWN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay does not know something that every request has.',
    causes: [
      'What answers is a STUN server without TURN, or a very old relay.',
      'The relay speaks another dialect than the edge is configured for, and reads it in part.',
    ],
    next: ['See what it is: the observation relaySoftware of `edge-probes run av-edge --json`.', relayLog],
  },
  TURN_SERVER_ERROR: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay reports an error of its own.',
    causes: ['The relay cannot reach its user database.', 'It has run out of sockets or memory.'],
    next: [relayLog, 'coturn: look at the lines userdb, psql-userdb and redis-userdb in /etc/turnserver.conf.'],
  },
  TURN_REQUEST_REJECTED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay refuses the request.',
    causes: [
      'A rule of the relay, told by the number and the words in the error.',
      'A relay that is newer, or of another make, than any that was known here.',
    ],
    next: ['Look up the number: RFC 8489 section 14.8 and RFC 8656 section 19, or MS-TURN section 2.2.', relayLog],
  },
  TURN_ALTERNATE_UNUSABLE: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay sends clients to another server that they cannot use.',
    causes: [
      'It names an address that cannot be reached from outside.',
      'Two relays send clients to each other.',
      'Something answers in the place of the relay to lead clients astray.',
    ],
    next: [
      'coturn: `grep -E "alternate-server" /etc/turnserver.conf`; it must name public addresses.',
      'Test the server in the error by itself: set av-edge.host in probes.json to it.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
