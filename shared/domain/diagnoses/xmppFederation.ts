import type { CatalogueEntry } from '../diagnosis.js';

/** What a federated XMPP server meets between its connection and authentication (RFC 6120, RFC 7590, XEP-0220). */
export const xmppFederation = {
  XMPP_SERVER_SILENT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server took the connection but did not begin to talk.',
    causes: [
      'The XMPP service hangs or is paused: the operating system still takes connections.',
      'A load balancer or firewall answers for a server that is down.',
      'The port expects TLS from the first byte.',
    ],
    next: [
      'On each server of the Edge pool: `Get-CsWindowsService -Name RTCXMPPTGWPX`; if it hangs: `Stop-CsWindowsService -Name RTCXMPPTGWPX -Force`, then `Start-CsWindowsService -Name RTCXMPPTGWPX`. Prosody: `prosodyctl status`.',
      'Talk to it by hand: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <edge-pool>:5269`.',
      'Where it stays down, fail over to the other pool: `edge-probes failover-check --watch` shows the steps.',
    ],
  },
  XMPP_SERVER_CLOSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server closed the connection without saying why.',
    causes: [
      'The XMPP service behind a load balancer or proxy is stopped.',
      'A firewall with protocol inspection does not let the stream through.',
      'The server takes connections from known partner addresses alone.',
    ],
    next: [
      'Repeat it from a second place outside: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <edge-pool>:5269`.',
      'Read the log of the server at that moment: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` or `journalctl -u prosody -n 100`.',
      'Look into the log of the firewall for the address of the prober.',
    ],
  },
  XMPP_SERVER_STREAM_INVALID: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sent something that the rules of XMPP forbid.',
    causes: [
      'A proxy or inspection device on the way damages or adds data.',
      'The port belongs to XMPP clients, not to servers, or the server is faulty: the error says what it sent.',
      'Somebody tries to put words into the stream before it is encrypted.',
    ],
    next: [
      'Capture it for whoever keeps the server: `tcpdump -ni any -w xmpp.pcap host <edge-pool> and port 5269`.',
      'Connect once past the devices between, from the network of the Edge itself: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <edge-pool>:5269`.',
    ],
  },
  XMPP_SERVER_FEATURES_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server began to talk but did not say what it offers.',
    causes: [
      'The service starts or shuts down, or waits for something behind it, such as its database or a DNS server.',
      'An inspection device holds part of the stream back.',
      'The server sends its list of features without an end.',
    ],
    next: [
      'Wait a minute and repeat: `edge-probes run xmpp-federation --verbose`.',
      'Look at the load and the log of the XMPP server: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` or `prosodyctl about`.',
      'If it stays so, restart the XMPP service; at a Lync Edge: `Stop-CsWindowsService -Name RTCXMPPTGWPX`, then `Start-CsWindowsService -Name RTCXMPPTGWPX`.',
    ],
  },
  XMPP_SERVER_STARTTLS_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server does not offer encryption to other servers.',
    causes: [
      'The server has no certificate for the domain, so that it cannot offer STARTTLS.',
      'TLS negotiation is switched off for partners.',
      'A device on the way removes the offer from the stream.',
    ],
    next: [
      'See the offer: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <edge-pool>:5269`.',
      'At Lync: `Get-CsXmppAllowedPartner | Select-Object Identity, TlsNegotiation, SaslNegotiation`, and `Set-CsXmppAllowedPartner <partner-domain> -TlsNegotiation Optional`.',
      'At Prosody: `prosodyctl check certs`, and the module tls must be enabled.',
    ],
  },
  XMPP_SERVER_STARTTLS_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server of the domain offered partners encryption and then refused it.',
    causes: [
      'Its certificate or private key cannot be used: moved, unreadable, or not a pair.',
      'The service is overloaded or shutting down.',
    ],
    next: [
      'Read the log of the server at that moment: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` or `journalctl -u prosody -n 100`.',
      'Check the certificate of the external Edge interface: `Get-CsCertificate -Type AccessEdgeExternal`; at Prosody: `prosodyctl check certs`.',
      'Assign the certificate again and restart the service.',
    ],
  },
  XMPP_SERVER_STARTTLS_SILENT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offered encryption and did not go on when it was asked for.',
    causes: [
      'A device on the way does not understand STARTTLS and holds the answer back.',
      'The service hangs while it loads its certificate.',
    ],
    next: [
      'Repeat it from the network of the Edge itself: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <edge-pool>:5269`. If it works there, look at the devices between.',
      'Restart the XMPP service if it hangs there as well; at a Lync Edge: `Stop-CsWindowsService -Name RTCXMPPTGWPX -Force`, then `Start-CsWindowsService -Name RTCXMPPTGWPX`.',
    ],
  },
  XMPP_SERVER_AUTHENTICATION_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offers partners no way to prove who they are.',
    causes: [
      'Dialback and SASL EXTERNAL are both switched off.',
      'The server takes only partners that it knows by certificate and asks for none of others.',
    ],
    next: [
      'At Lync, see what each partner is allowed: `Get-CsXmppAllowedPartner | Select-Object Identity, SaslNegotiation, SupportDialbackNegotiation`.',
      'Allow one of them: `Set-CsXmppAllowedPartner <partner-domain> -SupportDialbackNegotiation $true`.',
      'At Prosody enable dialback, or s2s_secure_auth with certificates that partners can verify.',
    ],
  },
  XMPP_SERVER_HOST_UNKNOWN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server says that it does not serve this domain.',
    causes: [
      'The XMPP federation route does not lead to this Edge pool: at a fail-over it was not repointed.',
      'The XMPP configuration has not been replicated to the Edge yet.',
      'The record leads to an XMPP server of somebody else.',
    ],
    next: [
      'See which Edge has the route: `Get-CsSite | Select-Object Identity, XmppExternalFederationRoute`.',
      'Give it to this pool: `Set-CsSite <site> -XmppExternalFederationRoute <edge-server-fqdn>`.',
      'See whether the Edge has the change: `Get-CsManagementStoreReplicationStatus | Where-Object UpToDate -eq $false`; hurry it with `Invoke-CsManagementStoreReplication`.',
    ],
  },
  XMPP_SERVER_HOST_GONE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server says that it has stopped to serve this domain.',
    causes: [
      'The domain was taken from this server and the record still leads here.',
      'XMPP federation was moved to another pool.',
    ],
    next: [
      'See which pool has the route now: `Get-CsSite | Select-Object Identity, XmppExternalFederationRoute`.',
      'Give that pool the best priority: `dig +short _xmpp-server._tcp.<sip-domain> SRV` shows the present ones, the lowest number is tried first.',
    ],
  },
  XMPP_SERVER_REMOTE_FAILED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server cannot reach a server behind it that it needs.',
    causes: [
      'The XMPP gateway on the Front End side is down, or the Edge has no connection to it.',
      'The server could not connect back to verify its partner.',
    ],
    next: [
      'On the Front End: `Get-CsWindowsService -Name RTCXMPPTGW`; start it: `Start-CsWindowsService -Name RTCXMPPTGW`.',
      'See whether the gateway is deployed and where: `Get-CsService -XmppGateway` and `Get-CsXmppGatewayConfiguration`.',
      'Test the way from Edge to Front End: `Test-NetConnection <front-end-pool> -Port 23456`.',
    ],
  },
  XMPP_SERVER_POLICY_VIOLATION: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refuses the connection by a rule of its own.',
    causes: [
      'Only partners on its list may connect, and the prober is none.',
      'Encryption is demanded before anything else, or the sender connects too often.',
    ],
    next: [
      'See the list: `Get-CsXmppAllowedPartner`; and the policy: `Get-CsExternalAccessPolicy | Select-Object Identity, EnableXmppAccess`.',
      'Read the words of the server in the error and its log for the address of the prober.',
      'Let the schedule be slower if the server limits how often one address may connect.',
    ],
  },
  XMPP_SERVER_SHUTDOWN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server is being shut down.',
    causes: [
      'Somebody stops or restarts the service at this moment: maintenance, an update, a fail-over.',
      'The service cannot hold itself up and is restarted again and again.',
    ],
    next: [
      'Wait a minute and look again: `edge-probes run xmpp-federation --verbose`.',
      'If nobody stopped it on purpose: `Get-CsWindowsService -Name RTCXMPPTGWPX` and `Start-CsWindowsService -Name RTCXMPPTGWPX`; at Prosody `journalctl -u prosody -n 100`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
