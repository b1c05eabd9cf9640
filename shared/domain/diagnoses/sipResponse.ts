import type { CatalogueEntry } from '../diagnosis.js';

/** Final responses that are no success, and 200s that do not keep their word (RFC 3261 section 21 and 10.3). */
export const sipResponse = {
  SIP_REQUEST_REDIRECTED: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server sent the test account elsewhere to sign in.',
    causes: [
      'The account is homed on another pool and the Edge passed on the internal redirect, which nobody outside can follow.',
      'The Edge or Director has another next hop than the pool that serves the account, for instance during a migration.',
      'On a SIP server: the routing script redirects instead of relaying.',
    ],
    next: [
      'The Contact in what the server said is where it points. Compare it with the home of the account: `Get-CsUserPoolInfo -Identity "sip:<user>@<sip-domain>"`.',
      'Check the next hop of the Edge pool in the topology: `Get-CsService -EdgeServer | Select-Object Identity, Registrar`; Director or pool there must be able to route to the home pool.',
      'Kamailio and OpenSIPS: look for a 3xx reply in the script, and relay with `t_relay()`.',
    ],
  },
  SIP_REQUEST_REJECTED: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server rejected the request.',
    causes: [
      'The domain is not served there, or the request went in circles (482, 483): routing of the SIP domain is wrong.',
      'The server wants an extension or form that the prober does not send (400, 420, 421, 488).',
      'A policy of the server or of a session border controller refuses (405, 406, 6xx), for instance by User-Agent.',
    ],
    next: [
      'The status and what the server said name the reason; ms-diagnostics tells the component: source is the server that refused.',
      'See that the SIP domain is served: `Get-CsSipDomain`; Kamailio: `kamcmd domain.dump`; OpenSIPS: `opensips-cli -x mi domain_dump`.',
      'If User-Agents are filtered, set userAgent in probes.json to one that is allowed.',
      'Keep the messages for the owner of the server: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
    ],
  },
  SIP_REQUEST_FORBIDDEN: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server forbids the test account to sign in.',
    causes: [
      'The account may not sign in from outside (ms-diagnostics 4003): the external access policy or the Edge does not allow remote users.',
      'The credentials are good but belong to another account than the SIP address (4004).',
      'A client version policy refuses the User-Agent (17002, 17003).',
      'On a SIP server: the script compares user name and address, or the address of the prober is blocked.',
    ],
    next: [
      'Remote access of the account: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object SipAddress, ExternalAccessPolicy`, then `Get-CsExternalAccessPolicy | Select-Object Identity, EnableOutsideAccess`.',
      'Remote access at the Edge: `Get-CsAccessEdgeConfiguration | Select-Object Allow*`; if it is off: `Set-CsAccessEdgeConfiguration -AllowOutsideUsers $true`.',
      'Compare sipAddress and userName in probes.json: both must belong to one account.',
      'Client versions: `Get-CsClientVersionPolicy`; set userAgent in probes.json to one that is allowed.',
    ],
  },
  SIP_USER_NOT_FOUND: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server does not know the test account.',
    causes: [
      'sipAddress in probes.json is mistyped, or is the e-mail address where the two differ.',
      'The account exists but is not enabled for Lync or Skype for Business (ms-diagnostics 4005), or was disabled.',
      'It was created or moved a short while ago and the change has not reached all servers.',
      'On a SIP server: it was never added as a subscriber of this domain.',
    ],
    next: [
      'See whether it exists and is enabled, and the other test account too: `"sip:<user>@<sip-domain>", "sip:<other-user>@<sip-domain>" | Get-CsUser | Select-Object SipAddress, Enabled, RegistrarPool`.',
      'If it is missing: `Enable-CsUser -Identity "<domain>\\<user>" -RegistrarPool <pool> -SipAddress "sip:<user>@<sip-domain>"`.',
      'If it is new, see that servers are up to date, the Edge among them: `Get-CsManagementStoreReplicationStatus`; push with `Invoke-CsManagementStoreReplication`.',
      'Kamailio: `kamctl db roexec "select username, domain from subscriber where username=\'<user>\'"`; add it with `kamctl add <user>@<sip-domain> <password>`.',
    ],
  },
  SIP_USER_UNAVAILABLE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server says that the account is temporarily unavailable.',
    causes: [
      'The home pool of the account is in fail-over or failed back, and the account is served by no registrar at the moment.',
      'The account is being moved to another pool.',
      'The Front End servers have lost their quorum, so that routing groups have no owner.',
    ],
    next: [
      'See where the account should be served: `Get-CsUserPoolInfo -Identity "sip:<user>@<sip-domain>"`.',
      'See the state of its pool: `Get-CsPoolFabricState -PoolFqdn <pool>`; groups without a primary cannot serve their users.',
      'Kamailio: `kamctl ul show <user>@<sip-domain>`, and look for a 480 in the routing script.',
    ],
  },
  SIP_INTERVAL_TOO_BRIEF: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server does not accept sign-ins as short as the monitoring asks for.',
    causes: [
      'The least lifetime of a registration on the server is longer than what the prober asks for; it keeps its own short, so that a killed run leaves nobody signed in.',
      'The limit was raised lately to spare the server.',
    ],
    next: [
      'Read the limit (Min-Expires) in the trace: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Lower it on the server. Kamailio and OpenSIPS: `modparam("registrar", "min_expires", 60)`; Lync: `Get-CsRegistrarConfiguration | Select-Object Identity, MinEndpointExpiration`.',
    ],
  },
  SIP_SERVER_TIMEOUT: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server says that the request timed out on its side.',
    causes: [
      'The server that took the request waited in vain for another one and answered 408 itself.',
      'The database of the SIP server, or the back end of the pool, is too slow.',
    ],
    next: [
      'See which server said so (Server or ms-diagnostics source) and what it was waiting for: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50` there.',
      'Lync and Skype for Business: the databases of the pool: `Get-CsDatabaseMirrorState -PoolFqdn <pool>` (mirrored back ends), and `Test-CsDatabase -ConfiguredDatabases -SqlServerFqdn <sql-server>`.',
      'Kamailio: `kamcmd tm.stats` (many 408 are its own), `kamcmd dispatcher.list` shows destinations that do not answer.',
    ],
  },
  SIP_SERVER_ERROR: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server failed while it handled the request.',
    causes: [
      'A server behind the Edge has an internal error (ms-diagnostics 0 or 5003), often after an update.',
      'Critical services of the Front End server are not running (5000).',
      'On a SIP server: the script failed, its database is gone, or it has no memory left.',
    ],
    next: [
      'On the server named as source: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50 | Where-Object LevelDisplayName -in "Error", "Warning"`.',
      'On every Front End server: `Get-CsWindowsService -ExcludeActivityLevel`.',
      'Kamailio: `journalctl -u kamailio -n 100` and `kamcmd core.shmmem`; OpenSIPS: `journalctl -u opensips -n 100` and `opensips-cli -x mi get_statistics shmem:`.',
    ],
  },
  SIP_SERVICE_UNAVAILABLE: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server says that it is overloaded or out of service.',
    causes: [
      'The server is being drained or stopped for maintenance (Stop-CsWindowsService -Graceful).',
      'It is overloaded and throttles: a Retry-After in what the server said tells for how long.',
      'It still starts, or has lost its databases and serves only part of its users.',
    ],
    next: [
      'Ask whether maintenance is going on; if so, enter a maintenance window in probes.json.',
      'See the services and how busy they are: `Get-CsWindowsService` on Edge and Front End servers.',
      'See the state of the pool: `Get-CsPoolFabricState -PoolFqdn <pool>`.',
      'Kamailio: load and blocked sources: `kamcmd core.psx`, `kamcmd pike.top`; OpenSIPS: `opensips-cli -x mi get_statistics load:`.',
    ],
  },
  SIP_GATEWAY_TIMEOUT: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The entrance answers, but it got no answer from the server behind it.',
    causes: [
      'The Director or Front End pool that is the next hop of the Edge is down.',
      'A firewall between Edge and pool closes port 5061 from the perimeter network.',
      'The Edge cannot resolve the name of its next hop (ms-diagnostics 1014), or a DNS SRV record is missing (1008).',
      'Edge and pool no longer trust the certificates of each other (1010).',
      'The Edge works with an old topology: replication to it has stopped.',
    ],
    next: [
      'On the Edge Server, towards its next hop: `Test-NetConnection <next-hop> -Port 5061` and `Resolve-DnsName <next-hop>`.',
      'On the next hop: `Get-CsWindowsService -ExcludeActivityLevel`; sign-in from inside tells whether the pool works: `Test-CsRegistration -TargetFqdn <pool>`.',
      'Certificates between them: `Get-CsCertificate -Type Internal` on the Edge, `Get-CsCertificate -Type Default` on the pool.',
      'Replication to the Edge: `Get-CsManagementStoreReplicationStatus -ReplicaFqdn <edge-server>`; UpToDate must be True.',
      'Kamailio: `kamcmd dispatcher.list`; OpenSIPS: `opensips-cli -x mi ds_list`.',
    ],
  },
  SIP_BINDING_MISSING: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server accepted the sign-in but does not list it.',
    causes: [
      'The server answers 200 without storing the registration, for instance because its database does not take writes.',
      'The number of registrations of an account is limited, and the new one was left out or replaced at once.',
      'A device between rewrites Contact, so that the registration stands under another address.',
    ],
    next: [
      'See what is stored: `kamctl ul show <user>@<sip-domain>` or `opensips-cli -x mi ul_show_contact location <user>@<sip-domain>`.',
      'Check the limit: `modparam("registrar", "max_contacts", ...)`, and that the script calls `save("location")` before it answers.',
      'Compare the Contact sent and the one answered: `edge-probes run registration --edge <edge-name> --trace trace.txt`; switch off SIP ALG if they differ.',
    ],
  },
  SIP_BINDING_REMAINS: {
    layer: 'sip',
    fault: 'target',
    meaning: 'The server accepted the sign-out but still lists the sign-in.',
    causes: [
      'The server answers 200 to the removal and does not carry it out: a write to its database failed.',
      'Several servers share the registrations and the list came from one that does not know of the removal yet.',
    ],
    next: [
      'See whether it is still there, and for how long: `kamctl ul show <user>@<sip-domain>`.',
      'Remove it by hand: `kamctl ul rm <user>@<sip-domain>` or `opensips-cli -x mi ul_rm location <user>@<sip-domain>`; otherwise it ends by itself within minutes.',
      'If registrations are shared, look at their replication: Kamailio `db_mode` and dmq_usrloc, OpenSIPS clusterer: `opensips-cli -x mi clusterer_list`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
