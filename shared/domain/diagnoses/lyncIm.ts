import type { CatalogueEntry } from '../diagnosis.js';

/** Sessions for messages at Lync and Skype for Business (MS-SIP): refused, not reaching the other side, or ended too early. */
export const lyncIm = {
  IM_INVITATION_FORBIDDEN: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server does not let one test account open a session for messages with the other.',
    causes: [
      'A conferencing or client policy, or an ethical wall between groups of users, forbids messages between the two.',
      'A script or application on the front end (MSPL) refuses the session.',
    ],
    next: [
      'The number in what the server said names the rule, and its source the server. Compare the policies of both: `"sip:<user>@<sip-domain>", "sip:<other-user>@<sip-domain>" | Get-CsUser | Select-Object SipAddress, ClientPolicy, ExternalAccessPolicy`.',
      'List the applications that may refuse: `Get-CsServerApplication | Where-Object Enabled | Select-Object Identity, Priority, Critical`.',
      'Run the same from inside: `Test-CsIM -TargetFqdn <pool>`. If it succeeds there, the rule concerns users outside.',
    ],
  },
  IM_INVITEE_UNAVAILABLE: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server finds nobody to invite, although the other test account signed in moments before.',
    causes: [
      'The two users reached different pools or servers, and these do not tell each other who is signed in (fail-over, broken routing group).',
      'The registration of the second user was lost: its front end was restarted.',
      'All of its endpoints are set to refuse (do not disturb).',
    ],
    next: [
      'See where both are homed: `"sip:<user>@<sip-domain>", "sip:<other-user>@<sip-domain>" | Get-CsUser | Select-Object SipAddress, RegistrarPool`.',
      'See the state of the pool: `Get-CsPoolFabricState -PoolFqdn <pool>`; groups without a primary do not serve their users.',
      'See which endpoints are registered while a run goes on: `Get-CsUserSession -User <user>@<sip-domain>` or the tool snooper on the front end (CLS scenario AlwaysOn).',
    ],
  },
  IM_INVITATION_DECLINED: {
    layer: 'im',
    fault: 'target',
    meaning: 'The invitation to a session for messages was declined on the way.',
    causes: [
      'Somebody else is signed in with the second test account and declined, or is busy.',
      'A policy blocks messages (Warning 309).',
      'The second account forwards sessions, or has blocked the first.',
    ],
    next: [
      'Give the test accounts to the monitoring alone: sign every other client out, and change the password if you do not know who it is.',
      'See the relation of the two: neither may have blocked the other in its contact list.',
      'Read Warning and ms-diagnostics beside the status: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
    ],
  },
  IM_INVITATION_NOT_ACCEPTABLE: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server or the other side found the form of the session not acceptable.',
    causes: [
      'The description of the session is not understood (ms-diagnostics 24000), or a device between changed it.',
      'A conversation of that name is said to exist already (52035): the INVITE arrived twice.',
      'Messages are switched off for the second account or its pool.',
    ],
    next: [
      'Compare what was sent with what the front end logged: `edge-probes run im --edge <edge-name> --trace trace.txt`, and CLS: `Search-CsClsLogging -Components SIPStack -Uri <user>@<sip-domain>`.',
      'Switch off SIP inspection on devices between.',
      'See whether messages are allowed: `Get-CsImConfiguration | Select-Object Identity, Enabled`.',
    ],
  },
  IM_INVITATION_UNANSWERED: {
    layer: 'im',
    fault: 'target',
    meaning: 'The invitation to a session was being worked on, but was never answered.',
    causes: [
      'The server rings at several endpoints of the second account and waits for a client that is dead.',
      'The answer of the other side is lost between its front end and that of the sender.',
      'A server application on the way (archiving, compliance) holds the session up.',
    ],
    next: [
      'The error has the last thing that was said; 101 with ms-diagnostics 25008 means that it was handed to the home pool.',
      'See whether pools reach each other: `Test-CsTopology -Service <registrar-service> -Verbose`, and the port 5061 between them: `Test-NetConnection <pool> -Port 5061`.',
      'If archiving is critical and its store is down, sessions stop: `Get-CsArchivingConfiguration | Select-Object Identity, BlockOnArchiveFailure`.',
    ],
  },
  IM_INVITATION_NOT_DELIVERED: {
    layer: 'im',
    fault: 'target',
    meaning: 'An invitation to a session was taken by the server, but did not reach the other user.',
    causes: [
      'The connection through the Edge to the second user does not carry what comes from the pool, although it carried the sign-in.',
      'Edge and pool route by different servers: the way back leads to an Edge that does not hold the connection.',
      'The second account is signed in elsewhere too, and the invitation went there alone.',
    ],
    next: [
      'Follow it: `edge-probes run im --edge <edge-name> --trace trace.txt`, and on front end and Edge at that second `Search-CsClsLogging -Components SIPStack -Uri <user>@<sip-domain>`.',
      'Check the load balancers: both directions of one TCP connection must stay at one Edge and one front end.',
      'See whether the Edge can be reached from the pool: `Test-NetConnection <edge-internal-fqdn> -Port 5061`.',
    ],
  },
  IM_INVITATION_TAKEN_ELSEWHERE: {
    layer: 'im',
    fault: 'target',
    meaning: 'Somebody else accepted the invitation that was meant for the monitoring.',
    causes: [
      'The second test account is signed in at another client, which accepts sessions by itself.',
      'A bot, a response group or call forwarding answers for that account.',
      'Two runs use the same account at the same time, for instance from another installation.',
    ],
    next: [
      'Sign every other client of the test account out, or reset its password: `Set-ADAccountPassword -Identity <user> -Reset`, and put the new one where probes.json refers to.',
      'See what is registered: `Get-CsUserSession -User <user>@<sip-domain>`.',
      'Give each region or installation its own pair of accounts (accountsByRegion).',
    ],
  },
  IM_SESSION_NOT_CONFIRMED: {
    layer: 'im',
    fault: 'target',
    meaning: 'A session for messages was accepted, but the confirmation did not get through.',
    causes: [
      'The ACK has another way than the INVITE: a server on it does not know the route of the session.',
      'A device between drops ACK.',
    ],
    next: [
      'Compare Record-Route of the answer with where the ACK got to: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
      'See whether one of several Edges or front ends was drained or restarted at that time: `Get-CsWindowsService -ComputerName <front-end> | Select-Object Name, Status, ActivityLevel`.',
    ],
  },
  IM_SESSION_DESCRIPTION_MISSING: {
    layer: 'im',
    fault: 'target',
    meaning: 'The description of a session for messages was lost on its way.',
    causes: [
      'A session border controller or firewall takes descriptions out that are no calls.',
      'The server answered by itself, in place of the other side.',
    ],
    next: [
      'See who answered: Server, Contact and Record-Route in the trace, `edge-probes run im --edge <edge-name> --trace trace.txt`.',
      'Take devices with SIP inspection out of the way between client, Edge and pool.',
    ],
  },
  IM_SESSION_ENDED: {
    layer: 'im',
    fault: 'target',
    meaning: 'A session for messages was ended by the other side before the messages were exchanged.',
    causes: [
      'A server ends sessions: its application (archiving, compliance) failed, or it is being stopped.',
      'The session timer of a gateway ran out, or the gateway could not pass the session on.',
      'Something on the way took the session for a dead one.',
    ],
    next: [
      'What the server said (ms-diagnostics, Reason of the BYE) names the component.',
      'Repeat it with a trace: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
      'Look at the services of the pool: `Get-CsWindowsService -ComputerName <front-end>`, and at archiving: `Get-CsArchivingConfiguration | Select-Object Identity, EnableArchiving, BlockOnArchiveFailure`.',
    ],
  },
  IM_SESSION_UNKNOWN: {
    layer: 'im',
    fault: 'target',
    meaning: 'The server forgot a session for messages that was established moments before.',
    causes: [
      'The server that held it was restarted, or the load balancer sent the message to another one (ms-diagnostics 1004, 1006).',
      'The connection of the other side broke.',
    ],
    next: [
      'Check the load balancer: one TCP connection must stay at one server for its whole life.',
      'Look for restarts at that time: `Get-WinEvent -LogName "Lync Server" -MaxEvents 100 | Where-Object ProviderName -like "*Protocol Stack*"`.',
      'Repeat it a few times: `edge-probes run im --edge <edge-name> --verbose`.',
    ],
  },
  IM_CONFIRMATION_LOST: {
    layer: 'im',
    fault: 'target',
    meaning: 'A message arrived, but its confirmation did not get back to the sender.',
    causes: [
      'The way back has another server than the way there, which drops answers that it does not know.',
      'The front end that relayed the message was stopped before the answer came.',
    ],
    next: [
      'See how far the 200 gets: `Search-CsClsLogging -Components SIPStack -Uri <user>@<sip-domain>` on both front ends.',
      'Check Via in the trace against the names of the servers: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
    ],
  },
  IM_BYE_UNANSWERED: {
    layer: 'im',
    fault: 'target',
    meaning: 'The end of a session for messages was not confirmed.',
    causes: [
      'The server or the other side forgot the session already.',
      'The server is slow in ending what it archives.',
    ],
    next: [
      'The warning has the answer, if there was one; a user would not notice.',
      'If it comes in each run, follow the BYE: `edge-probes run im --edge <edge-name> --trace trace.txt`.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
