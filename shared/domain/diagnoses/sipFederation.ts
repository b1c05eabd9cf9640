import type { CatalogueEntry } from '../diagnosis.js';

/** The way in for other domains, seen from outside: `_sipfederationtls._tcp`, mutual TLS, and a request over it. */
export const sipFederation = {
  FEDERATION_SRV_MISSING: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The domain does not tell other domains where to reach it.',
    causes: [
      'The SRV record for federation was never published in the public zone, or was lost when the zone moved.',
      'Federation was given up, and nobody told the monitoring.',
      'Partners have the Edge in their own lists, so that nobody missed the record.',
    ],
    next: [
      'Confirm it from outside: `Resolve-DnsName -Type SRV _sipfederationtls._tcp.<sip-domain> -Server <public-resolver>`.',
      'Publish it: `_sipfederationtls._tcp.<sip-domain> SRV 0 0 5061 <access-edge>`.',
      'See whether the Edge federates at all: `Get-CsAccessEdgeConfiguration | Select-Object AllowFederatedUsers, EnablePartnerDiscovery`; if that is not wanted, take sip-federation out of probes.json.',
    ],
  },
  FEDERATION_NOT_OFFERED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The domain states in DNS that it takes no requests of other domains.',
    causes: [
      'The SRV record for federation has the target "." (RFC 2782): somebody switched federation off on purpose.',
      'A DNS provider wrote "." where the target had been left empty.',
    ],
    next: [
      'See the record as it is: `dig +short _sipfederationtls._tcp.<sip-domain> SRV`.',
      'Ask who keeps the zone whether it is meant; if not, let it name the Access Edge and port 5061.',
    ],
  },
  FEDERATION_TARGET_NO_ADDRESS: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The record that tells other domains where to reach this one names a server that has no address.',
    causes: [
      'The Edge was renamed or replaced, and the record still names the old host.',
      'The record names the internal FQDN of the Edge, which public DNS does not know.',
      'The A record of the host was deleted and the SRV record forgotten.',
    ],
    next: [
      'See the hosts that partners are given: `dig +short _sipfederationtls._tcp.<sip-domain> SRV`, and look up each from outside: `dig <srv-target> A @<public-resolver>`.',
      'Compare with the external name of the Edge: `Get-CsService -EdgeServer | Select-Object Identity, AccessEdgeExternalFqdn`; correct the one that is wrong.',
    ],
  },
  FEDERATION_TARGET_FOREIGN: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The record that tells where to reach a domain leads to a server of another domain.',
    causes: [
      'The Edge serves several SIP domains, and the record of each names the host of the first.',
      'The domain is hosted, for instance in the cloud, and the record names the host of the provider.',
      'The record was copied from another domain.',
    ],
    next: [
      'Give the domain a host of its own that leads to the same Edge: `sip.<sip-domain> A <address>` and `_sipfederationtls._tcp.<sip-domain> SRV 0 0 5061 sip.<sip-domain>`, and see that the certificate names it.',
      'Otherwise every partner with Lync or Skype for Business has to list the host: `New-CsAllowedDomain -Identity <sip-domain> -ProxyFqdn <srv-target>`. Without that its Edge answers 504 with ms-diagnostics 1009.',
      'For a partner in the cloud look at the provider: `Get-CsHostingProvider | Select-Object Identity, ProxyFqdn, Enabled`.',
    ],
    degrades: false,
  },
  FEDERATION_PORT_UNUSUAL: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The way in for other domains is on an unusual port.',
    causes: [
      'The Edge was given another port because the address had to be shared with another service.',
      'The record for federation was copied from the one for clients, which names their port.',
    ],
    next: [
      'See the port that the Edge listens on: `Get-CsService -EdgeServer | Select-Object Identity, AccessEdgeExternalSipPort`.',
      'Firewalls of partners let 5061 out and often nothing else: move federation there, or expect that some partners cannot connect.',
    ],
    degrades: false,
  },
  FEDERATION_CERTIFICATE_NOT_REQUESTED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance for other domains does not ask them to prove who they are.',
    causes: [
      'The record or NAT leads to the listener for clients instead of the one for federation.',
      'A load balancer or reverse proxy ends TLS in front of the Edge: mutual TLS does not pass it.',
      'The SIP server does not ask for certificates, so that it cannot tell one domain from another.',
    ],
    next: [
      'Confirm it: `openssl s_client -connect <access-edge>:5061 -servername <access-edge> </dev/null` shows "No client certificate CA names sent" and no acceptable signature algorithms of a request.',
      'Let the load balancer pass port 5061 on as TCP, without TLS offloading.',
      'Compare port and address with the topology: `Get-CsService -EdgeServer | Select-Object Identity, AccessEdgeExternalSipPort`.',
      'Kamailio: `verify_certificate = yes` in the server section of tls.cfg, then `kamcmd tls.reload`. OpenSIPS: `verify_cert` of module tls_mgm.',
    ],
  },
  FEDERATION_CERTIFICATE_OPTIONAL: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance for other domains also lets in those who do not prove who they are.',
    causes: [
      'The SIP server asks for a certificate and decides later, by its own rules, what to do without one.',
      'The demand was relaxed for a partner or client that has none, and never restored.',
    ],
    next: [
      'If requests of strangers are refused later on, nothing has to be done; see how the server treats them.',
      'If the demand is meant to be strict: Kamailio `require_certificate = yes`, OpenSIPS `require_cert` of module tls_mgm. A Lync Edge has no such setting: look for a device in front of it.',
    ],
    degrades: false,
  },
  FEDERATION_CERTIFICATE_REFUSED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance for other domains does not accept the certificate that the monitoring shows.',
    causes: [
      'The Edge does not trust the authority that issued it: partners need one that both sides know.',
      'It has expired, or is not made for clients ("Client Authentication" is missing from its purposes).',
      'The list of authorities on the Edge Server is longer than Windows can send or read in a handshake (16 KB).',
    ],
    next: [
      'Look at the certificate: `openssl x509 -in <cert-file> -noout -subject -issuer -dates -ext extendedKeyUsage`.',
      'Import its authority on every Edge Server: `certutil -addstore Root <ca-file>`, intermediates with `certutil -addstore CA <intermediate-file>`.',
      "On the Edge Server: `Get-WinEvent -FilterHashtable @{LogName='System'; ProviderName='Schannel'} -MaxEvents 20`; on Kamailio the log of its module tls says what OpenSSL dislikes.",
    ],
  },
  FEDERATION_REQUEST_REFUSED: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The entrance for other domains accepts the certificate of the monitoring, but not its requests.',
    causes: [
      'The domain in the certificate is not among the allowed partners, or is blocked.',
      'Discovery of partners is off, so that only listed domains may talk.',
      'The first name in the certificate is not the host that the Edge knows that partner by.',
    ],
    next: [
      'Allow the domain of the monitoring: `New-CsAllowedDomain -Identity <probe-domain> -ProxyFqdn <name-in-certificate>`.',
      'See who may talk at all: `Get-CsAccessEdgeConfiguration | Select-Object AllowFederatedUsers, EnablePartnerDiscovery` and `Get-CsBlockedDomain`.',
    ],
  },
  FEDERATION_PARTNER_ROUTE_BROKEN: {
    layer: 'federation',
    fault: 'target',
    meaning: 'The way to a partner domain is broken; the own domain can be reached.',
    causes: [
      'The partner changed or lost its record, its Edge is down, or its certificate is not accepted; the message says which.',
      'The partner admits only known addresses, and that of the monitoring is not one of them.',
    ],
    next: [
      'Read in the message what failed, and look it up in the list of diagnoses under the code that it names.',
      'See whether the own Edge meets the same: `Test-CsFederatedPartner -TargetFqdn <edge-server> -Domain <partner-domain>`.',
      'Tell the administrator of the partner, or take the domain out of partners in probes.json.',
    ],
    degrades: true,
  },
  FEDERATION_PARTNER_NOT_SEEN: {
    layer: 'federation',
    fault: 'prober',
    meaning: 'The way to a partner domain could not be looked at; this says nothing about the service.',
    causes: [
      'The resolver of the prober did not answer for that domain.',
      'There is no route from here in the address family of the partner, or no socket was left.',
    ],
    next: [
      'Read in the message what was missing, and look it up under the code that it names.',
      'Compare with the runs of other regions: if they see the partner, the trouble is here.',
    ],
    degrades: false,
  },
  CONFIG_CLIENT_CERTIFICATE_UNUSABLE: {
    layer: 'config',
    fault: 'prober',
    meaning: 'The certificate that the monitoring is to show cannot be used; this says nothing about the service.',
    causes: [
      'Certificate and private key do not belong together, for instance because only one of them was renewed.',
      'A file was removed or replaced after the start, or may not be read by the process.',
    ],
    next: [
      'Compare the two, the lines must be equal: `openssl x509 -in <cert-file> -noout -pubkey` and `openssl pkey -in <key-file> -pubout`.',
      'Correct clientCertificate under sip-federation in probes.json, and read the file as the service does: `edge-probes check-config`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
