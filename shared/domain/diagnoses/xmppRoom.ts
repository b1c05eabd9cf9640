import type { CatalogueEntry } from '../diagnosis.js';

/** Entering and being in a chat room of an XMPP server (XEP-0045). */
export const xmppRoom = {
  XMPP_ROOM_NOT_FOUND: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room does not exist.',
    causes: [
      'It was deleted, or vanished with its last occupant because it is not persistent.',
      'The address in probes.json is mistyped, or is locked because its owner never finished setting it up.',
    ],
    next: [
      'List the rooms: `prosodyctl shell muc list <rooms-domain>` or `ejabberdctl muc_online_rooms <rooms-domain>`.',
      'Create it as persistent: `ejabberdctl create_room <room> <rooms-domain> <xmpp-domain>`, or in any client.',
      'Correct room in probes.json.',
    ],
  },
  XMPP_ROOM_CREATION_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room does not exist, and the test account must not create it.',
    causes: ['Creating rooms is reserved to administrators.', 'The service allows rooms with certain names alone.'],
    next: [
      'Create the room once as an administrator, and make it persistent.',
      'Or allow it: Prosody `restrict_room_creation = false`, ejabberd `access_create: local`.',
    ],
  },
  XMPP_ROOM_PASSWORD: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room wants a password.',
    causes: ['Somebody set a password for the room.', 'The service gives every new room one.'],
    next: [
      'Remove it in the settings of the room: muc#roomconfig_passwordprotectedroom.',
      'Use a room of its own for the monitoring.',
    ],
  },
  XMPP_ROOM_MEMBERS_ONLY: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room is open to members alone, and the test account is none.',
    causes: [
      'The account was never made a member, or lost its membership.',
      'The room was closed after it had been set up.',
    ],
    next: [
      'Make it one: `ejabberdctl set_room_affiliation <room> <rooms-domain> <jid> member`, or Prosody: `prosodyctl shell muc room <room-jid> set_affiliation <jid> member`.',
      'Or open the room: muc#roomconfig_membersonly.',
    ],
  },
  XMPP_ROOM_BANNED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The test account is banned from the chat room.',
    causes: [
      'An administrator of the room banned it, perhaps because of the test messages.',
      'The whole domain of the account is banned.',
    ],
    next: [
      'Lift it: `ejabberdctl set_room_affiliation <room> <rooms-domain> <jid> none`.',
      'Use a room that is meant for the monitoring.',
    ],
  },
  XMPP_ROOM_NICKNAME_TAKEN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'Somebody else in the chat room has the name that the test account wants.',
    causes: ['The session of an earlier run is still in the room.', 'A person or another prober uses the name.'],
    next: [
      'See who it is: `ejabberdctl get_room_occupants <room> <rooms-domain>`.',
      'Old sessions end with their connection; shorten the time-out of the server for dead ones.',
    ],
  },
  XMPP_ROOM_NICKNAME_LOCKED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room does not let the test account choose its name.',
    causes: [
      'Nicknames are locked to the name that is registered with the room.',
      'The service allows certain names alone.',
    ],
    next: [
      'Unlock them: muc#roomconfig, or the settings of the service.',
      'Register the name for the account, or use a room of its own.',
    ],
  },
  XMPP_ROOM_FULL: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room takes no further occupants.',
    causes: ['The largest number of occupants is reached.', 'Occupants of dead connections fill it.'],
    next: [
      'Count them: `ejabberdctl get_room_occupants_number <room> <rooms-domain>`.',
      'Raise muc#roomconfig_maxusers, or use a room of its own.',
    ],
  },
  XMPP_ROOM_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room refused the test account.',
    causes: ['A rule of the service that the standard has no answer for.', 'The service of the rooms is damaged.'],
    next: [
      'The condition stands in the error. Look for it in the log of the service of the rooms at that second.',
      'Enter the room with any client, as the same user: `profanity -a <jid>`, then `/join <room-jid>`.',
    ],
  },
  XMPP_ROOM_SERVICE_MISSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'There are no chat rooms at the domain of the room.',
    causes: [
      'The domain of the room is mistyped in probes.json, or is not in DNS.',
      'The service of the rooms is not configured or not loaded at the server.',
    ],
    next: [
      'List what the server has: `prosodyctl shell host list`, or `ejabberdctl registered_vhosts` and mod_muc of each.',
      'Correct room in probes.json: its domain is that of the rooms, not that of the users.',
      'Where another server has the rooms, see that DNS leads there: `dig +short _xmpp-server._tcp.<rooms-domain> SRV`.',
    ],
  },
  XMPP_ROOM_SERVICE_UNREACHABLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The server of the users cannot reach the service of the chat rooms.',
    causes: [
      'The rooms are on another server, which is down or does not let this one in.',
      'The service of the rooms is a component that is not connected.',
    ],
    next: [
      'From the server of the users, look at the way there: `prosodyctl check connectivity <rooms-domain>`, and its streams: `prosodyctl shell s2s show <rooms-domain>`.',
      'Start the service, and see that it connects: the log of the server of the users at that second.',
    ],
  },
  XMPP_ROOM_SILENT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The chat room did not answer.',
    causes: [
      'The service of the rooms hangs, or runs on a server that cannot be reached.',
      'Very many occupants are announced before one is in the room.',
      'The domain of the room is that of the users: who writes to a user that does not exist hears nothing.',
    ],
    next: [
      'See what came meanwhile: `edge-probes run persistent-chat --edge <edge-name> --trace trace.txt`.',
      'Look at the load and the log of the service of the rooms.',
      'Correct room in probes.json: `<room>@<rooms-domain>`.',
    ],
  },
  XMPP_ROOM_REMOVED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The test account was removed from the chat room.',
    causes: [
      'It was kicked or banned by a moderator or a bot.',
      'The room was destroyed, or its service shut down.',
      'Its membership was withdrawn while it was in the room.',
    ],
    next: [
      'The statuses stand in the error (301 banned, 307 kicked, 321 and 322 no member, 332 shut down, 333 connection failed).',
      'Ask the moderators, or use a room that the monitoring has for itself.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
