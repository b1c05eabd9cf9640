import type { CatalogueEntry } from '../diagnosis.js';

/** Presence of Lync and Skype for Business (MS-PRES): what its servers say beyond the open standards. */
export const lyncPresence = {
  PRESENCE_WATCHER_REFUSED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not let the test account subscribe to presence.',
    causes: [
      'A policy of the user, or of the Edge for users outside, forbids it.',
      'The account was moved or disabled a moment ago.',
      'The user has as many subscriptions as its presence policy allows (ms-diagnostics 2011, 2012).',
      'userName and sipAddress of the account in probes.json belong to two users.',
    ],
    next: [
      'Read ErrorCode and Reason in the diagnosis, then look at the policies: `Get-CsUser "sip:<user>@<sip-domain>" | Select-Object SipAddress, Enabled, ExternalAccessPolicy, ClientPolicy, RegistrarPool`.',
      'May users outside sign in at all? `Get-CsExternalAccessPolicy | Select-Object Identity, EnableOutsideAccess`. How many subscriptions are allowed? `Get-CsPresencePolicy | Select-Object Identity, MaxCategorySubscription`.',
      'Run it inside: `Test-CsPresence -TargetFqdn "<pool>" -Verbose`. If it succeeds there, the Edge or its policy is at fault.',
    ],
  },
  PRESENCE_CONTACT_HIDDEN: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server shows one test account nothing of the presence of the other.',
    causes: [
      'Enhanced presence privacy is on, and the subscriber is no contact of the publisher.',
      'The publisher has blocked the subscriber, or moved it to a group that sees nothing.',
      'The two accounts are not of one organisation, so that the group "colleagues" does not hold the subscriber.',
      'The publisher is not enabled, or its pool is out of reach.',
    ],
    next: [
      'Is privacy mode on? `Get-CsPrivacyConfiguration | Select-Object Identity, EnablePrivacyMode`. If it is, sign in once as each test user and make the other one a contact.',
      'Are both accounts enabled, and where do they live? `"sip:<subscriber>@<sip-domain>", "sip:<publisher>@<sip-domain>" | Get-CsUser | Select-Object SipAddress, Enabled, RegistrarPool`.',
      'Sign in as the publisher and see in which group the subscriber is: it must be "Colleagues" or closer, not "Blocked".',
      'The list of the server is in the trace: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
    ],
  },
  PRESENCE_SUBSCRIPTION_REPLACED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'A newer presence subscription of the same account took the place of this one.',
    causes: [
      'Two probers use one test account at the same time, for instance a prober of yesterday that still runs.',
      'A client is signed in as the test user.',
    ],
    next: [
      'Give each prober outside of this deployment accounts of its own, and sign other clients of the test users out.',
      'See which servers answer for the account, and look there for other sign-ins of it: `Get-CsUserPoolInfo -Identity "sip:<user>@<sip-domain>"`.',
      'Repeat: `edge-probes run presence --edge <edge-name> --verbose`.',
    ],
  },
  PRESENCE_CATEGORY_REFUSED: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server does not let the test account publish a category of its presence.',
    causes: [
      'A policy forbids users to publish a note, or the category is read-only (ms-diagnostics 2003).',
      'The note is longer than the server takes (ms-diagnostics 2010).',
      'The presence data of the user is damaged, or was just moved to another pool.',
    ],
    next: [
      'Read ErrorCode and Reason in the diagnosis, then the policy: `Get-CsClientPolicy | Select-Object Identity, DisablePresenceNote`.',
      'Sign in as the second test user with a client and write a note: "What\'s happening today?".',
      'If that fails too, look at the front end: `Get-WinEvent -LogName "Lync Server" -MaxEvents 50 | Where-Object ProviderName -like "*User Services*"`.',
      'Repeat with each step shown: `edge-probes run presence --edge <edge-name> --verbose`.',
    ],
  },
  PRESENCE_VERSION_CONFLICT: {
    layer: 'presence',
    fault: 'target',
    meaning: 'The server refused a presence publication twice because its version was not the last one.',
    causes: [
      'Somebody else publishes for the same account all the time: a client that is signed in, or another prober.',
      'The Front End servers of the pool do not agree on the presence data of the user: replication stands still.',
      'The server names a version and then does not take it.',
    ],
    next: [
      'Sign other clients of the second test user out, and see that no other prober uses it.',
      'Is the pool in one state? `Get-CsPoolFabricState -PoolFqdn <pool>`, `Get-CsUserReplicatorConfiguration`, `Get-CsManagementStoreReplicationStatus`.',
      'Compare the versions that were sent with those of the answers: `edge-probes run presence --edge <edge-name> --trace trace.txt`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
