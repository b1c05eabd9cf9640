import type { CatalogueEntry } from '../diagnosis.js';

/** What is wrong with the certificate that the server showed (RFC 5280, RFC 6125). */
export const tlsCertificate = {
  TLS_CERTIFICATE_EXPIRED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server has expired.',
    causes: [
      'It was not renewed in time.',
      'It was renewed, but the new one is not assigned to the external interface of the Access Edge, or the service was not restarted since.',
      'One server of the pool, or the load balancer, still shows the old one.',
      'The certificate itself is good and an intermediate above it has expired.',
    ],
    next: [
      'See which one is shown: `openssl s_client -connect <access-edge>:443 -servername <access-edge> </dev/null | openssl x509 -noout -subject -dates`.',
      'On every server of the pool: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, NotAfter, Thumbprint`.',
      'Assign the new one: `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <thumbprint>`, then `Stop-CsWindowsService -Name RTCSRV` and `Start-CsWindowsService -Name RTCSRV`.',
      'Kamailio: put the new files in place and `kamcmd tls.reload`; OpenSIPS: `opensips-cli -x mi tls_reload`.',
    ],
  },
  TLS_CERTIFICATE_NOT_YET_VALID: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server is not valid yet.',
    causes: [
      'A new certificate was assigned before the day it begins.',
      'The clock of the authority that issued it is ahead.',
      'The clock of the prober is behind: then every server it tests over TLS shows this.',
    ],
    next: [
      'Read when it begins: `openssl s_client -connect <access-edge>:443 -servername <access-edge> </dev/null | openssl x509 -noout -startdate`.',
      'Check the clock of the prober: `timedatectl` or `w32tm /query /status`.',
      'Until that day assign the former certificate again: `Get-ChildItem Cert:\\LocalMachine\\My | Select-Object Thumbprint, NotBefore, NotAfter, Subject`, then `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <former-thumbprint>`.',
    ],
  },
  TLS_NAME_MISMATCH: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server was issued for another name.',
    causes: [
      'The names in it (SAN) lack this one, for instance after a further SIP domain was added.',
      'The internal certificate is assigned to the external interface.',
      'The connection ended at another service on the same port: A/V Edge, Web Conferencing Edge or the reverse proxy.',
      'DNS or accessEdge.address leads to another machine, or a SIP server with several certificates picked its default one.',
      'The SRV record leads outside the SIP domain: the certificate there must name the SIP domain itself (RFC 5922).',
    ],
    next: [
      'Read the names: `openssl s_client -connect <access-edge>:443 -servername <access-edge> </dev/null | openssl x509 -noout -subject -ext subjectAltName`.',
      'Compare: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, AlternativeNames`. If these are the right names, the connection ends elsewhere: check NAT, load balancer and DNS.',
      'If a name is missing, request a certificate with all SIP domains: `Request-CsCertificate -New -Type AccessEdgeExternal -AllSipDomain -Output <request-file>`.',
      'Kamailio: give tls.cfg a section with `server_name = <access-edge>`, then `kamcmd tls.reload`.',
    ],
  },
  TLS_CERTIFICATE_UNTRUSTED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server was issued by an authority that is not trusted.',
    causes: [
      'The server does not send its intermediate certificate. Browsers hide this, phones and partners do not.',
      'It comes from a private authority, or is self-signed, which clients outside do not know.',
      'A device that inspects TLS on the way shows a certificate of its own.',
      'The public authority changed its root, and the machines of clients do not have it yet.',
    ],
    next: [
      'See the chain as it is sent: `openssl s_client -connect <access-edge>:443 -servername <access-edge> -showcerts </dev/null`. One certificate alone means that the intermediate is missing.',
      'Import the intermediate on the Edge Server: `certutil -addstore CA <intermediate.cer>`, and restart the Access Edge. On Linux append it to the certificate file and reload: `kamcmd tls.reload`.',
      'If the issuer is not the one that you ordered from, look for TLS inspection in the firewall and exempt this host.',
      'If a private authority is meant, name its certificate in probes.json as tls.caFile.',
    ],
  },
  TLS_CERTIFICATE_INVALID: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server cannot be verified.',
    causes: [
      'It is not made for servers: "Server Authentication" is missing from its purposes.',
      'Its key is too short or its signature too weak (SHA-1, RSA below 2048 bits).',
      'A certificate in the chain may not issue others, or does not fit the one below it: chains of two renewals were mixed.',
    ],
    next: [
      'The error has the reason. Look at the certificate: `openssl s_client -connect <access-edge>:443 -servername <access-edge> </dev/null | openssl x509 -noout -text`.',
      'Check its chain on the Edge Server: `certutil -verify -urlfetch <certificate.cer>`.',
      'Have it issued anew as a server certificate (RSA 2048 or more, SHA-256) and assign it: `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <new-thumbprint>`.',
    ],
  },
  TLS_CERTIFICATE_EXPIRES_SOON: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The certificate of the server expires soon.',
    causes: [
      'Its renewal is due and has not been done.',
      'It was renewed but the new one is not assigned yet.',
      'The automatic renewal fails without anybody noticing.',
    ],
    next: [
      'Look whether the new one is there already: `Get-ChildItem Cert:\\LocalMachine\\My | Select-Object Thumbprint, NotAfter, Subject`.',
      'If not, request it now, public authorities may need days: `Request-CsCertificate -New -Type AccessEdgeExternal -AllSipDomain -Output <request-file>`. With ACME: `certbot renew --dry-run` shows why it fails.',
      'Assign it in a quiet hour, on every server of the pool: `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <new-thumbprint>`.',
      'Think of federation partners and of the load balancer, which may hold copies.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
