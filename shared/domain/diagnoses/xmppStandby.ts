import type { CatalogueEntry } from '../diagnosis.js';

/**
 * Whether another Edge pool could take XMPP federation over now. Each names the step of the fail-over procedure that is
 * missing; the steps are those of `edge-probes failover-check`.
 */
export const xmppStandby = {
  XMPP_ACTIVE_UNEXPECTED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'XMPP federation goes through another server than the one that is meant to carry it.',
    causes: [
      'A fail-over was done and has not been taken back.',
      'Somebody changed the priorities of the SRV records, or the zone was restored from an old copy.',
    ],
    next: [
      'See the priorities, the lowest is tried first: `dig +short _xmpp-server._tcp.<sip-domain> SRV | sort -n`.',
      'If the fail-over is meant to stay, set expectActive in probes.json to the pool that carries it now; if not, go the same seven steps back: `edge-probes failover-check`.',
    ],
    degrades: false,
  },
  XMPP_ACTIVE_WRONG_PORT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'XMPP federation runs on another port than is expected.',
    causes: [
      'The SRV record was entered with the port of the Access Edge or of XMPP clients.',
      'The server does listen elsewhere on purpose.',
    ],
    next: [
      'Look at the third number of the record: `dig +short _xmpp-server._tcp.<sip-domain> SRV`. An Edge listens on 5269.',
      'If the port is meant, set port of xmpp-federation in probes.json.',
    ],
    degrades: false,
  },
  XMPP_FAILOVER_POSSIBLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Another server is ready to take XMPP federation over.',
    causes: [
      'The pool with the best SRV priority is down, and a pool of lesser priority completes everything that partners need.',
      'Maintenance of the active pool was begun before federation was moved.',
    ],
    next: [
      'Follow the procedure live: `edge-probes failover-check --watch`.',
      'Repoint the route: `Set-CsSite <site> -XmppExternalFederationRoute <edge-server-fqdn>`.',
      'Give the pool that is ready the best priority in the public zone, or let the A record for XMPP federation lead to it.',
    ],
    degrades: false,
  },
  XMPP_FAILOVER_NOT_POSSIBLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'No other server is ready to take XMPP federation over.',
    causes: [
      'No second pool has a record, or the records lead to the pool that is down.',
      'The other pools are down as well, or steps of their preparation are missing: see the warnings beside this one.',
    ],
    next: [
      'See what each pool lacks: `edge-probes failover-check`.',
      'Bring the pool that carried federation back first if that is quicker: `Get-CsWindowsService`, then `Start-CsWindowsService` on each of its Edge Servers.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_NOT_PUBLISHED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The server that should stand by for XMPP federation has no record in DNS.',
    causes: [
      'Its SRV record was never created: step 5 of the fail-over procedure would have to be done in the disaster.',
      'The record was removed, or expectStandby in probes.json names the pool by another name than the record does.',
    ],
    next: [
      'Compare the names: `dig +short _xmpp-server._tcp.<sip-domain> SRV`.',
      'Do step 5 now: add `_xmpp-server._tcp.<sip-domain> SRV 10 0 5269 <standby-pool>` to the public zone, with a priority number above that of the active pool.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_WRONG_PORT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The record of a standby server for XMPP federation has the wrong port.',
    causes: [
      'The record was copied from another service: step 5 of the fail-over procedure demands port 5269.',
      'The standby listens on another port than the active pool.',
    ],
    next: [
      'Look at the third number: `dig +short _xmpp-server._tcp.<sip-domain> SRV`.',
      'Correct step 5: `_xmpp-server._tcp.<sip-domain> SRV 10 0 5269 <standby-pool>`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_EQUAL_PRIORITY: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Two servers for XMPP federation have the same priority, so that partners use either.',
    causes: [
      'The second record was made as a copy of the first: step 5 of the fail-over procedure needs a priority of its own for each pool.',
      'They were meant to share the load, which one XMPP federation route does not allow.',
    ],
    next: [
      'See the first number of each record: `dig +short _xmpp-server._tcp.<sip-domain> SRV | sort -n`.',
      'Give the standby a greater number than the active pool: `_xmpp-server._tcp.<sip-domain> SRV 10 0 5269 <standby-pool>`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_ADDRESS_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation has no address in DNS.',
    causes: [
      'Its SRV record names a host that has no A record in the public zone: step 4 of the fail-over procedure is missing.',
      'The record names the internal FQDN of the pool.',
    ],
    next: [
      'Look it up from outside: `dig <standby-pool> A @<public-resolver>`.',
      'Do step 4: create the A record with the public address of the standby pool.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_SAME_ADDRESS: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation has the address of the server that it should stand in for.',
    causes: [
      'Its A record still leads to the first pool: step 4 of the fail-over procedure is missing.',
      'Both names lead to one load balancer, so that there is no second pool outside.',
    ],
    next: [
      'Compare: `dig +short <active-pool> A` and `dig +short <standby-pool> A`.',
      'Do step 4: let the A record of the standby hold the public address of the standby pool.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_PORT_CLOSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation takes no connection from outside.',
    causes: [
      'Its port is not open in the external firewall: step 6 of the fail-over procedure is missing.',
      'Its services are stopped (refused, not silent): step 7 is missing.',
    ],
    next: [
      'Try from outside: `Test-NetConnection <standby-pool> -Port 5269`. No answer: a firewall, step 6. Refused: no service listens, step 7.',
      'Do step 6: open TCP port 5269 from the internet to every Edge Server of the pool.',
      'Do step 7 on each of them: `Start-CsWindowsService`, and see what did not start: `Get-CsWindowsService`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_CERTIFICATE_WRONG: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation shows a certificate that partners refuse.',
    causes: [
      'The pool was deployed (step 1) with a certificate that does not bear the SIP domain.',
      'Its certificate has expired unnoticed, or its issuer is not trusted outside.',
    ],
    next: [
      'See it: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <standby-pool>:5269`.',
      'Complete step 1: request one that bears the SIP domain and assign it to the external interface: `Request-CsCertificate`, `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <thumbprint>`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_TLS_FAILED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation does not get as far as an encrypted connection.',
    causes: [
      'Its certificate or key cannot be used, so that it refuses or breaks the negotiation: step 1 is not complete.',
      'It speaks older versions of TLS than the active pool.',
    ],
    next: [
      'See where it stops: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <standby-pool>:5269 -state`.',
      'Check what is assigned: `Get-CsCertificate -Type AccessEdgeExternal` on the standby, and compare it with the active pool.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_SERVICE_STOPPED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation takes connections, but no XMPP service talks there.',
    causes: [
      'The services of the pool were stopped and not started again: step 7 of the fail-over procedure is missing.',
      'A load balancer answers for a pool that is down.',
    ],
    next: [
      'Do step 7 on each Edge Server of the standby pool: `Start-CsWindowsService`.',
      'See what runs: `Get-CsWindowsService -Name RTCXMPPTGWPX`; at Prosody: `prosodyctl status`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_SERVICE_WRONG: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'At a standby server for XMPP federation something answers that partners cannot use.',
    causes: [
      'The record leads to another machine or service: see steps 4 and 5 of the fail-over procedure.',
      'The XMPP service there is damaged or answers with an error; the warning has its words.',
    ],
    next: [
      'Talk to it by hand: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <standby-pool>:5269`.',
      'Compare address and port with the pool: `Get-CsService -EdgeServer | Select-Object Identity, *Fqdn*`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_ROUTE_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation does not know the domain.',
    causes: [
      'The XMPP federation route was never set to this pool: step 3 of the fail-over procedure is missing.',
      'The change has not been replicated to its Edge Servers.',
    ],
    next: [
      'Do step 3 when the active pool is down: `Set-CsSite <site> -XmppExternalFederationRoute <edge-server-fqdn>`, with an Edge Server of the standby pool.',
      'See that it has arrived: `Get-CsManagementStoreReplicationStatus`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_STARTTLS_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation does not offer encryption.',
    causes: [
      'The pool was deployed (step 1) without a certificate for its external interface.',
      'A device before it removes the offer.',
    ],
    next: [
      'Complete step 1: `Set-CsCertificate -Type AccessEdgeExternal -Thumbprint <thumbprint>` on each Edge Server of the standby.',
      'See the offer: `openssl s_client -starttls xmpp-server -xmpphost <sip-domain> -connect <standby-pool>:5269`.',
    ],
    degrades: true,
  },
  XMPP_STANDBY_AUTHENTICATION_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'A standby server for XMPP federation offers partners no way to prove who they are.',
    causes: [
      'The pool was deployed (step 1) with other settings than the active one.',
      'Its configuration is older than the one in the management store.',
    ],
    next: [
      'Compare with the active pool: `edge-probes run xmpp-federation --json` shows under targets what each offers.',
      'Bring the configuration to the standby: `Invoke-CsManagementStoreReplication -ReplicaFqdn <edge-server-fqdn>`.',
    ],
    degrades: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
