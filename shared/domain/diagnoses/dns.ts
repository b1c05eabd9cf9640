import type { CatalogueEntry } from '../diagnosis.js';

/** Finding the Edge by name: addresses and SRV records (RFC 1035, RFC 2782). */
export const dns = {
  DNS_NAME_NOT_FOUND: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The name of the server does not exist in DNS.',
    causes: [
      'The record is missing from the public zone: removed by mistake, or only ever created in the internal (split) zone.',
      'The registration of the domain has lapsed or its delegation is broken, so that every name below it is gone.',
      'The name in probes.json is mistyped: accessEdge.host or sipDomain.',
      'A CNAME on the way leads to a name that no longer exists, for instance of a deleted load balancer.',
    ],
    next: [
      'Ask a public resolver, not the internal one: `Resolve-DnsName <access-edge> -Server <public-resolver>` or `dig <access-edge> @<public-resolver>`.',
      'See whether the zone is still delegated: `dig +trace <sip-domain> NS`; if not, renew the domain or repair the delegation first.',
      'Compare with the names in the topology: `Get-CsService -EdgeServer | Select-Object Identity, *Fqdn*`.',
      'Create the missing A record in the public zone, or correct the name in probes.json.',
    ],
  },
  DNS_NO_ADDRESS: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The name of the server exists in DNS but has no address.',
    causes: [
      'The A record was deleted, for instance half-way through a fail-over, while another record (TXT, MX, SRV) keeps the name alive.',
      'Only names below it exist, so that the name itself is an empty node of the zone.',
      'A CNAME leads to a name that has no address at present.',
    ],
    next: [
      'Look at what the name does have: `dig <access-edge> A +noall +answer +authority` or `Resolve-DnsName <access-edge> -Type ALL`.',
      'Put the A record with the public address of the Access Edge back into the public zone; in a fail-over, the address of the pool that takes over.',
      'Resolvers remember the gap for the last number of the SOA record, in seconds: `dig +short <sip-domain> SOA`. Wait that long before you judge the repair.',
    ],
  },
  DNS_SRV_TARGET_NO_ADDRESS: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The record that tells clients where to sign in names a server that has no address.',
    causes: [
      'The Edge was renamed or replaced and the SRV record still names the old one.',
      'The public SRV record names the internal FQDN of the Edge or of the pool, which only the internal zone knows.',
      'The A record of the target was deleted, while the SRV record stayed.',
    ],
    next: [
      'See the targets that clients are given: `Resolve-DnsName -Type SRV _sip._tls.<sip-domain>` or `dig +short _sip._tls.<sip-domain> SRV` (at a standards-based edge `_sips._tcp.<sip-domain>`; the error names the record).',
      'Look up each of them from outside: `dig <srv-target> A @<public-resolver>`.',
      'Give the target its A record, or point the SRV record at the external FQDN of the Access Edge: `Get-CsService -EdgeServer | Select-Object Identity, *Fqdn*`.',
    ],
  },
  DNS_SRV_NOT_OFFERED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The domain states in DNS that it does not offer this service.',
    causes: [
      'The SRV record has the target "." (RFC 2782): somebody switched the service off on purpose, for instance after a move to the cloud.',
      'A DNS provider or a template wrote "." where the target had been left empty.',
    ],
    next: [
      'Confirm it, an answer that ends in " ." means "not offered": `dig +short _sip._tls.<sip-domain> SRV`.',
      'Ask who keeps the zone whether this is meant; if it is, take the edge out of probes.json.',
      'If it is not, publish the Access Edge there again: `_sip._tls.<sip-domain> SRV 0 0 443 <access-edge>`, or `_sips._tcp.<sip-domain> SRV 0 0 5061 <access-edge>` where the error names that one.',
    ],
  },
  DNS_SERVER_FAILURE: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The DNS servers of the domain failed to answer.',
    causes: [
      'DNSSEC validation fails: signatures have expired, or the DS record at the parent does not fit the keys of the zone.',
      'All authoritative servers of the domain are down or cannot be reached.',
      'The zone did not load after a change, or a secondary server let it expire.',
    ],
    next: [
      'Ask without DNSSEC checks: `dig <access-edge> +cd @<public-resolver>`. If that answers, DNSSEC is broken: `delv <access-edge>` says where; sign the zone anew or correct the DS record.',
      'Ask every authoritative server for its version of the zone: `dig +nssearch <sip-domain>`.',
      'On a Windows DNS server: `Get-DnsServerZone -Name <sip-domain>`; on BIND: `named-checkzone <sip-domain> <zone-file>`.',
      'If the zone is hosted, open a ticket with the DNS provider: every service of the domain is affected, not only the Edge.',
    ],
  },
  DNS_QUERY_REFUSED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The DNS server refused to answer for this domain.',
    causes: [
      'The domain is still delegated to servers that no longer host it: an account ended, or the zone was moved.',
      'The server set under dns.servers in probes.json answers only its own network, or does not resolve names for others.',
      'The DNS server limits how often one client may ask.',
    ],
    next: [
      'Ask each delegated server itself: `dig +short <sip-domain> NS`, then `dig <sip-domain> SOA +norecurse @<name-server>`. A refusal there is a wrong delegation: correct it at the registrar.',
      'If dns.servers is set in probes.json: `dig <access-edge> @<dns-server>` from the machine of the prober; on refusal allow the prober there (BIND: allow-query, allow-recursion) or remove the setting.',
      'Look into the log of the DNS server for rate limiting of the address of the prober.',
    ],
  },
  DNS_RESPONSE_MALFORMED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The DNS answer could not be understood.',
    causes: [
      'A firewall or DNS proxy on the way rewrites or cuts answers.',
      'The record was entered wrongly, for instance an SRV record without port or with a text as its target.',
      'Something that is not a DNS server listens at the address set under dns.servers.',
    ],
    next: [
      'See the answer as it is, over both transports: `dig <name> ANY +notcp +bufsize=1232` and `dig <name> +tcp`. A difference points at the device between.',
      'Ask a second resolver: `dig <name> @<public-resolver>`. If it answers well, the first resolver is at fault.',
      'Capture the answer for whoever keeps the DNS server: `tcpdump -ni any -w dns.pcap port 53`.',
    ],
  },
  DNS_RESOLVER_TIMEOUT: {
    layer: 'dns',
    fault: 'prober',
    meaning: 'The name look-up of the monitoring got no answer on our side; this says nothing about the service.',
    causes: [
      'The resolver that the prober uses is down or overloaded.',
      'A network security group or firewall between prober and resolver drops port 53.',
      'The address under dns.servers in probes.json is wrong and nothing answers there.',
    ],
    next: [
      'Ask it from the machine of the prober: `dig +time=2 +tries=1 <sip-domain> SOA @<dns-server>`.',
      'In Azure: see which resolvers the virtual network hands out: `az network vnet show --resource-group <group> --name <network> --query dhcpOptions.dnsServers`.',
      'Name a resolver that works under dns.servers, or remove the setting to use that of the system.',
      'Judge the Edge by the other regions until then.',
    ],
  },
  DNS_RESOLVER_UNREACHABLE: {
    layer: 'dns',
    fault: 'prober',
    meaning: 'The monitoring could not reach its own name server; this says nothing about the service.',
    causes: [
      'No DNS server listens at that address and port: the connection was refused outright.',
      'The machine of the prober has no network at the moment.',
      'The resolver belongs to a network (VPN, peered network) that is no longer connected.',
    ],
    next: [
      'See which resolver is meant: dns.servers in probes.json, otherwise `cat /etc/resolv.conf` or `Get-DnsClientServerAddress`.',
      'Test the port: `Test-NetConnection <dns-server> -Port 53` or `nc -vz <dns-server> 53`.',
      'Start the resolver, reconnect its network, or enter another one under dns.servers.',
    ],
  },
  DNS_SRV_MISSING: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The record that tells clients where to sign in is missing; the conventional name was used instead.',
    causes: [
      'The SRV record for external sign-in was never created in the public zone.',
      'It was lost when the zone moved to another provider, which often carries over no SRV records.',
      'Clients are configured by hand or by autodiscover, and nobody missed it.',
    ],
    next: [
      'Confirm it from outside: `Resolve-DnsName -Type SRV _sip._tls.<sip-domain> -Server <public-resolver>`.',
      'Publish it. Lync and Skype for Business: `_sip._tls.<sip-domain> SRV 0 0 443 <access-edge>`; standards-based: `_sips._tcp.<sip-domain> SRV 0 0 5061 <access-edge>`.',
      'If it is absent on purpose, set accessEdge in probes.json: the look-up and this warning then end.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
