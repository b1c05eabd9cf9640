import type { CatalogueEntry } from '../diagnosis.js';

/** Where DNS leads XMPP partners to (RFC 2782, RFC 6120 section 3.2). */
export const xmppRoute = {
  DNS_XMPP_SRV_MISSING: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The record that leads XMPP partners to this domain does not exist.',
    causes: [
      'The SRV record for XMPP federation was never created in the public zone, or only in the internal one.',
      'It was lost when the zone moved to another provider: many carry over no SRV records.',
      'The sipDomain in probes.json is mistyped.',
    ],
    next: [
      'Ask from outside: `Resolve-DnsName -Type SRV _xmpp-server._tcp.<sip-domain> -Server <public-resolver>` or `dig +short _xmpp-server._tcp.<sip-domain> SRV @<public-resolver>`.',
      'Publish one record for each Edge pool, each with a priority of its own: `_xmpp-server._tcp.<sip-domain> SRV 0 0 5269 <edge-pool>`.',
      'Without it partners try the address of the domain itself on the same port; that is seldom the Edge.',
    ],
  },
  DNS_XMPP_SRV_EMPTY: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The name that should lead XMPP partners to this domain is in DNS, but holds no such record.',
    causes: [
      'Somebody deleted the SRV record in the middle of a change of it, and another record keeps the name alive.',
      'The record was entered with another type, for instance as TXT or CNAME.',
      'A wildcard of the zone answers for the name, but has no SRV record.',
    ],
    next: [
      'Look at what the name does hold: `dig _xmpp-server._tcp.<sip-domain> ANY +tcp @<name-server>` or `Resolve-DnsName _xmpp-server._tcp.<sip-domain> -Type ALL`.',
      'Put the record back: `_xmpp-server._tcp.<sip-domain> SRV 0 0 5269 <edge-pool>`.',
      'Resolvers remember the gap for the last number of the SOA record, in seconds: `dig +short <sip-domain> SOA`.',
    ],
  },
  DNS_XMPP_NOT_OFFERED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The domain states in DNS that it does not federate over XMPP.',
    causes: [
      'The SRV record has the target "." (RFC 2782): somebody switched XMPP federation off on purpose.',
      'A form of the DNS provider wrote "." where the target had been left empty.',
    ],
    next: [
      'Confirm it; an answer that ends in " ." means "not offered": `dig +short _xmpp-server._tcp.<sip-domain> SRV`.',
      'If it is meant, take xmpp-federation out of probes.json.',
      'If it is not, name the Edge pool again: `_xmpp-server._tcp.<sip-domain> SRV 0 0 5269 <edge-pool>`.',
    ],
  },
  DNS_XMPP_ANSWER_INCOMPLETE: {
    layer: 'dns',
    fault: 'prober',
    meaning:
      'The list of XMPP servers could not be fetched whole by the monitoring; this says nothing about the service.',
    causes: [
      'The answer does not fit into a datagram (truncated), and the DNS server takes no TCP connection from the prober.',
      'A firewall lets DNS through over UDP alone.',
      'The DNS server answers other questions but stays silent to this one.',
    ],
    next: [
      'Ask over both transports from the machine of the prober: `dig +notcp +ignore _xmpp-server._tcp.<sip-domain> SRV @<dns-server>` (look for the flag tc) and `dig +tcp _xmpp-server._tcp.<sip-domain> SRV @<dns-server>`.',
      'Open TCP port 53 between prober and DNS server: RFC 7766 demands it.',
      'Keep the record set small: a handful of targets fits into one datagram.',
    ],
  },
  DNS_XMPP_TARGET_NOT_FOUND: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The XMPP record leads to a server whose name does not exist.',
    causes: [
      'The Edge pool was renamed or removed and the SRV record still names it.',
      'The SRV record names the internal FQDN of the pool, which the public zone does not know.',
      'The address record was deleted in the middle of a fail-over.',
    ],
    next: [
      'See the targets that partners are given: `dig +short _xmpp-server._tcp.<sip-domain> SRV`.',
      'Look each of them up from outside: `dig <edge-pool> A @<public-resolver>`.',
      'Create the missing address record, or, in a fail-over, let the SRV record name the pool that takes over.',
    ],
  },
  DNS_XMPP_TARGET_NO_ADDRESS: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The XMPP record leads to a server that has no address.',
    causes: [
      'The A record of the target was deleted while other records keep its name alive.',
      'A CNAME at the target leads to a name without an address.',
    ],
    next: [
      'Look at what the target does have: `Resolve-DnsName <edge-pool> -Type ALL -Server <public-resolver>`.',
      'Give it its A record: the public address of the Edge pool that hosts XMPP federation now.',
    ],
  },
  DNS_XMPP_FALLBACK_USED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'XMPP partners reach the domain by its own address only, for the record that should lead them is missing.',
    causes: [
      'There is no SRV record for XMPP federation, and the domain itself has an XMPP server at its address (RFC 6120 section 3.2.2).',
      'The zone was moved without its SRV records.',
    ],
    next: [
      'Publish the record: partners differ in whether they try without it, and a fail-over needs it: `_xmpp-server._tcp.<sip-domain> SRV 0 0 5269 <xmpp-server>`.',
      'Confirm it from outside: `dig +short _xmpp-server._tcp.<sip-domain> SRV @<public-resolver>`.',
    ],
    degrades: false,
  },
  DNS_XMPP_TARGET_IS_ALIAS: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The XMPP record leads to an alias instead of a server, which some partners do not follow.',
    causes: [
      'The SRV record names a CNAME, which RFC 2782 forbids: it worked with the resolvers it was tried with.',
      'The name was turned into an alias later, for instance of a traffic manager or a load balancer.',
    ],
    next: [
      'See where it leads: `dig <edge-pool> CNAME +short`.',
      'Let the SRV record name the last name of that chain, or replace the alias by an A record.',
    ],
    degrades: false,
  },
  DNS_XMPP_TARGETS_TOO_MANY: {
    layer: 'dns',
    fault: 'target',
    meaning: 'More XMPP servers are published than the monitoring looks at.',
    causes: [
      'Records of pools that are gone were never removed.',
      'Somebody else, or a script gone wrong, wrote into the zone.',
    ],
    next: [
      'List them: `dig +short _xmpp-server._tcp.<sip-domain> SRV | sort -n`.',
      'Remove the records of pools that do not exist any more; the best priorities are looked at first.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
