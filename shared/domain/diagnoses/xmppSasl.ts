import type { CatalogueEntry } from '../diagnosis.js';

/** Signing in to an XMPP server by SASL (RFC 6120 section 6). */
export const xmppSasl = {
  XMPP_SASL_NOT_OFFERED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offers no way to sign in.',
    causes: [
      'Authentication is switched off or its module did not load.',
      'The server wants stream management or another step first, which is not of RFC 6120.',
      'A server for components or federation answers.',
    ],
    next: [
      'See the features that it offers: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Prosody: module saslauth and `authentication = "internal_hashed"`; ejabberd: `auth_method`. Then reload and read the log.',
    ],
  },
  XMPP_SASL_MECHANISM_UNSUPPORTED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server offers only ways to sign in that the monitoring does not support.',
    causes: [
      'Only certificates (EXTERNAL), Kerberos (GSSAPI) or tokens (X-OAUTH2) are offered.',
      'Only SCRAM with channel binding (-PLUS) or with SHA-512 is offered.',
      'Only DIGEST-MD5 is left, which is outdated (RFC 6331).',
    ],
    next: [
      'The error lists what is offered. Offer SCRAM-SHA-256 or SCRAM-SHA-1 as well: Prosody `authentication = "internal_hashed"`, ejabberd `auth_password_format: scram`.',
      'With LDAP passwords are not known to the server: offer PLAIN, which is used over TLS alone.',
    ],
  },
  XMPP_SASL_ACCOUNT_DISABLED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server says that the test account is disabled.',
    causes: [
      'An administrator disabled it, or a rule for unused accounts did.',
      'The contract or the trial of a hosted service ended.',
    ],
    next: [
      'Enable it: `prosodyctl shell user enable <jid>`, `ejabberdctl unban_account <user> <xmpp-domain>`, or in the console of the service.',
      'Except the test account from rules that disable unused accounts.',
    ],
  },
  XMPP_SASL_CREDENTIALS_EXPIRED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server says that the password of the test account has expired.',
    causes: ['A rule demands a new password after some time.', 'The token or one-time password that is used ran out.'],
    next: [
      'Set a new password: `prosodyctl passwd <jid>` or `ejabberdctl change_password <user> <xmpp-domain> <password>`, and store it as the secret of the prober.',
      'Let the password of the test account never expire.',
    ],
  },
  XMPP_SASL_ENCRYPTION_REQUIRED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server does not hold the connection for encrypted enough to sign in.',
    causes: [
      'TLS ends at a proxy before the server, which does not know of it.',
      'The server demands a newer TLS version or stronger ciphers for signing in.',
    ],
    next: [
      'Tell the server of the proxy: the PROXY protocol (Prosody mod_net_proxy, ejabberd use_proxy_protocol), or let it end TLS itself.',
      'Compare tlsVersion in the result with what the server demands: `edge-probes run xmpp-im --edge <edge-name> --json`.',
    ],
  },
  XMPP_SASL_IDENTITY_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server does not let the account sign in under its address.',
    causes: [
      'The address in probes.json belongs to another domain than the account that was authenticated.',
      'The directory maps the user to another name.',
    ],
    next: [
      'Compare jid in probes.json with the account of the server, letter by letter.',
      'With LDAP: see which attribute is the name: Prosody ldap_filter, ejabberd ldap_uids.',
    ],
  },
  XMPP_SASL_MECHANISM_INVALID: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refused a way to sign in that it had offered itself.',
    causes: [
      'Several servers behind one address are configured differently.',
      'The backend of passwords cannot do what the server offers, such as SCRAM over a directory.',
    ],
    next: [
      'Ask several times what is offered: `openssl s_client -starttls xmpp -xmpphost <xmpp-domain> -connect <xmpp-server>:5222`, and compare the nodes.',
      'Remove from the offer what the backend cannot do: Prosody disable_sasl_mechanisms, ejabberd disable_sasl_mechanisms.',
    ],
  },
  XMPP_SASL_MECHANISM_WEAK: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server holds the way to sign in that was used for too weak for this account.',
    causes: [
      'The account may sign in with SCRAM or certificates alone, while PLAIN is offered to all.',
      'The password is stored in a form that allows one mechanism alone.',
    ],
    next: [
      'Look which mechanism was used: saslMechanism in `edge-probes run xmpp-im --edge <edge-name> --json`.',
      'Set the password of the test account anew, so that it is stored for SCRAM: `prosodyctl passwd <jid>` or `ejabberdctl change_password <user> <xmpp-domain> <password>`.',
    ],
  },
  XMPP_SASL_TEMPORARY_FAILURE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server cannot check passwords at the moment.',
    causes: [
      'The database or directory with the passwords does not answer.',
      'Too many failed attempts: the server makes the account or the address wait.',
    ],
    next: [
      'Test the backend from the server: `ldapsearch -x -H <ldap-url> -b <base>` or the client of its database.',
      'Look for throttling of sign-ins in the log, and wait for its time; other users are affected only if it is the backend.',
    ],
  },
  XMPP_SASL_EXCHANGE_REFUSED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server broke off the sign-in without judging the password.',
    causes: [
      'It did not understand a message of the exchange (malformed-request, incorrect-encoding) or gave up (aborted).',
      'An external authentication script failed.',
      'A name or password with unusual letters is prepared differently on both sides (SASLprep).',
    ],
    next: [
      'The condition stands in the error; find the same second in the log of the server.',
      'Try a password of plain ASCII letters and digits once.',
      'Test the script by itself: Prosody mod_auth_external, ejabberd extauth_program.',
    ],
  },
  XMPP_SASL_TIMEOUT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server did not answer while the user was signing in.',
    causes: [
      'The directory or database with the passwords hangs.',
      'The server delays every attempt after failed ones.',
    ],
    next: [
      'Measure the backend from the server: `time ldapsearch -x -H <ldap-url> -b <base> uid=<user>`.',
      'Look for delays on purpose: Prosody mod_limits, ejabberd mod_fail2ban, PAM.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
