import type { CatalogueEntry } from '../diagnosis.js';

/** The federation route to the push clearing house, by what DNS and the servers on the way say. */
export const push = {
  PUSH_CLEARING_HOUSE_GONE: {
    layer: 'push',
    fault: 'target',
    meaning: 'The central service that wakes up smartphones is not in DNS any more.',
    causes: [
      'The provider of the clearing house has closed it down: the clients that needed it are no longer supported.',
      'The address under push-notification in probes.json names a domain that has no such service.',
      'A DNS server on the way hides the public record.',
    ],
    next: [
      'Confirm it from outside: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.<push-domain> -Server <public-resolver>`.',
      'If it is gone for good, switch push off, so that no server waits for it: `Set-CsPushNotificationConfiguration -EnableApplePushNotificationService $false -EnableMicrosoftPushNotificationService $false`, and take push-notification out of probes.json.',
      'See which address the mobility service uses: `Get-CsMcxConfiguration | Select-Object Identity, PushNotificationProxyUri`.',
    ],
  },
  PUSH_DOMAIN_NOT_ALLOWED: {
    layer: 'push',
    fault: 'target',
    meaning: 'The entrance does not let requests out to the central service that wakes up smartphones.',
    causes: [
      'The push domain is not among the allowed domains, or is blocked.',
      'The hosting provider that the push domain belongs to was never set up, or is disabled.',
      'Federation is switched off for the whole deployment.',
    ],
    next: [
      'See what is allowed: `Get-CsAllowedDomain <push-domain>`, `Get-CsBlockedDomain`, `Get-CsHostingProvider | Select-Object Identity, ProxyFqdn, Enabled`.',
      'Set it up: `New-CsHostingProvider -Identity LyncOnline -ProxyFqdn sipfed.online.lync.com -VerificationLevel UseSourceVerification -Enabled $true` and `New-CsAllowedDomain -Identity push.lync.com`.',
      'Let federation out: `Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true`.',
      'Then try the whole way from inside: `Test-CsFederatedPartner -TargetFqdn <edge-server> -Domain push.lync.com -ProxyFqdn sipfed.online.lync.com`.',
    ],
  },
  PUSH_AUTHENTICATION_REFUSED: {
    layer: 'push',
    fault: 'target',
    meaning: 'The central service that wakes up smartphones does not accept this deployment.',
    causes: [
      'The clearing house does not know the SIP domain, or knows it with another Edge.',
      'The certificate of the Edge does not name the SIP domain, or comes from an authority that public partners do not accept.',
      'The SRV record for federation of the own domain leads to another host than the one that connects.',
    ],
    next: [
      'Read in the error what was answered; ms-diagnostics names the server that said it (PeerServer).',
      'See the certificate that partners are shown: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, AlternativeNames, Issuer, NotAfter`.',
      'Compare the record with the Edge: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.<sip-domain>`; the follow-up sip-federation has looked at both.',
    ],
  },
  PUSH_DNS_UNRESOLVED: {
    layer: 'push',
    fault: 'target',
    meaning: 'The entrance cannot find the central service that wakes up smartphones in DNS.',
    causes: [
      'The Edge Server asks internal DNS servers, or a firewall keeps it from asking public ones.',
      'It remembers that the name did not exist a while ago.',
      'The record of the push domain is gone by now, and only the resolver of the prober still has it.',
    ],
    next: [
      'On the Edge Server: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.push.lync.com`, and the same for the host that it names.',
      'If it fails only there, mend the DNS settings of the external adapter: `Get-DnsClientServerAddress`, then `Clear-DnsClientCache`.',
    ],
  },
  PUSH_TLS_FAILED: {
    layer: 'push',
    fault: 'target',
    meaning: 'The entrance and the central service that wakes up smartphones do not trust each other.',
    causes: [
      'The certificate of the Edge has expired, or comes from an authority that the clearing house does not know.',
      'The Edge lacks the root or intermediate certificate of the clearing house.',
      'A device between them inspects TLS, or the two have no version of TLS in common.',
    ],
    next: [
      'On the Edge Server: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, Issuer, NotAfter`, and its reasons: `Get-WinEvent -LogName "Lync Server" -MaxEvents 100 | Where-Object Id -in 14428, 14366`.',
      'See the chain of the other side from there, past the firewall: `openssl s_client -connect sipfed.online.lync.com:5061 -showcerts`.',
      'Let the firewall pass port 5061 without inspection.',
    ],
  },
  PUSH_CONNECTION_FAILED: {
    layer: 'push',
    fault: 'target',
    meaning: 'The entrance cannot connect to the central service that wakes up smartphones.',
    causes: [
      'A firewall does not let the Edge out to port 5061.',
      'The clearing house does not listen any more, although DNS still names it.',
      'The Edge marked it as down a short while ago and has not tried again.',
    ],
    next: [
      'On the Edge Server: `Test-NetConnection sipfed.online.lync.com -Port 5061`.',
      'See whether the Edge reaches other partners: `Test-CsFederatedPartner -TargetFqdn <edge-server> -Domain <partner-domain>`; if it reaches none, look at its firewall and routes.',
    ],
  },
  PUSH_USER_NOT_ALLOWED: {
    layer: 'push',
    fault: 'prober',
    meaning: 'The test account may not reach other domains; this says nothing about the service.',
    causes: [
      'The external access policy of the account does not allow federation. The mobility service itself needs no such policy.',
      'A policy of its site replaced the global one.',
    ],
    next: [
      'Let the account reach federated partners: `Grant-CsExternalAccessPolicy -Identity "sip:<user>@<sip-domain>" -PolicyName <policy>`, with one that has EnableFederationAccess.',
      'If no account may, watch the route with sip-federation, and push from inside: `Test-CsMcxPushNotification -AccessEdgeFqdn <edge-server>`.',
    ],
  },
  PUSH_REQUEST_UNSUITABLE: {
    layer: 'push',
    fault: 'prober',
    meaning: 'Such a request does not leave this deployment for other domains; this says nothing about the service.',
    causes: [
      'The servers let other kinds of requests out to partners than the one that the prober sends as a user.',
      'The partner is entered with a type that does not fit, for instance as a public provider.',
    ],
    next: [
      'See how the push domain is entered: `Get-CsHostingProvider`, `Get-CsPublicProvider`, `Get-CsAllowedDomain push.lync.com`.',
      'Test push where it comes from: `Test-CsMcxPushNotification -AccessEdgeFqdn <edge-server>` on a server of the pool.',
    ],
  },
  PUSH_URL_FILTER_REJECTED: {
    layer: 'push',
    fault: 'target',
    meaning: 'A filter for links in messages rejects the requests that wake up smartphones.',
    causes: [
      'The filter for instant messages blocks the prefixes http: and https:, which push notifications contain.',
      'The filter blocks every link, whatever its prefix.',
    ],
    next: [
      'See which prefixes are blocked: `(Get-CsImFilterConfiguration -Identity Global).Prefixes`.',
      'Take the two out, at each level that has them: `Set-CsImFilterConfiguration -Identity site:<site> -Prefixes @{remove="http:"}` and `Set-CsImFilterConfiguration -Identity site:<site> -Prefixes @{remove="https:"}`.',
      'If every link is blocked: `Get-CsImFilterConfiguration | Select-Object Identity, Enabled, BlockFileExtension, Action`, and set the action to Warn or Allow.',
    ],
  },
  PUSH_SERVER_TIMEOUT: {
    layer: 'push',
    fault: 'target',
    meaning: 'A server on the way got no answer of the central service that wakes up smartphones.',
    causes: [
      'DNS: the Edge finds no SRV record of the push domain, or none leads from there to the own Edge. This is the usual reason of a bare 504.',
      'Port 5061 to the clearing house is closed, or what listens there does not answer.',
      'Inside, the front end does not reach the Edge that is its way out.',
    ],
    next: [
      'On the Edge Server: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.push.lync.com`, then `Test-NetConnection sipfed.online.lync.com -Port 5061`.',
      'See that the record of the own domain leads to the own Edge: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.<sip-domain>`.',
      'See the configured address: `Get-CsMcxConfiguration | Select-Object Identity, PushNotificationProxyUri`, and the way out: `Get-CsSite | Select-Object Identity, FederationRoute`.',
    ],
  },
  PUSH_REQUEST_NOT_ROUTED: {
    layer: 'push',
    fault: 'target',
    meaning: 'A server of the own side answered instead of the central service that wakes up smartphones.',
    causes: [
      'The front end takes the push domain for a domain of its own, or has no way out for it.',
      'The address of the clearing house under push-notification in probes.json is wrong.',
    ],
    next: [
      'The diagnosis names the server that answered (source), unless nobody did. See its domains: `Get-CsSipDomain`.',
      'See whether the site has a way out: `Get-CsSite | Select-Object Identity, FederationRoute`; publish changes of the topology: `Publish-CsTopology`.',
    ],
  },
  PUSH_URI_UNEXPECTED: {
    layer: 'push',
    fault: 'target',
    meaning: 'Push notifications are to go to another address than the usual one.',
    causes: ['The setting was changed for a test, or mistyped.', 'The deployment has a push service of its own.'],
    next: [
      'See what the deployment uses: `Get-CsMcxConfiguration | Select-Object Identity, PushNotificationProxyUri`.',
      'Set the usual address everywhere: `Get-CsMcxConfiguration | Set-CsMcxConfiguration -PushNotificationProxyUri "sip:push@push.lync.com"`, and uri under push-notification in probes.json likewise.',
    ],
    degrades: false,
  },
  PUSH_OWN_RECORD_ELSEWHERE: {
    layer: 'push',
    fault: 'target',
    meaning: 'The record by which other domains find this one leads to another server than the one users sign in at.',
    causes: [
      'Another Edge pool is the way in for federation, which is no fault if it is meant.',
      'The record was left behind when the Edge was replaced or moved to another site.',
    ],
    next: [
      'See which Edge the topology wants for federation: `Get-CsSite | Select-Object Identity, FederationRoute`.',
      'If it is not the one that the record names, correct the record: `_sipfederationtls._tcp.<sip-domain> SRV 0 0 5061 <access-edge>`.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
