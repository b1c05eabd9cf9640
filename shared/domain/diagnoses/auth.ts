import type { CatalogueEntry } from '../diagnosis.js';

/** Proving who the test account is: Digest (RFC 3261 section 22, RFC 8760) and what servers offer beside it. */
export const auth = {
  AUTH_CREDENTIALS_REJECTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server refused the test account.',
    causes: [
      'The password of the test account was changed or has expired, and the prober still has the old one.',
      'The account is locked out or disabled in Active Directory, or was removed from the subscribers of the SIP server.',
      'userName in probes.json has the wrong form: DOMAIN\\user, user@domain and user are three different names.',
      'The SIP server stores the password as a hash made for another realm (HA1), so that the right password fails too.',
      'The clocks of client and server differ by more than the server tolerates (ms-diagnostics 1013).',
    ],
    next: [
      'Look at the account: `Get-ADUser <user> -Properties Enabled, LockedOut, PasswordExpired, PasswordLastSet`; release it with `Unlock-ADAccount -Identity <user>`.',
      'Try account and password from inside, once: `Test-CsRegistration -TargetFqdn <pool> -UserSipAddress "sip:<user>@<sip-domain>" -UserCredential (Get-Credential) -Authentication Negotiate`. Kamailio: the domain here must be the realm: `kamctl db roexec "select username, domain from subscriber where username=\'<user>\'"`.',
      'If that works, set the secret of the prober anew (in Azure: a new version in Key Vault) and give the test account a password that does not expire.',
      'An XMPP user: `prosodyctl passwd <jid>` or `ejabberdctl change_password <user> <xmpp-domain> <password>`, and the same as the secret of the prober.',
      'Do not start run after run meanwhile: every one counts towards the lock-out of the account.',
    ],
  },
  AUTH_SCHEME_UNSUPPORTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server offers only ways to sign in that the monitoring does not support.',
    causes: [
      'dialect in probes.json does not fit the server: a Lync or Skype for Business Edge offers NTLM and TLS-DSK, a standards-based one Digest.',
      'NTLM was switched off for clients, so that only Kerberos or certificates remain, and Kerberos does not work from outside.',
      'The deployment was moved to modern authentication (OAuth).',
    ],
    next: [
      'The error lists what is offered: correct the dialect of the edge in probes.json if it is the wrong one.',
      'Lync and Skype for Business: `Get-CsProxyConfiguration | Select-Object Identity, UseNtlmForClientToProxyAuth, DisableNtlmFor2010AndLaterClients`.',
      'If it was switched off by mistake: `Set-CsProxyConfiguration -Identity <identity> -UseNtlmForClientToProxyAuth $true`.',
    ],
  },
  AUTH_ALGORITHM_UNSUPPORTED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server demands a way to protect the password that the monitoring does not support.',
    causes: [
      'The server offers Digest with an algorithm other than MD5, SHA-256 and SHA-512-256, or with a -sess variant.',
      'It demands that message bodies are protected too (qop auth-int).',
    ],
    next: [
      'Read the challenge in the trace: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Kamailio: `modparam("auth", "algorithm", "SHA-256")` and `modparam("auth", "qop", "auth")`; offer one of the three algorithms on other servers.',
      'If ordinary clients sign in well with this challenge, report it as a gap of the prober, with the challenge.',
    ],
  },
  AUTH_CHALLENGE_MALFORMED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server asked for a password in a way that cannot be understood.',
    causes: [
      'A routing script or another application answers 401 or 407 by itself, without the header field that says how to authenticate.',
      'Realm or nonce is missing from the challenge, or its quotes are wrong.',
      'A session border controller or firewall that rewrites SIP dropped or cut the header field.',
    ],
    next: [
      'Read what arrived: `edge-probes run registration --edge <edge-name> --trace trace.txt`, and compare with what the server sent: `sngrep` there, or its own trace.',
      'Kamailio: the script must call `auth_challenge` or `www_challenge`, never answer by `sl_send_reply("401", ...)`. OpenSIPS: `www_challenge`.',
      'If the two differ, switch off SIP inspection (SIP ALG) on the device between.',
    ],
  },
  AUTH_CHALLENGE_LOOP: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server kept asking for the password again.',
    causes: [
      'Several servers behind one address do not share their nonces, so that each calls the nonce of the other stale.',
      'Nonces expire at once: their lifetime is a second or two, or the clock of the server jumps.',
      'Proxies on the way send the request in a circle, each asking anew.',
    ],
    next: [
      'Compare the nonces and realms in the trace: `edge-probes run registration --edge <edge-name> --trace trace.txt`.',
      'Give the load balancer stickiness for the connection, or give all servers the same secret: Kamailio `modparam("auth", "secret", ...)`.',
      'Check the lifetime, `modparam("auth", "nonce_expire", 300)`, and the clock of each server: `chronyc tracking` or `timedatectl`.',
    ],
  },
  AUTH_SERVER_PROOF_WRONG: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server could not prove that it knows the account.',
    causes: [
      'The server computes its proof (rspauth) wrongly, as some versions do with SHA-256 or after an update.',
      'A device between signs in on behalf of the client and changed the messages.',
      'Somebody who does not know the password stands in for the server.',
    ],
    next: [
      'Check first who answered: remote address and certificate of the run, `edge-probes run registration --edge <edge-name> --json`. If they are not yours, treat it as an attack and change the password of the test account.',
      'Ask the server without the devices between: set accessEdge.address in a copy of probes.json to the server itself and run again.',
      'If the server alone is wrong, update it or let it leave out Authentication-Info.',
    ],
  },
  AUTH_NOT_DEMANDED: {
    layer: 'auth',
    fault: 'target',
    meaning: 'The server signed the test account in without asking for its password.',
    causes: [
      'The registrar does not check passwords at all: anybody could take over any account.',
      'It trusts the address of the prober (a list of trusted addresses), so that its runs prove less than users need.',
      'A change to the routing script skips authentication for this kind of request.',
    ],
    next: [
      'Sign in from an address that nobody trusts, with a wrong password on purpose. If that succeeds, close it now.',
      'Kamailio: REGISTER must pass `www_authenticate` or `auth_check` before `save("location")`; look for `allow_source_address` and `allow_trusted` before it. `kamcmd permissions.addressDump` lists trusted addresses.',
      'Take the prober off the list of trusted addresses, so that it is asked as users are.',
    ],
    degrades: true,
  },
  AUTH_ACCOUNT_PARKED: {
    layer: 'auth',
    fault: 'prober',
    meaning: 'The test account was refused earlier and is left alone for now; this says nothing about the service.',
    causes: [
      'The password was refused (AUTH_CREDENTIALS_REJECTED) and is still the same: trying it at every run would lock the account.',
      'The password was put right on the server, while the prober waits for its next try: one every 30 minutes, in all regions together.',
    ],
    next: [
      'Find the run that was refused, by the time in the error, and follow the next steps of its AUTH_CREDENTIALS_REJECTED.',
      'Set the right secret: the next run sees that it was changed and uses the account at once.',
      'If the secret was right and the server is mended, do not wait: `curl -X POST -H "x-functions-key: <key>" "https://<function-app>.azurewebsites.net/api/run/<edge-name>/registration?force=true"`. A success frees the account.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
