import type { CatalogueEntry } from '../diagnosis.js';

/** Persistent Chat of Lync and Skype for Business: whether there is a service for the user, and whether it is reached. */
export const chatService = {
  CHAT_NOT_ENABLED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A test account may not use the chat room service.',
    causes: [
      'The account has no Persistent Chat policy that allows it: the global policy that is installed with the server forbids it.',
      'A policy was granted a short while ago and has not reached the front end yet.',
      'The account is not provisioned at the Persistent Chat server (ms-diagnostics 20010).',
    ],
    next: [
      'See which policy the account has: `Get-CsUser -Identity "<sip-address>" | Select-Object PersistentChatPolicy`, and what it says: `Get-CsPersistentChatPolicy | Select-Object Identity, EnablePersistentChat`.',
      'Make one and grant it to both accounts: `New-CsPersistentChatPolicy -Identity "Edge Probes" -EnablePersistentChat $True`, then `Grant-CsPersistentChatPolicy -Identity "<sip-address>" -PolicyName "Edge Probes"`.',
      'All commands for the configured accounts: `edge-probes run persistent-chat --edge <edge-name> --setup`.',
    ],
  },
  CHAT_NOT_DEPLOYED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The server says nothing about a chat room service.',
    causes: [
      'No Persistent Chat pool is in the topology, or it was removed.',
      'The pool of the account is older than Lync Server 2013, or newer than Skype for Business Server 2015, with which the service came to its end.',
    ],
    next: [
      'Look for the service: `Get-CsService -PersistentChatServer`, and at the version of the pool: `Get-CsServerVersion`.',
      'Where there is none on purpose, remove persistent-chat from the transactions of this edge.',
    ],
  },
  CHAT_POOL_MISSING: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The server allows chat rooms, but does not say where they are.',
    causes: [
      'The pool of the account is not connected with a Persistent Chat pool in the topology.',
      'The topology was published, but the contact object of the Persistent Chat pool was not made.',
    ],
    next: [
      'Compare the pools: `Get-CsService -PersistentChatServer | Select-Object PoolFqdn, Registrar, DependentServiceList`.',
      'See the addresses that clients should get: `Get-CsPersistentChatEndpoint`.',
      'Publish the topology again: `Enable-CsTopology`, then wait for the replication: `Get-CsManagementStoreReplicationStatus`.',
    ],
  },
  CHAT_SETTINGS_UNREADABLE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The server sent its settings for clients in a form that cannot be read.',
    causes: [
      'The front end answered without settings, because its services are still starting.',
      'The document was changed or cut off between front end and client.',
    ],
    next: [
      'See what came: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`, the answer to SUBSCRIBE with vnd-microsoft-provisioning-v2.',
      'On the front end: `Get-CsWindowsService -Name RTCSRV`, and the Lync Server event log at that time.',
    ],
  },
  CHAT_SERVER_UNKNOWN: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The server does not know the address of its own chat room service.',
    causes: [
      'The contact object of the Persistent Chat pool is missing in Active Directory, or has another address than clients are told.',
      'The Persistent Chat pool was removed or renamed while clients are still told the old address.',
    ],
    next: [
      'Compare the address in the error with: `Get-CsPersistentChatEndpoint`.',
      'Make the contact objects again: `Enable-CsTopology`; a further address: `New-CsPersistentChatEndpoint -SipAddress "<sip-address-of-the-pool>" -PersistentChatPoolFqdn "<chat-pool>"`.',
    ],
  },
  CHAT_SERVER_UNAVAILABLE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service is not signed in at its front end.',
    causes: [
      'The Persistent Chat service is stopped, or still starting.',
      'It cannot reach its database, and shut itself down.',
      'It cannot reach the front end that it is connected with, for instance because of its certificate.',
    ],
    next: [
      'On each Persistent Chat server: `Get-CsWindowsService -Name RTCCHAT`, then `Start-CsWindowsService -Name RTCCHAT`.',
      'Read its event log: `Get-WinEvent -FilterHashtable @{LogName="Lync Server"; ProviderName="*Chat*"} -MaxEvents 20`.',
      'See which servers of the pool are active: `Get-CsPersistentChatState`, and the certificate: `Get-CsCertificate -Type Default`.',
    ],
  },
  CHAT_SERVER_BUSY: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service is overloaded or not ready.',
    causes: [
      'The service is starting, or its queue is full (ms-diagnostics 20000, 20008, 20011).',
      'One server of the pool carries the users of all.',
    ],
    next: [
      'Look at its load: `Get-Counter "\\LS:CHAT - Channel Server*\\*" -ComputerName <chat-server>`.',
      'See which servers of the pool are active: `Get-CsPersistentChatState`, `Get-CsPersistentChatConfiguration`.',
      'Retry-After, where the server sent it, stands beside the error: run it again after that time.',
    ],
  },
  CHAT_SERVER_UNREACHABLE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The front end did not get through to the chat room service.',
    causes: [
      'The Persistent Chat server is down, or a firewall between it and the front end is closed (TCP 5041, 8011).',
      'Its name does not resolve at the front end, or its certificate is not trusted there: ms-diagnostics tells which.',
      'The network is so slow that the front end gave up.',
    ],
    next: [
      'From the front end: `Test-NetConnection <chat-server> -Port 5041`, `Resolve-DnsName <chat-pool>`.',
      'On the Persistent Chat server: `Get-CsWindowsService -Name RTCCHAT`, `Get-CsCertificate -Type Default`.',
      'Compare with the same test from inside: `Test-CsPersistentChatMessage -TargetFqdn <pool>`.',
    ],
  },
  CHAT_SESSION_REFUSED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service does not accept a session.',
    causes: [
      'The account has too many sessions with it (ms-diagnostics 20009), for instance those that other programs left behind.',
      'The service could not begin the session (20001 to 20005); its event log says why.',
      'A policy between front end and service refuses the invitation.',
    ],
    next: [
      'Read what the server said beside the error, and its event log at that second: `Get-WinEvent -LogName "Lync Server" -MaxEvents 20`.',
      'Sign the test account out everywhere else, and use it for nothing but monitoring.',
      'Sign in as the test account with a client, and see whether it shows its rooms.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
