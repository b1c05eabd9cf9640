import type { CatalogueEntry } from '../diagnosis.js';

/** Coming as far as the media relay. */
export const turnReach = {
  TURN_UDP_BLOCKED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay answers over TCP, but not over UDP, so that calls sound worse.',
    causes: [
      'A firewall before the relay drops UDP to its port; only TCP was opened.',
      'The relay serves TCP only: its UDP listener is off or bound to another address.',
      'The network of the prober drops UDP that goes out. With a `reference` on port 3478 or 53 in probes.json the prober can tell.',
    ],
    next: [
      'Try from a second place outside: `turnutils_stunclient -p 3478 <relay>`.',
      'Watch whether the datagrams arrive: `tcpdump -ni <interface> udp port 3478` on the relay or its firewall. Nothing there: the way; arriving unanswered: the relay.',
      'See whether it listens: `netstat -ano -p udp | findstr 3478` on an Edge Server, `ss -lnup` on Linux.',
      'A/V Edge: UDP 3478 must be open from the internet to its external address, in both directions.',
    ],
  },
  TURN_TCP_BLOCKED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay answers, but one of its TCP ports is closed to users behind firewalls.',
    causes: [
      'A firewall before the relay drops or rejects TCP to that port.',
      'The relay serves UDP only, or listens for TCP or TLS at another port.',
      'Another service, such as a web publishing rule, holds TCP 443 of that address.',
    ],
    next: [
      'Try from a second place outside: `Test-NetConnection <relay> -Port <port>` or `nc -vz <relay> <port>`.',
      'See what listens: `netstat -ano | findstr LISTENING` on an Edge Server, `ss -ltnp` on Linux.',
      'Compare the port with tcpPort or tlsPort of av-edge in probes.json.',
    ],
  },
  TURN_RELAY_SILENT: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay does not answer, neither over UDP nor over TCP.',
    causes: [
      'The relay is not running: the A/V Edge service (RTCMRAUTH, RTCMEDIARELAY), or coturn.',
      'DNS leads to a machine that is not the relay, or av-edge.host in probes.json names the wrong one.',
      'A firewall drops everything to it.',
    ],
    next: [
      'On each Edge Server: `Get-CsWindowsService -ExcludeActivityLevel`; on Linux: `systemctl status coturn`.',
      'Compare the address in the error with the external address of the A/V Edge: `Get-CsService -EdgeServer | Select-Object Identity, AVEdge*`.',
      'Try from a second place outside: `turnutils_stunclient -p 3478 <relay>`.',
    ],
  },
  TURN_UDP_PORT_CLOSED: {
    layer: 'turn',
    fault: 'target',
    meaning: "The media relay's machine says that nobody listens at the UDP port.",
    causes: [
      'The relay is not running, or was restarted at this moment.',
      'It listens at another UDP port, or at another address of that machine.',
    ],
    next: [
      'On each Edge Server: `Get-CsWindowsService -ExcludeActivityLevel`; on Linux: `systemctl status coturn` and `ss -lnup`.',
      'Compare the port with udpPort of av-edge in probes.json; coturn: listening-port.',
    ],
  },
  TURN_UDP_NOT_LEAVING: {
    layer: 'turn',
    fault: 'prober',
    meaning: 'The monitoring could not send UDP to anybody; this says nothing about the service.',
    causes: [
      'A firewall or a network security group drops UDP that leaves the network of the prober.',
      'The `reference` in probes.json does not answer UDP at its port.',
    ],
    next: [
      'See that the reference answers from elsewhere: `turnutils_stunclient -p <port> <reference>`, or `dig @<reference> . NS` where its port is 53.',
      'In Azure: `az network nsg list --output table` and look for a rule that denies outbound UDP.',
    ],
  },
  TURN_NO_ROUTE: {
    layer: 'turn',
    fault: 'prober',
    meaning: 'The monitoring has no network route to the media relay; this says nothing about the service.',
    causes: [
      'The relay has only an IPv6 address and the prober has no IPv6: Azure Functions has none.',
      'A firewall of the prober itself forbids it (EACCES, EPERM).',
    ],
    next: [
      'See which families the name has: `dig +short <relay> A` and `dig +short <relay> AAAA`.',
      'On the prober: `ip route get <address>` on Linux, `route print` on Windows, and its own firewall.',
    ],
  },
  TURN_REQUEST_TIMEOUT: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay did not answer a request in time.',
    causes: [
      'The relay is overloaded or hangs.',
      'A firewall lets small datagrams pass and drops larger ones, such as requests with credentials.',
      'A load balancer sends the datagrams of one client to different relays.',
    ],
    next: [
      'Repeat with all steps shown: `edge-probes run av-edge --edge <edge-name> --verbose`.',
      'See what arrives and what leaves: `tcpdump -ni <interface> -s 0 udp port 3478` on the relay.',
      'Look at its load and log: `Get-Counter` for LS:MediaRelay on an Edge Server, `journalctl -u coturn -n 100` on Linux.',
    ],
  },
  TURN_CONNECTION_CLOSED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'The media relay closed the connection instead of answering.',
    causes: [
      'Something that is no relay listens at the port; many servers hang up on what they cannot read.',
      'The relay was restarted, or a device between ends connections it does not know.',
      'TLS is expected at this port, or at the TLS port is not.',
    ],
    next: [
      'See what answers there: `openssl s_client -connect <relay>:<port>` shows a certificate where it is TLS.',
      'Compare tcpPort and tlsPort of av-edge in probes.json with what the relay listens on; coturn: listening-port, tls-listening-port.',
      'Look into its log at this time: `journalctl -u coturn -n 100`, `Get-WinEvent -LogName "Lync Server" -MaxEvents 50`.',
    ],
  },
  TURN_TLS_ANSWERED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'A TLS server answers at the TCP port of the media relay.',
    causes: [
      'A load balancer, proxy or web publishing rule ends TLS before the relay.',
      'The port is that of the Access Edge or of a web service: with a single public address the A/V Edge has a port of its own.',
      'The TLS port of the relay is configured as its TCP port.',
    ],
    next: [
      'See whose certificate it shows: `openssl s_client -connect <relay>:<port> </dev/null`.',
      'A/V Edge: its TCP 443 looks like TLS and is not; devices before it must pass it through as plain TCP (layer 4), without TLS inspection.',
      'Compare the ports with the topology: `Get-CsService -EdgeServer | Select-Object Identity, *Port*`; in probes.json give a port of real TLS as tlsPort.',
    ],
  },
  TURN_HTTP_ANSWERED: {
    layer: 'turn',
    fault: 'target',
    meaning: 'A web server answers at the TCP port of the media relay.',
    causes: [
      'The address or port is that of a web server or of a reverse proxy.',
      'A proxy on the way out of the prober answers in the place of the relay.',
    ],
    next: [
      'See what it is: `curl -sv http://<relay>:<port>/ -o /dev/null`.',
      'Compare av-edge.host and tcpPort in probes.json with the relay.',
    ],
  },
  TURN_NOT_SPOKEN: {
    layer: 'turn',
    fault: 'target',
    meaning: 'What answers at the port of the media relay does not speak STUN.',
    causes: [
      'Another service listens at this port.',
      'The edge speaks the other dialect: a Lync A/V Edge speaks MS-TURN, which RFC 8656 does not cover, and the other way round.',
    ],
    next: [
      'Look at dialect, host and ports of av-edge in probes.json.',
      'See what it is: `nc -v <relay> <port>` and wait for a greeting.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
