import type { CatalogueEntry } from '../diagnosis.js';

/** Finding the XMPP server that users of a domain sign in at (RFC 6120 section 3.2, XEP-0368). */
export const xmppClientDns = {
  DNS_XMPP_CLIENT_MISSING: {
    layer: 'dns',
    fault: 'target',
    meaning: 'DNS names no XMPP server where users of the domain could sign in.',
    causes: [
      'The SRV records for clients were never created or were lost when the zone moved, and the domain itself has no address.',
      'The receiver belongs to another domain: its address in probes.json is mistyped.',
      'The partner has given up its XMPP service and cleaned its zone.',
    ],
    next: [
      'Ask for both records from outside: `dig +short _xmpps-client._tcp.<xmpp-domain> SRV` and `dig +short _xmpp-client._tcp.<xmpp-domain> SRV`.',
      'Publish them: `_xmpp-client._tcp.<xmpp-domain> SRV 0 0 5222 <xmpp-server>`; for TLS at once also `_xmpps-client._tcp.<xmpp-domain> SRV 0 0 5223 <xmpp-server>`.',
      'Or name the server in probes.json: set service of the receiver to `xmpp://<xmpp-server>:5222`.',
    ],
  },
  DNS_XMPP_CLIENT_NOT_OFFERED: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The domain states in DNS that users cannot sign in to XMPP from outside.',
    causes: [
      'The SRV record for clients has the target ".": the operator keeps clients inside or offers the web alone.',
      'A template of the DNS provider wrote "." where the host had been left empty.',
    ],
    next: [
      'Confirm it, an answer that ends in " ." means "not offered": `dig +short _xmpp-client._tcp.<xmpp-domain> SRV`.',
      'Ask the operator of the domain whether test accounts can sign in some other way, and set service of the receiver in probes.json to that server.',
      'Without a way in, remove the password of the receiver: then sending alone is tested.',
    ],
  },
  DNS_XMPP_CLIENT_NO_ADDRESS: {
    layer: 'dns',
    fault: 'target',
    meaning: 'The records that tell XMPP clients where to sign in name servers that have no address.',
    causes: [
      'The XMPP server was renamed or replaced, and the SRV records still have the old name.',
      'They name a host of the internal zone, which the public one does not know.',
      'The address of the host was deleted while the SRV records stayed.',
    ],
    next: [
      'List the targets: `dig +short _xmpps-client._tcp.<xmpp-domain> SRV; dig +short _xmpp-client._tcp.<xmpp-domain> SRV`.',
      'Look up each from outside: `dig <srv-target> A @<public-resolver>` and the same for AAAA.',
      'Give the target its address, or let the records name the public host of the XMPP server.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
