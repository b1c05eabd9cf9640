import type { CatalogueEntry } from '../diagnosis.js';

/** What can happen to a sign-in at Lync and Skype for Business after it was made. */
export const lyncSession = {
  AUTH_ASSOCIATION_LOST: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server forgot a sign-in that it had accepted moments before.',
    causes: [
      'The front end that holds the sign-in was restarted or failed over to another.',
      'The load balancer before the pool spreads the messages of one client over several servers.',
      'The server removes sign-ins because it is short of memory.',
    ],
    next: [
      'Run it a few times: `edge-probes run registration --edge <edge-name> --verbose`. If it happens each time, look at the load balancer; otherwise at restarts.',
      'Look for restarts and fail-overs of the pool: `Get-CsPoolFabricState -PoolFqdn <pool>`, and on each front end `Get-CsWindowsService`.',
      'See whether the name of the server (targetname) differs between the two challenges: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
    ],
    degrades: true,
  },
  AUTH_SIGNED_OUT: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server signed the test account out in the middle of a run.',
    causes: [
      'The account was disabled or moved to another pool (deactivated, rejected).',
      'Somebody signed in with the same endpoint elsewhere (unregistered): the account is used outside of the monitoring, or twice in one region.',
      'An administrator drains the server for maintenance.',
    ],
    next: [
      'See whether the account is enabled, and where: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object SipAddress, Enabled, RegistrarPool`.',
      'Give the test account to the monitoring alone, and each region its own pair (accountsByRegion).',
      'See whether a server is being drained: `Get-CsWindowsService -ComputerName <front-end> | Select-Object Name, Status, ActivityLevel`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
