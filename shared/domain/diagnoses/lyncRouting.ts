import type { CatalogueEntry } from '../diagnosis.js';

/** What an Access Edge, Director or pool says in ms-diagnostics about the way of a request (MS-OCER). */
export const lyncRouting = {
  SIP_CLIENT_VERSION_REFUSED: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server does not let the monitoring in because of the name of its client program.',
    causes: [
      'A client version policy blocks the User-Agent of the prober, or everything it does not know.',
      'The policy was tightened after an update of the clients.',
    ],
    next: [
      'See the rules: `Get-CsClientVersionPolicy | Select-Object -ExpandProperty Rules`, and what happens to unknown clients: `Get-CsClientVersionConfiguration | Select-Object Identity, DefaultAction`.',
      'Allow it: `$rule = New-CsClientVersionPolicyRule -Parent <policy> -UserAgent <user-agent> -Action Allow -MatchExactVersion $false`.',
      'Or set userAgent in probes.json to one that the policy allows.',
    ],
  },
  SIP_REDIRECT_FOREIGN: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server sent the test account to a place outside of its own domain.',
    causes: [
      'The account was moved to another deployment or to the cloud, and the Edge redirects there.',
      'An internal name in another domain leaks out: the Edge should route such sign-ins itself.',
      'Somebody wants the password to be sent elsewhere: the prober does not follow.',
    ],
    next: [
      'The error names the place. See where the account is homed: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object HostingProvider, RegistrarPool`.',
      'If it moved, give the edge a test account that is still homed there, or set accessEdge in probes.json to the new place.',
      'If the place is internal, correct the next hop of the Edge pool in the topology, and publish it: `Publish-CsTopology`.',
    ],
  },
  SIP_REDIRECT_LOOP: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The servers keep sending the test account from one to the next.',
    causes: [
      'Two pools disagree about which of them serves the account, mostly after a move or a fail-over.',
      'The Director redirects to itself because the home pool is unknown to it.',
    ],
    next: [
      'The error lists the way. Ask each pool where the account belongs: `Get-CsUserPoolInfo -Identity "sip:<user>@<sip-domain>"`.',
      'See whether all of them have the same data: `Get-CsManagementStoreReplicationStatus`; push with `Invoke-CsManagementStoreReplication`.',
      'Finish a move that stopped half-way: `Move-CsUser -Identity "sip:<user>@<sip-domain>" -Target <pool>`.',
    ],
  },
  SIP_NEXT_HOP_UNRESOLVED: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The entrance cannot find the address of the server behind it.',
    causes: [
      'The Edge Server asks public DNS servers, which do not know internal names.',
      'The hosts file of the Edge Server lacks the next hop, or has the old one after a change of the topology.',
      'The record of the pool was deleted from internal DNS.',
    ],
    next: [
      'On the Edge Server named as source: `Resolve-DnsName <next-hop>` and `Get-Content C:\\Windows\\System32\\drivers\\etc\\hosts`.',
      'The next hop that the topology wants: `Get-CsService -EdgeServer | Select-Object Identity, Registrar`.',
      'Add the record, then `Clear-DnsClientCache` on the Edge Server.',
    ],
  },
  SIP_NEXT_HOP_UNTRUSTED: {
    layer: 'sip',
    fault: 'target',
    meaning: 'Two servers behind the entrance do not trust the certificates of each other.',
    causes: [
      'A certificate between Edge, Director and pool has expired or was replaced by one with other names.',
      'The root certificate of the internal authority is missing on one side, or was put among the intermediate ones.',
      'The server is not among the trusted ones of the topology that the other has.',
    ],
    next: [
      'ms-diagnostics names the hosts and an error number (HRESULT). On each: `Get-CsCertificate | Select-Object Use, Subject, AlternativeNames, NotAfter`.',
      'Look for wrong entries among the root certificates: `Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.Issuer -ne $_.Subject }`; there must be none.',
      'Renew and assign where needed: `Request-CsCertificate -New -Type <type> -Ca <ca>` and `Set-CsCertificate -Type <type> -Thumbprint <thumbprint>`.',
    ],
  },
  SIP_NEXT_HOP_UNREACHABLE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The entrance cannot reach the server behind it.',
    causes: [
      'The pool or Director behind the Edge is down or in fail-over.',
      'A firewall between perimeter and internal network closes the way.',
      'The Edge marked its next hop as down a short while ago and has not tried again.',
    ],
    next: [
      'On the Edge Server named as source: `Test-NetConnection <next-hop> -Port 5061`.',
      'The services on the next hop: `Get-CsWindowsService -ComputerName <next-hop>`; the state of its pool: `Get-CsPoolFabricState -PoolFqdn <pool>`.',
      'If the pool failed over: `Get-CsPoolBackupRelationship -PoolFqdn <pool>`, and set the next hop of the Edge to the pool that took over.',
    ],
  },
  SIP_USER_HOMED_ELSEWHERE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server that was asked does not serve the test account.',
    causes: [
      'The account was moved and the server was not told yet.',
      'The Edge or Director routed to the wrong pool.',
    ],
    next: [
      'Compare the home of the account with source in the diagnosis: `Get-CsUserPoolInfo -Identity "sip:<user>@<sip-domain>"`.',
      'See whether the move has reached all servers: `Get-CsManagementStoreReplicationStatus`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
