import type { CatalogueEntry } from '../diagnosis.js';

const trace =
  'See what came: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`, the INFO requests of the server.';
const eventLog =
  'On the Persistent Chat server look into its event log at that second: `Get-WinEvent -LogName "Lync Server" -MaxEvents 20`.';

/** The session with the chat room service, and the documents that go through it (MS-XCCOSIP). */
export const chatSession = {
  CHAT_SESSION_ENDED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service ended the session while it was in use.',
    causes: [
      'The service was stopped or restarted, or the user moved to another server of the pool.',
      'The account was disabled, or lost its policy, while it was signed in.',
      'The service found something in the session that it does not take.',
    ],
    next: [
      'Read what the server said beside the error (Reason, ms-diagnostics).',
      eventLog,
      'See which servers of the pool are active, and since when: `Get-CsPersistentChatState`, `Get-CsWindowsService -Name RTCCHAT`.',
    ],
  },
  CHAT_SESSION_UNKNOWN: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service does not know a session any more that it had just accepted.',
    causes: [
      'The service was restarted in between.',
      'The request went to another server than the one that has the session: the route of the session is wrong.',
    ],
    next: [
      eventLog,
      'Compare Record-Route of the 200 to INVITE with Route of the request: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
    ],
  },
  CHAT_SESSION_EXPIRED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The session with the chat room service was not refreshed in time.',
    causes: [
      'The service promised to refresh the session itself (refresher=uas) and did not.',
      'It did not answer the UPDATE that refreshes the session, or refused it.',
    ],
    next: [
      'The interval stands in Session-Expires of the 200 to INVITE: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      eventLog,
    ],
  },
  CHAT_CONNECTION_LOST: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The connection of a user broke while it was in the chat room.',
    causes: [
      'A front end, Director or Edge was restarted, or its process for this connection was.',
      'A device between keeps idle connections for seconds only.',
    ],
    next: [
      'Repeat a few times: `edge-probes run persistent-chat --edge <edge-name> --verbose`. If it breaks each time at the same step, what is sent there is the cause.',
      'See who closed it: `tcpdump -ni any "tcp[tcpflags] & (tcp-fin|tcp-rst) != 0 and port 443"` in front of the Edge and behind the firewall.',
    ],
  },
  CHAT_REPLY_TIMEOUT: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service took a command and did not reply to it in time.',
    causes: [
      'The service is overloaded, or waits for its database.',
      'The network between client and server delays or loses what the server sends of itself.',
    ],
    next: [
      'Look at its load: `Get-Counter "\\LS:CHAT - Channel Server*\\*" -ComputerName <chat-server>`, and at its database.',
      'Run it again and watch each step: `edge-probes run persistent-chat --edge <edge-name> --verbose`.',
    ],
  },
  CHAT_REPLY_UNMATCHED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service replied to a command that nobody had sent.',
    causes: ['Its replies are mixed up between sessions or users.', 'A gateway in between changes the documents.'],
    next: [
      'Compare envid of the command with that of the reply: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      eventLog,
    ],
  },
  CHAT_REPLY_REPEATED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service replied to one command more than once.',
    causes: ['Two servers of the pool both reply.', 'The service repeats what the client had confirmed already.'],
    next: [
      'Compare both replies and the sessions they came in: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      'See which servers of the pool are active: `Get-CsPersistentChatState`.',
    ],
    degrades: false,
  },
  CHAT_REPLY_EMPTY: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service reported success, but did not say what a client needs to go on.',
    causes: [
      'The room is not there for this user, and the service leaves it out instead of refusing it.',
      'The service failed half-way, for instance at its database.',
    ],
    next: [
      trace,
      'See whether both accounts are members: `Get-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" | Select-Object -ExpandProperty Members`.',
    ],
  },
  CHAT_COMMAND_REFUSED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service refused a command that every client sends.',
    causes: [
      'The account may not use the service: its policy was taken away.',
      'The service failed, for instance at its database.',
    ],
    next: [
      'Read what the server said beside the error.',
      'See the policy of the account: `Get-CsUser -Identity "<sip-address>" | Select-Object PersistentChatPolicy`.',
      eventLog,
    ],
  },
  CHAT_ELEMENT_UNKNOWN: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service sent something that is not known here, in place of what was awaited.',
    causes: [
      'It speaks a version of the protocol that differs from the published one.',
      'Another program answers in place of the service.',
    ],
    next: [trace, 'See its version: `Get-CsServerVersion -ComputerName <chat-server>`.'],
  },
  CHAT_NAMESPACE_WRONG: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service sent a document of another kind than that of chat rooms.',
    causes: ['It speaks another version of the protocol.', 'Another service answers at the address of the chat rooms.'],
    next: [trace, 'Compare the address of the service with: `Get-CsPersistentChatEndpoint`.'],
  },
  CHAT_DOCUMENT_UNREADABLE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service sent a document that cannot be read.',
    causes: ['It was cut off or changed on the way.', 'The service has a defect, or is another one.'],
    next: [trace, eventLog],
  },
  CHAT_DOCUMENT_FORBIDDEN: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service sent a document with declarations that are not read for safety.',
    causes: [
      'Somebody between client and service tries to make clients run out of memory or read local files (XML entities).',
      'The service is not the one it seems to be.',
    ],
    next: [trace, 'No server of Microsoft sends a DOCTYPE here: find out who does.'],
  },
  CHAT_DOCUMENT_TOO_LARGE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service sent a document that is far too large.',
    causes: ['The room has many thousands of participants.', 'The service sends its whole history at once.'],
    next: [
      'Use a room made for monitoring alone: `edge-probes run persistent-chat --edge <edge-name> --setup` prints the commands.',
      trace,
    ],
  },
  CHAT_DIALOG_UNMATCHED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'What the chat room service sent belongs to no session of the user.',
    causes: [
      'The service still sends to the session of an earlier client that was not ended.',
      'It mixes up the sessions of its users.',
    ],
    next: [
      'Compare Call-ID and tags of the INFO requests: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      'Sign the test account out everywhere else, and use it for nothing but monitoring.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
