import type { CatalogueEntry } from '../diagnosis.js';

/** A chat room: found, entered, written into, left. */
export const chatRoom = {
  CHAT_ROOM_NOT_FOUND: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room for monitoring does not exist, or the test account cannot see it.',
    causes: [
      'No room was made for monitoring, or it was renamed, disabled or deleted.',
      'The room is closed or secret and the test account is not a member, so that no search shows it.',
      'The room stands in a category whose allowed members do not include the test account.',
    ],
    next: [
      'Lync: look for it: `Get-CsPersistentChatRoom -Filter "<room>" | Select-Object Identity, Disabled, Privacy, Members`.',
      'Print what is needed to make it, for the configured accounts: `edge-probes run persistent-chat --edge <edge-name> --setup`.',
      'Give the address of the room (ma-chan://…) as room in probes.json where several have similar names.',
    ],
  },
  CHAT_ROOM_AMBIGUOUS: {
    layer: 'chat',
    fault: 'target',
    meaning: 'Several chat rooms have the name of the room for monitoring.',
    causes: [
      'Rooms of one name stand on several Persistent Chat pools.',
      'A room was made a second time in another category, in other capitals or with a blank more.',
    ],
    next: [
      'Their addresses stand in the error: put the right one (ma-chan://…) in place of the name as room in probes.json.',
      'Or remove the others: `Remove-CsPersistentChatRoom -Identity "<chat-pool>\\<room>"`.',
    ],
  },
  CHAT_NOT_MEMBER: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A test account may not enter the chat room.',
    causes: [
      'The account is not a member of the room, or was removed from it.',
      'Members of the room must be allowed by its category as well, and the account is not or is denied there.',
    ],
    next: [
      'Lync: `Get-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" | Select-Object -ExpandProperty Members`.',
      'Add both accounts: `Set-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" -Members @{Add="<sip-address>"}`.',
      'Allow them in the category: `Set-CsPersistentChatCategory -Identity "<chat-pool>\\<category>" -AllowedMembers @{Add="<sip-address>"}`; all of it for the configured accounts: `edge-probes run persistent-chat --edge <edge-name> --setup`.',
    ],
  },
  CHAT_JOIN_REFUSED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service did not let a test account into the room.',
    causes: [
      'The room is disabled, or has as many participants as it may have.',
      'The service failed on the way, for instance at its database.',
    ],
    next: [
      'Read what the server said beside the error.',
      'Lync: `Get-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" | Select-Object Disabled, Type`, and the limit: `Get-CsPersistentChatConfiguration | Select-Object ParticipantUpdateLimit, RoomManagementUrl`.',
    ],
  },
  CHAT_MESSAGE_REFUSED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room did not accept a message of a test account.',
    causes: [
      'The room is an auditorium, in which presenters alone may write, or a moderated one in which the account has no voice.',
      'The message is longer than the room allows, or a filter refuses it.',
      'The account was removed from the room after it had entered.',
    ],
    next: [
      'Read what the server said beside the error.',
      'Lync: `Get-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" | Select-Object Type, Presenters`; make it an ordinary room: `Set-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" -Type Normal`, or both accounts presenters: `-Presenters @{Add="<sip-address>"}`.',
      'XMPP: make both accounts members of the room, which gives them a voice where it is moderated.',
    ],
  },
  CHAT_MESSAGE_NOT_DELIVERED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A message was accepted into the chat room, but did not reach the other user there.',
    causes: [
      'The users are on different servers of the chat service, which do not hand messages on to each other.',
      'Messages wait in a queue, for instance because the compliance service or the database is slow.',
      'The network holds up what the server sends to the other user.',
    ],
    next: [
      'Write a message between both accounts with a client, and look how long it takes.',
      'Lync: the servers of the pool must reach each other on TCP 8011: `Get-CsPersistentChatState`, `Test-NetConnection <other-chat-server> -Port 8011`; compliance: `Get-CsWindowsService -Name RTCCOMP`.',
      'XMPP: where the users are on different servers, look at the streams to the one of the room: `prosodyctl shell s2s show <rooms-domain>`.',
      'Watch both users: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
    ],
  },
  CHAT_TEXT_ALTERED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A message reached the other user in the chat room, but not with the text that was sent.',
    causes: [
      'A filter or an archive between the users changes letters beyond ASCII or markup.',
      'A disclaimer is added to every message.',
    ],
    next: [
      'Compare both texts: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      'Look for add-ins and filters of the service: `Get-CsPersistentChatAddin`, `Get-CsServerApplication`.',
    ],
  },
  CHAT_SENDER_WRONG: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A message reached the other user in the chat room under the name of somebody else.',
    causes: [
      'The account has another primary address than the one it signs in with.',
      'The service mixes up two users, for instance after an account was renamed.',
    ],
    next: [
      'Both addresses stand in the error: `Get-CsUser -Identity "<sip-address>" | Select-Object SipAddress, DisplayName`.',
      'If they are one user, use the one that others see as sipAddress in probes.json.',
    ],
  },
  CHAT_DELIVERED_TWICE: {
    layer: 'chat',
    fault: 'target',
    meaning: 'A message in the chat room arrived more than once.',
    causes: [
      'The user is in the room twice: a session of an earlier run was not ended, or the account is used elsewhere.',
      'Two servers of the chat service both hand the message on.',
    ],
    next: [
      'Compare the sessions both copies came in: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      'Sign the test account out everywhere else, and use it for nothing but monitoring.',
    ],
    degrades: true,
  },
  CHAT_ROOM_CROWDED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The room for monitoring has many participants, all of whom see its messages.',
    causes: [
      'The configured room is one that people use.',
      'Whole departments were made members of the room for monitoring.',
    ],
    next: [
      'Make a room for the two test accounts alone: `edge-probes run persistent-chat --edge <edge-name> --setup` prints the commands.',
      'See who is in it: `Get-CsPersistentChatRoom -Identity "<chat-pool>\\<room>" | Select-Object -ExpandProperty Members`.',
    ],
    degrades: false,
  },
  CHAT_LEAVE_REFUSED: {
    layer: 'chat',
    fault: 'target',
    meaning: 'The chat room service did not let a test account leave the room in an orderly way.',
    causes: [
      'The service lost the session meanwhile, or failed on the way.',
      'The room was deleted or the account removed from it while the run went on.',
    ],
    next: [
      'Read what the server said beside the error, and its event log at that second: `Get-WinEvent -LogName "Lync Server" -MaxEvents 20`.',
      'The session was ended all the same; look whether the account is still shown in the room.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
