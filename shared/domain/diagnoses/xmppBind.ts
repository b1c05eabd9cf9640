import type { CatalogueEntry } from '../diagnosis.js';

/** Opening a session for a user that has signed in to an XMPP server: resource binding (RFC 6120 section 7). */
export const xmppBind = {
  XMPP_BIND_NOT_OFFERED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server signed the user in, but offers no session.',
    causes: [
      'The account may authenticate, but not connect: a rule for its group or network.',
      'The server expects a newer way of binding alone.',
    ],
    next: [
      'See the features after sign-in: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Look at rules for clients: ejabberd `access: c2s`, Prosody modules that hide bind.',
    ],
  },
  XMPP_BIND_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refused to open a session for the signed-in user.',
    causes: [
      'A rule does not allow sessions from here or for this account.',
      'The name of the session that was asked for is not allowed.',
    ],
    next: [
      'The condition and the text of the server stand in the error; look for the same in its log.',
      'Allow sessions for the test account: ejabberd `access_rules: c2s`, Prosody mod_firewall.',
    ],
  },
  XMPP_BIND_CONFLICT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refused a session because another one has the same name.',
    causes: [
      'The server gives every session of an account the same resource.',
      'A session of an earlier run was never removed.',
    ],
    next: [
      'List and end what is left: `prosodyctl shell c2s close <jid>` or `ejabberdctl kick_user <user> <xmpp-domain>`.',
      'Let the server accept the resource that the client asks for: ejabberd `resource_conflict: acceptnew`.',
    ],
  },
  XMPP_BIND_LIMIT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server allows no further session for the test account.',
    causes: [
      'Other devices or people use the account, or old sessions were not removed.',
      'The limit of sessions for each user is very low.',
    ],
    next: [
      'Count them: `prosodyctl shell c2s show <jid>` or `ejabberdctl num_resources <user> <xmpp-domain>`.',
      'Raise the limit (ejabberd `max_user_sessions`, Prosody mod_limits) or give the monitoring an account of its own.',
    ],
  },
  XMPP_BIND_MALFORMED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server opened a session without saying under which address.',
    causes: [
      'A defect of the server or of a module that answers in its place.',
      'The address it gave is none: the name of the session is missing.',
    ],
    next: [
      'Keep the answer: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Switch off modules of other makers, then report it to the maker of the server.',
    ],
  },
  XMPP_BIND_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server did not finish opening a session.',
    causes: [
      'In a cluster the node that keeps the sessions does not answer.',
      'The storage of sessions or rosters is locked.',
    ],
    next: [
      'On a cluster: `ejabberdctl list_cluster` and its log; bring the missing node back.',
      'Look at the storage of sessions: the disk, Redis or the database that the server uses.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
