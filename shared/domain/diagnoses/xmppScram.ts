import type { CatalogueEntry } from '../diagnosis.js';

/** The proofs of SCRAM, in which the server too has to show that it knows the account (RFC 5802, RFC 7677). */
export const xmppScram = {
  XMPP_SASL_CHALLENGE_MALFORMED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server broke the rules of the sign-in that it offered.',
    causes: [
      'The implementation of SCRAM in the server or its authentication proxy is defective.',
      'Somebody between tries to replay an older sign-in.',
    ],
    next: [
      'What was wrong stands in the error. Compare with another client: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect <xmpp-server>:5222` shows who answers.',
      'Update the server, and report it to its maker.',
    ],
  },
  XMPP_SASL_SERVER_UNPROVEN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server could not prove that it knows the test account.',
    causes: [
      'The server is not what it claims to be: its certificate is good, but it does not know the password.',
      'The server leaves out its signature: a defect, or a proxy that signs in on its own.',
      'Its stored keys are damaged: the server key does not fit the client key.',
    ],
    next: [
      'Find out who answers: certificates and remoteAddress in `edge-probes run xmpp-im --edge <edge-name> --json`. If it is not your server, change the password of the account.',
      'Set the password anew, which makes new keys: `prosodyctl passwd <jid>`.',
      'Update the server; RFC 5802 section 5 demands the signature.',
    ],
  },
  XMPP_SASL_ITERATIONS_EXCESSIVE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server demands absurdly much computing for a sign-in.',
    causes: ['The number of SCRAM iterations was mistyped by some zeros.', 'A hostile server wants to tie up clients.'],
    next: [
      'See the number in the configuration: Prosody `default_iteration_count`, ejabberd `auth_scram_iterations`; usual are 4096 to 100000.',
      'Set the password again afterwards: the number is stored with each account: `prosodyctl passwd <jid>`.',
    ],
  },
  XMPP_SASL_ITERATIONS_FEW: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server protects stored passwords less than the standard asks for.',
    causes: [
      'An old default or a setting for speed: RFC 7677 asks for at least 4096 iterations.',
      'The account was stored long ago, with the number of that time.',
    ],
    next: [
      'Raise it: Prosody `default_iteration_count = 10000`, ejabberd `auth_scram_iterations`.',
      'Then set the password of the account anew: `prosodyctl passwd <jid>` or `ejabberdctl change_password <user> <xmpp-domain> <password>`.',
    ],
    degrades: false,
  },
} as const satisfies Record<string, CatalogueEntry>;
