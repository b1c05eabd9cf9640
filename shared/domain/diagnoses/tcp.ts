import type { CatalogueEntry } from '../diagnosis.js';

/** Connecting to the Edge, before a single byte is exchanged. */
export const tcp = {
  TCP_CONNECTION_REFUSED: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The server refused the connection.',
    causes: [
      'The Access Edge service is not running: stopped for an update or a fail-over (Stop-CsWindowsService), or crashed. The cmdlets show this as error 10061.',
      'It listens on another port: with a single public address the Access Edge uses 5061 and leaves 443 to the A/V Edge.',
      'The load balancer has no healthy server left and resets connections.',
      'DNS leads to a machine that is not the Edge.',
    ],
    next: [
      'On each Edge Server: `Get-CsWindowsService -ExcludeActivityLevel`; start what is stopped: `Start-CsWindowsService`. On Linux: `systemctl status kamailio` or `systemctl status opensips`.',
      'See what listens: `netstat -ano | findstr LISTENING` on Windows, `ss -ltnp` on Linux.',
      'Compare the ports with the topology: `Get-CsService -EdgeServer | Select-Object Identity, *SipPort*`.',
      'If the service will not stay up, read why: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` or `journalctl -u kamailio -n 100`.',
    ],
  },
  TCP_CONNECT_TIMEOUT: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The server did not answer the attempt to connect.',
    causes: [
      'A firewall drops the packets without a word: a rule was changed, or the port was never opened from the internet. The cmdlets show this as error 10060.',
      'The server is switched off, hung, or has lost its external network adapter.',
      'The public address is no longer translated (NAT) to the Edge.',
      'DNS still gives an old address, or a private one that cannot be reached from outside.',
    ],
    next: [
      'Try from a second place outside: `Test-NetConnection <access-edge> -Port 443`. If it works there, look for a rule against the address of the prober.',
      'Compare the address in the error with the public address of the Edge: `Resolve-DnsName <access-edge> -Server <public-resolver>`.',
      'See how far the packets come: `traceroute -T -p 443 <access-edge>` on Linux.',
      'Watch on the Edge or on its firewall whether they arrive: `tcpdump -ni <interface> tcp port 443 and host <prober-address>`. Nothing there: the firewall or provider before it; arriving unanswered: the Edge itself.',
    ],
  },
  TCP_HOST_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The network says that the server cannot be reached.',
    causes: [
      'The router before the Edge finds no machine at that address: it is switched off, or the address was taken from its adapter.',
      'A firewall rejects the connection with an ICMP message instead of dropping it.',
      'The provider no longer announces the address range.',
    ],
    next: [
      'See which router answers last, it is the one that sent the message: `traceroute <access-edge>` or `Test-NetConnection <access-edge> -TraceRoute`.',
      'On the Edge Server: `ipconfig /all`; on Linux: `ip address`. The external address must be there, or on the device that translates it.',
      'If the trace ends far before your network, call the provider; if it ends at your firewall, look at its rule for this port.',
    ],
  },
  TCP_CONNECT_FAILED: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The connection to the server failed.',
    causes: [
      'The operating system reported something rare for every address; the error has its name.',
      'A device between answered the attempt in a way that TCP does not foresee (SYN proxy, intrusion prevention).',
    ],
    next: [
      'Look up the name in the error, such as EPROTO, in the list of the system: `man 3 errno`.',
      'Repeat by hand, several times: `nc -vz <access-edge> 443` or `Test-NetConnection <access-edge> -Port 443`.',
      'If it fails now and then only, look into the log of the firewall and of the intrusion prevention for the address of the prober.',
    ],
  },
  TCP_NO_ROUTE: {
    layer: 'tcp',
    fault: 'prober',
    meaning: 'The monitoring has no network route to this kind of address; this says nothing about the service.',
    causes: [
      'The name has only IPv6 addresses and the prober has no IPv6: Azure Functions has none.',
      'The machine of the prober lost its network or its default route.',
      'A firewall on that machine forbids the connection before it leaves (EACCES, EPERM).',
    ],
    next: [
      'See which families the name has: `dig +short <access-edge> A` and `dig +short <access-edge> AAAA`.',
      'Publish an A record as well, or set accessEdge.address in probes.json to the IPv4 address.',
      'If the address in the error is IPv4, look at the prober itself: `ip route get <address>` on Linux, `route print` on Windows, and its own firewall.',
    ],
  },
  TCP_ADDRESS_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'One of the addresses of the server did not take a connection; another one did.',
    causes: [
      'One server of the Edge pool is down or drained, while DNS load balancing still names it.',
      'DNS still lists the address of a server that was retired.',
      'An IPv6 address is published, but the firewall admits only IPv4.',
    ],
    next: [
      'The message names the address. Test it alone: `Test-NetConnection <address> -Port 443`.',
      'On that server: `Get-CsWindowsService -ExcludeActivityLevel`.',
      'If the server is gone for good, remove its A or AAAA record: clients lose seconds on it at every sign-in.',
    ],
    degrades: false,
  },
  TCP_TARGET_UNREACHABLE: {
    layer: 'tcp',
    fault: 'target',
    meaning: 'The preferred server did not take a connection; a less preferred one did.',
    causes: [
      'The primary Edge pool is down and clients are living on the standby.',
      'The SRV record of a retired Edge was left in place with the best priority.',
      'The firewall of the primary site was changed.',
    ],
    next: [
      'See the order, the lowest first number is preferred: `dig +short _sip._tls.<sip-domain> SRV`.',
      'Test the preferred target: `Test-NetConnection <srv-target> -Port <srv-port>`, and treat it as down: nothing is left when the standby fails too.',
      'If the primary is retired, or the fail-over is to stay, remove its SRV record or give it a higher number than the other.',
    ],
    degrades: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
