import type { CatalogueEntry } from '../diagnosis.js';

/** Stanzas that come back because they were refused or not understood (RFC 6120 section 8.3.3). */
export const xmppStanza = {
  XMPP_STANZA_BAD_REQUEST: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server did not understand a message.',
    causes: [
      'A gateway wants a form of message that the standard does not know.',
      'A server on the way changed the message.',
    ],
    next: [
      'Compare what was sent with what came back: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Send a plain text between the same users with another client.',
    ],
  },
  XMPP_STANZA_CONFLICT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server refused because the same name is in use.',
    causes: ['Another session or occupant has the name already.', 'A session of an earlier run was not removed.'],
    next: [
      'See who has it: `prosodyctl shell c2s show <jid>` or `ejabberdctl get_room_occupants <room> <rooms-domain>`.',
      'Wait until the old session has timed out, or end it.',
    ],
  },
  XMPP_STANZA_FEATURE_NOT_IMPLEMENTED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP receiver or its server cannot do what was asked.',
    causes: [
      'The address belongs to a component or gateway that takes no messages.',
      'The module that should serve it is not loaded.',
    ],
    next: [
      'Ask what it can do: service discovery in any client (Gajim: Discover services) at that address.',
      'Load the module: Prosody modules_enabled, ejabberd modules.',
    ],
  },
  XMPP_STANZA_FORBIDDEN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP sender is not permitted to do this.',
    causes: [
      'The receiver or its server blocks the sender (privacy list, blocking, firewall rule).',
      'A gateway or partner list does not contain the domain of the sender.',
      'In a room the sender has no voice.',
    ],
    next: [
      'Look for the sender in the blocks of the receiver: any client, or Prosody mod_blocklist.',
      'Allow the domain: Prosody mod_s2s_whitelist, ejabberd s2s_access; Lync: `Get-CsXmppAllowedPartner`.',
      'In a room grant voice: role participant.',
    ],
  },
  XMPP_STANZA_INTERNAL_SERVER_ERROR: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server failed to process a message.',
    causes: ['Its storage of messages or rosters is down.', 'A module failed while handling the message.'],
    next: [
      'The address in the error says which server; look into its log at that second.',
      'Switch off archiving for a test: Prosody mod_mam, ejabberd mod_mam.',
    ],
  },
  XMPP_STANZA_NOT_ACCEPTABLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP receiver finds a message not acceptable.',
    causes: ['In a room: the sender is no longer in it.', 'A rule of the server for spam or size refuses it.'],
    next: [
      'See whether the sender was removed from the room before: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Look at the filters: Prosody mod_firewall, mod_limits; ejabberd mod_block_strangers.',
    ],
  },
  XMPP_STANZA_NOT_ALLOWED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server allows this to nobody.',
    causes: [
      'The action is switched off: creating rooms, or messages to this address.',
      'The domain takes no messages from other domains at all.',
    ],
    next: [
      'Find the rule: Prosody `restrict_room_creation`, ejabberd `mod_muc: access_create`; federation: s2s modules.',
      'Use an address or room that is meant for it.',
    ],
  },
  XMPP_STANZA_NOT_AUTHORIZED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server wants credentials for this.',
    causes: [
      'A room has a password, or a service wants its own sign-in.',
      'The session of the sender is no longer valid on the server.',
    ],
    next: [
      'Take the password from the test room, or use a room without one.',
      'Run it again and watch the sign-in: `edge-probes run xmpp-im --edge <edge-name> --verbose`.',
    ],
  },
  XMPP_STANZA_POLICY_VIOLATION: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server refused a message by its policy.',
    causes: ['A rate limit was reached: too many messages in a short time.', 'A content filter dislikes the text.'],
    next: [
      'Read the text of the server beside the error, and find the rule in its log.',
      'Except the test accounts: Prosody mod_firewall, ejabberd shaper.',
    ],
  },
  XMPP_STANZA_REGISTRATION_REQUIRED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP service wants a registration first.',
    causes: ['A room is open to members alone.', 'A gateway serves registered users alone.'],
    next: [
      'Make the test account a member: `ejabberdctl set_room_affiliation <room> <rooms-domain> <jid> member`, or in the settings of the room.',
      'Register the account with the gateway once, by any client.',
    ],
  },
  XMPP_STANZA_RESOURCE_CONSTRAINT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server or receiver has no room for a message.',
    causes: ['The store of messages for the receiver is full.', 'A limit of the server or the room is reached.'],
    next: [
      'Sign in once with another client and fetch what is stored, or delete it: `ejabberdctl delete_old_messages 1`.',
      'Raise the limit: Prosody mod_offline, ejabberd `max_user_offline_messages`.',
    ],
  },
  XMPP_STANZA_SUBSCRIPTION_REQUIRED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP receiver takes messages from its contacts alone.',
    causes: ['The server blocks messages of strangers.', 'The receiver has a privacy rule for its contacts.'],
    next: [
      'Add each test account to the contacts of the other, by any client.',
      'Or except them: ejabberd mod_block_strangers, Prosody mod_block_strangers.',
    ],
  },
  XMPP_STANZA_UNEXPECTED_REQUEST: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP server got a message at a moment when it does not take it.',
    causes: [
      'Something was sent before it was due, or twice.',
      'The state of the session was lost on the server, after a restart of a module.',
    ],
    next: [
      'Look at the order: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Run it again; if it repeats, report it with the trace.',
    ],
  },
  XMPP_STANZA_UNDEFINED_CONDITION: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'An XMPP message came back with an error that the protocol has no word for.',
    causes: ['A gateway passes on an error of the other side in its own words.', 'The answer has no condition at all.'],
    next: [
      'Read the text beside the error, and the log of the server that it is from.',
      'Keep the stanza: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
