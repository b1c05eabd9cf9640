import type { CatalogueEntry } from '../diagnosis.js';

/** The TLS handshake itself; what is wrong with a certificate stands in `tlsCertificate.ts`. */
export const tlsHandshake = {
  TLS_VERSION_UNSUPPORTED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server offers only outdated versions of encryption.',
    causes: [
      'TLS 1.2 was never enabled: Lync Server 2013 on Windows Server 2008 R2 or 2012 speaks TLS 1.0 until updated and configured.',
      'It was switched off in the SChannel settings of the Edge Server, or in the TLS method of the SIP server.',
      'tls.minVersion in probes.json was raised above what the Edge is meant to speak.',
    ],
    next: [
      'Confirm it: `openssl s_client -connect <access-edge>:443 -servername <access-edge> -tls1_2`.',
      "On the Edge Server: `Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'` (Enabled 1, DisabledByDefault 0; no key at all means the default of Windows). Changes need a restart.",
      'Kamailio: set `method = TLSv1.2+` in tls.cfg, then `kamcmd tls.reload`. OpenSIPS: `tls_method` of module tls_mgm, then `opensips-cli -x mi tls_reload`.',
      'If an old deployment has to be watched as it is, set "minVersion": "TLSv1" under tls in probes.json.',
    ],
  },
  TLS_NOT_SPOKEN: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server does not offer encryption on this port.',
    causes: [
      'The port is that of another service: SIP without TLS (5060), HTTP, XMPP or the relay of the A/V Edge.',
      'The listener was set up for TCP instead of TLS.',
      'NAT or load balancer forwards the port to the wrong place.',
    ],
    next: [
      'See what answers: `openssl s_client -connect <access-edge>:443 -servername <access-edge>` ends with "wrong version number" or "packet length too long".',
      'Compare accessEdge.port in probes.json with the topology: `Get-CsService -EdgeServer | Select-Object Identity, *SipPort*`.',
      'Kamailio: `kamcmd core.sockets_list` must show the port with tls; OpenSIPS: a line `socket=tls:<address>:<port>` in its configuration.',
      'Only for a lab that speaks plain TCP on purpose: set accessEdge.transport to tcp.',
    ],
  },
  TLS_CLIENT_CERTIFICATE_REQUIRED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server admits only other servers with a certificate of their own on this port.',
    causes: [
      'This is the federation port of the Access Edge (5061, mutual TLS), not the one for clients (443).',
      'The SIP server or a load balancer demands certificates from clients too.',
    ],
    next: [
      'Read the port for clients: `Get-CsService -EdgeServer | Select-Object Identity, AccessEdgeClientSipPort, AccessEdgeExternalSipPort`, and set accessEdge.port to it.',
      'See that `Resolve-DnsName -Type SRV _sip._tls.<sip-domain>` does not lead clients to the federation port.',
      'Kamailio: `require_certificate = no` in the server section of tls.cfg, then `kamcmd tls.reload`. OpenSIPS: `require_cert` of module tls_mgm.',
    ],
  },
  TLS_HANDSHAKE_FAILED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server broke off the set-up of encryption.',
    causes: [
      'No common cipher: the server allows only old ones, or only those for another kind of certificate.',
      'The server has no usable certificate, for instance because its private key is missing or may not be read.',
      'The server does not know the name that was asked for and refuses instead of giving its default certificate.',
    ],
    next: [
      'The error names the alert. Repeat it: `openssl s_client -connect <access-edge>:443 -servername <access-edge>`, and once with `-noservername` instead of the name.',
      "On the Edge Server: `Get-WinEvent -FilterHashtable @{LogName='System'; ProviderName='Schannel'} -MaxEvents 20`.",
      'Check that the certificate has its private key: `Get-ChildItem Cert:\\LocalMachine\\My | Select-Object Thumbprint, HasPrivateKey, Subject`; otherwise import it anew, with the key.',
      'Kamailio: look for "TLS accept" in `journalctl -u kamailio -n 100`, and at `cipher_list` and `server_name` in tls.cfg.',
    ],
  },
  TLS_HANDSHAKE_CLOSED: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server closed the connection while encryption was being set up.',
    causes: [
      'No certificate is assigned to the external interface of the Access Edge, or it has vanished from the store: Windows then just hangs up.',
      'The load balancer took the connection and found no server behind it.',
      'The firewall, fail2ban or the pike module blocks the address of the prober after the connection is made.',
    ],
    next: [
      'See what is assigned: `Get-CsCertificate -Type AccessEdgeExternal | Select-Object Subject, NotAfter, Thumbprint`; assign it if nothing comes: `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <thumbprint>`.',
      'Go round the load balancer: `openssl s_client -connect <edge-server-address>:443 -servername <access-edge>` for each server. If they answer, look at its health checks.',
      'See whether the prober is blocked: `kamcmd pike.top`, `fail2ban-client status`, or the log of the firewall.',
    ],
  },
  TLS_HANDSHAKE_TIMEOUT: {
    layer: 'tls',
    fault: 'target',
    meaning: 'The server did not complete the set-up of encryption in time.',
    causes: [
      'The service hangs: the operating system still takes connections, nothing reads from them.',
      'The load balancer answers for a server that is down.',
      'Large packets are lost on the way (MTU), so that the certificate never arrives.',
      'Checking revocation lists or a starved processor delays the server.',
    ],
    next: [
      'See where it stops: `openssl s_client -connect <access-edge>:443 -servername <access-edge> -state`.',
      'On the Edge Server: `Get-CsWindowsService -Name RTCSRV`, and its processor time; if it hangs: `Stop-CsWindowsService -Name RTCSRV -Force`, then `Start-CsWindowsService -Name RTCSRV`. Kamailio: `kamcmd core.tcp_info`.',
      'Test large packets from outside: `ping -M do -s 1472 <access-edge>` on Linux, `ping -f -l 1472 <access-edge>` on Windows; smaller sizes must not fare better.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
