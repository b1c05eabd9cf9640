import type { CatalogueEntry } from '../diagnosis.js';

/** What an Access Edge says in ms-diagnostics about other domains (MS-OCER). */
export const lyncFederation = {
  FEDERATION_SRV_UNRESOLVED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance cannot find the way to the other domain in DNS.',
    causes: [
      'The other domain has no SRV record `_sipfederationtls._tcp`, or lost it.',
      'The Edge Server cannot resolve public names: its DNS servers are internal ones, or a firewall keeps it from asking.',
      'The domain is mistyped in the address.',
    ],
    next: [
      'From outside: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.<domain> -Server <public-dns-server>`.',
      'The same on the Edge Server, without naming a server: if it fails only there, mend its DNS settings, then `Clear-DnsClientCache`.',
      'A partner without the record can be named with its Edge: `Set-CsAllowedDomain -Identity <domain> -ProxyFqdn <access-edge>`.',
    ],
  },
  FEDERATION_DOMAIN_REFUSED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance does not route between these two domains.',
    causes: [
      'The other domain is not among the allowed ones, or is blocked.',
      'Its DNS record leads to a host of another domain, and the partner is not listed with that host.',
      'The own SIP domain is not served by this Edge, or is shared with the cloud and the settings of the two differ.',
    ],
    next: [
      'The lists: `Get-CsAllowedDomain`, `Get-CsBlockedDomain`, and whether partners are found by DNS at all: `Get-CsAccessEdgeConfiguration | Select-Object AllowFederatedUsers, EnablePartnerDiscovery`.',
      'Allow the partner with its Edge: `New-CsAllowedDomain -Identity <domain> -ProxyFqdn <access-edge>`.',
      'For a domain that is shared with the cloud: `Get-CsHostingProvider | Select-Object Identity, ProxyFqdn, EnabledSharedAddressSpace`.',
    ],
  },
  FEDERATION_POLICY_FORBIDS: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The test account may not talk to people outside of its own company.',
    causes: [
      'The external access policy of the account does not allow federated or public partners.',
      'A policy of its site replaced the global one that did.',
    ],
    next: [
      'The policy of the account: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object ExternalAccessPolicy`.',
      'What policies allow: `Get-CsExternalAccessPolicy | Select-Object Identity, EnableFederationAccess, EnableXmppAccess, EnablePublicCloudAccess`; then `Grant-CsExternalAccessPolicy -Identity "sip:<user>@<sip-domain>" -PolicyName <policy>`.',
    ],
  },
  FEDERATION_PARTNER_REFUSED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The other domain refused the request and did not say why.',
    causes: [
      'The partner does not allow this domain, or not this user.',
      'The receiver does not exist there, or is not reachable at the moment.',
      'A server of the partner fails behind its entrance.',
    ],
    next: [
      'The diagnosis names domain and server of the partner (PeerServer). Ask its administrator for the trace of that time.',
      'Whether the way as such works: `Test-CsFederatedPartner -TargetFqdn <edge-server> -Domain <domain>`.',
    ],
  },
  FEDERATION_PARTNER_UNREACHABLE: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance cannot connect to the one of the other domain.',
    causes: [
      'The Edge of the partner is down, or its port 5061 is closed to this one.',
      'The partner does not trust the authority that issued the certificate of this Edge, or the other way round (WinsockFailureCode 10054).',
      'A firewall does not let the own Edge out.',
    ],
    next: [
      'On the Edge Server: `Test-NetConnection <partner-edge> -Port 5061`.',
      'Its certificate as partners see it: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, Issuer, NotAfter`; public partners demand a public authority.',
      'The reasons on the own Edge: `Get-WinEvent -LogName "Lync Server" -MaxEvents 100 | Where-Object Id -in 14428, 14366`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
