import type { CatalogueEntry } from '../diagnosis.js';

/** Signing in at Lync and Skype for Business (MS-SIPAE): which scheme is offered, and whom the server lets in. */
export const lyncSignIn = {
  AUTH_KERBEROS_ONLY: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The entrance offers only a way to sign in that works inside the company network.',
    causes: [
      'NTLM was switched off for clients, and certificates are not offered: Kerberos is left, for which nobody outside reaches a domain controller.',
      'The name in DNS leads to an internal pool and not to the Access Edge.',
      'A policy of the domain restricts NTLM (Network security: Restrict NTLM), so that the servers took it from their offer.',
    ],
    next: [
      'See what Edge and pool may offer: `Get-CsProxyConfiguration | Select-Object Identity, UseNtlmForClientToProxyAuth, UseKerberosForClientToProxyAuth, UseCertificateForClientToProxyAuth`.',
      'Let clients outside use NTLM: `Set-CsProxyConfiguration -Identity <identity> -UseNtlmForClientToProxyAuth $true`; if that is out of the question, users outside need certificates: `Set-CsProxyConfiguration -Identity <identity> -UseCertificateForClientToProxyAuth $true`.',
      'Check that the name leads to the Edge: `Resolve-DnsName <access-edge> -Server <public-dns-server>`.',
    ],
  },
  AUTH_CERTIFICATE_ONLY: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The entrance offers only sign-in with client certificates, which the monitoring does not support.',
    causes: [
      'NTLM was switched off for clients; what is left is TLS-DSK, the certificate that a client gets from the web services of the pool.',
      'NTLM is allowed at one pool or Edge only, and this run reached another.',
      'NTLM was disabled for newer clients in particular (DisableNtlmFor2010AndLaterClients).',
    ],
    next: [
      'Compare the settings of all pools and Edges: `Get-CsProxyConfiguration | Select-Object Identity, UseNtlmForClientToProxyAuth, DisableNtlmFor2010AndLaterClients`.',
      'To let the prober in: `Set-CsProxyConfiguration -Identity <identity> -UseNtlmForClientToProxyAuth $true -DisableNtlmFor2010AndLaterClients $false`. Users with certificates are not affected.',
      'If NTLM must stay off, this transaction cannot run; watch the way to the Edge with those that need no account, such as sip-federation.',
    ],
  },
  AUTH_CLOCK_SKEW: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The servers refused the sign-in because clocks differ too much.',
    causes: [
      'The clock of the server that checks passwords, or of its domain controller, is wrong.',
      'The virtual machine of a server takes its time from a host whose clock is wrong.',
      'The clock of the prober is wrong; in Azure that is most unlikely.',
    ],
    next: [
      'The error says by how much the server differs from the prober. On the server: `w32tm /query /status` and `w32tm /stripchart /computer:<domain-controller> /samples:5`.',
      'Mend it: `w32tm /resync /rediscover`; on a virtual machine switch off the time synchronisation of the host.',
      'Edge Servers are in no domain and need a time source of their own: `w32tm /config /manualpeerlist:<time-server> /syncfromflags:manual /update`.',
    ],
  },
  AUTH_REMOTE_ACCESS_FORBIDDEN: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The test account may sign in inside the company network only.',
    causes: [
      'The external access policy of the account does not allow remote access.',
      'A new site or user policy took the place of the one that allowed it.',
      'Remote users are switched off for the Edge as a whole.',
    ],
    next: [
      'See which policy the account has: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object SipAddress, ExternalAccessPolicy` (empty: the policy of its site or the global one).',
      'See what it allows: `Get-CsExternalAccessPolicy | Select-Object Identity, EnableOutsideAccess`, and allow it: `Set-CsExternalAccessPolicy -Identity <policy> -EnableOutsideAccess $true`.',
      'For the Edge as a whole: `Get-CsAccessEdgeConfiguration | Select-Object AllowOutsideUsers`; `Set-CsAccessEdgeConfiguration -AllowOutsideUsers $true`.',
    ],
  },
  AUTH_IDENTITY_MISMATCH: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The password is right but belongs to another account than the one that signs in.',
    causes: [
      'sipAddress and userName of the account in probes.json belong to two people.',
      'The SIP address was given to another account in Active Directory.',
      'Two accounts were merged or migrated, and the old one still has the password.',
    ],
    next: [
      'See who owns the SIP address: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object SamAccountName, UserPrincipalName, SipAddress`.',
      'Put that account into userName, as DOMAIN\\user or user@domain, and check the file: `edge-probes check-config`.',
    ],
  },
  AUTH_ASSOCIATION_CHANGED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server answered in the name of another sign-in than the one that was agreed on.',
    causes: [
      'A load balancer moved the connection to another server in the middle of it.',
      'The server was restarted, or lost the sign-in, and did not ask for a new one.',
      'A device between mixes up the connections of several clients.',
    ],
    next: [
      'See whether the names of servers in the trace change: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Check that the load balancer before Edge and pool keeps a TCP connection at one server for its whole life.',
      'On the front ends, look for restarts at that time: `Get-WinEvent -LogName "Lync Server" -MaxEvents 100 | Where-Object ProviderName -like "*Protocol Stack*"`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
