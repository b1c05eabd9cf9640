import type { CatalogueEntry } from '../diagnosis.js';

/** Errors with which an XMPP server ends a stream (RFC 6120 section 4.9.3). */
export const xmppStreamError = {
  XMPP_STREAM_FORMAT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server could not read what the monitoring sent.',
    causes: [
      'A device between changes what passes, such as a proxy that rewrites XML.',
      'The server is older or stricter than what it is asked; a defect of the monitoring is possible as well.',
    ],
    next: [
      'Read which condition it gave, and the last thing sent before: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
      'Sign in with an ordinary client and the same account from the same network. If that works, report a defect of the prober with the trace.',
    ],
  },
  XMPP_STREAM_CONFLICT: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server ended the session because the same account signed in elsewhere.',
    causes: [
      'Somebody else uses the test account, with the same resource or on a server that allows one session alone.',
      'Two probers use one account at the same time, without the shared store that keeps them apart.',
    ],
    next: [
      'List who is signed in: `prosodyctl shell c2s show <jid>` or `ejabberdctl user_sessions_info <user> <xmpp-domain>`.',
      'Give the monitoring an account that nobody else uses.',
      'Prosody: `conflict_resolve = "kick_new"` or random resources; ejabberd: resource_conflict and the shaper max_user_sessions.',
    ],
  },
  XMPP_STREAM_IDLE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server ended the session because it held it for dead.',
    causes: [
      'The machine or the network of the prober stood still for a while.',
      'The server waits only briefly for a sign of life (ping, stream management).',
    ],
    next: [
      'Look at eventLoopDelayMs and lateMs in the result: `edge-probes run xmpp-im --edge <edge-name> --json`.',
      'Compare with the time-outs of the server: Prosody `network_settings.read_timeout`, mod_pinger; ejabberd mod_ping.',
    ],
  },
  XMPP_STREAM_HOST_GONE: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server no longer serves the domain.',
    causes: [
      'The domain was moved to another server, and DNS or probes.json still leads to the old one.',
      'The virtual host was taken out of the configuration on purpose.',
    ],
    next: [
      'Ask who serves it now: `dig +short _xmpp-client._tcp.<xmpp-domain> SRV`, and compare with service of the receiver in probes.json.',
      'If the move was not meant, put the virtual host back and reload: `prosodyctl reload` or `ejabberdctl reload_config`.',
    ],
  },
  XMPP_STREAM_HOST_UNKNOWN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server does not know the domain that it is asked for.',
    causes: [
      'The virtual host is missing from the configuration of the server, or is mistyped there.',
      'The domain of the receiver in probes.json is wrong: the part behind the @ counts, not the name of the server.',
      'DNS or the load balancer leads to the server of somebody else.',
    ],
    next: [
      'See what the server serves: `prosodyctl check config`, `prosodyctl shell host list` or `ejabberdctl registered_vhosts`.',
      'Add the host: Prosody `VirtualHost "<xmpp-domain>"`, ejabberd `hosts:`; then reload.',
      'Correct jid of the receiver in probes.json.',
    ],
  },
  XMPP_STREAM_ADDRESSING: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refused an address that the monitoring used.',
    causes: [
      'The address of the account is written in a form that the server does not take, for instance with letters that it does not allow.',
      'The server rewrites the address at sign-in, and then refuses the one that was configured.',
    ],
    next: [
      'Compare jid of the account in probes.json with what the server has: `prosodyctl shell user list <xmpp-domain>` or `ejabberdctl registered_users <xmpp-domain>`.',
      'Use lower case, without spaces, and the domain as the server writes it.',
    ],
  },
  XMPP_STREAM_SERVER_ERROR: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server reported an error of its own.',
    causes: ['Its storage or directory (SQL, LDAP) is down or full.', 'A module failed; the log has a traceback.'],
    next: [
      'Find the error of that second: `journalctl -u prosody --since "-5 min" | grep -i error` or `/var/log/ejabberd/error.log`.',
      'Check the disk and the database: `df -h`, `systemctl status postgresql`.',
      'Restart the server if it does not recover: `systemctl restart prosody`.',
    ],
  },
  XMPP_STREAM_NOT_AUTHORIZED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server wants a sign-in where none is due, or ended a session that was not signed in.',
    causes: [
      'The session was ended on the server while signing in: too slow, or the account was removed meanwhile.',
      'The server allows the stream only from certain addresses.',
    ],
    next: [
      'Look whether the account still exists: `prosodyctl shell user list <xmpp-domain>` or `ejabberdctl check_account <user> <xmpp-domain>`.',
      'Look at rules for addresses: Prosody mod_firewall, ejabberd access_rules.',
    ],
  },
  XMPP_STREAM_POLICY: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server refused the session by a rule of its own.',
    causes: [
      'Too many connections or sign-ins from the address of the prober in a short time.',
      'A rule wants certain TLS versions, clients or networks.',
      'A message was larger or came faster than the server allows.',
    ],
    next: [
      'The text of the server stands beside the error; find the rule: Prosody mod_limits, mod_firewall, `c2s_require_encryption`; ejabberd `shaper`, `access`.',
      'Except the address of the prober, or choose a longer interval in schedule.',
    ],
  },
  XMPP_STREAM_BACKEND_FAILED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server could not reach another server that it needs to sign users in.',
    causes: [
      'Directory, database or authentication service behind the XMPP server is down.',
      'In a cluster the node that owns the domain cannot be reached.',
    ],
    next: [
      'Test what it signs users in with: `ldapsearch -H <ldap-url> -x -b <base>` or the database, from the XMPP server.',
      'On a cluster: `ejabberdctl list_cluster`; bring the missing node back.',
    ],
  },
  XMPP_STREAM_RESET: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server ended the session so that it is set up anew.',
    causes: [
      'Its certificate or its configuration for security was changed and sessions are renewed.',
      'An administrator reset the sessions of the account.',
    ],
    next: [
      'Run it again: `edge-probes run xmpp-im --edge <edge-name> --verbose`. Once is maintenance; each time is a defect.',
      'If it repeats, see in the log of the server which module asks for the reset.',
    ],
  },
  XMPP_STREAM_OVERLOADED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server has no resources left for another session.',
    causes: [
      'Connections, memory or processes of the server are at their limit.',
      'A flood of sessions, for instance after a failure, fills it for minutes.',
    ],
    next: [
      'Count sessions and limits: `prosodyctl shell stats show` or `ejabberdctl stats onlineusers`, and `ulimit -n` of the process.',
      'Raise the limit or add memory: `LimitNOFILE=` in the unit of the service.',
    ],
  },
  XMPP_STREAM_OTHER_HOST: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server sends clients on to another server.',
    causes: [
      'The account was moved to another node or server of the operator.',
      'A node is being drained for maintenance.',
    ],
    next: [
      'The text beside the error may name where to; the monitoring does not follow, for the target proves nothing about itself.',
      'Set service of the receiver in probes.json to the server that the account is at: `xmpps://<xmpp-server>:5223`.',
      'Publish the right servers in `_xmpp-client._tcp.<xmpp-domain>`.',
    ],
  },
  XMPP_STREAM_SHUTDOWN: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server is shutting down.',
    causes: [
      'It is being restarted for an update or a changed configuration.',
      'The machine is shut down, or its orchestrator moves the service.',
    ],
    next: [
      'See whether it comes back: `systemctl status prosody` or `ejabberdctl status`.',
      'If it does not, start it: `systemctl start prosody`, and read the end of its log.',
      'Announce maintenance in probes.json under maintenance, so that it counts as such.',
    ],
  },
  XMPP_STREAM_UNSUPPORTED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server does not support what the monitoring asked for.',
    causes: [
      'An old or reduced server does not know a part of RFC 6120.',
      'A component or gateway port was taken for one of clients.',
    ],
    next: [
      'The condition in the error says whether it is a feature, a kind of stanza or the version.',
      'Compare port and service with the documentation of the server, then update it or correct service in probes.json.',
    ],
  },
  XMPP_STREAM_UNDEFINED: {
    layer: 'xmpp',
    fault: 'target',
    meaning: 'The XMPP server ended the session for a reason that the protocol has no word for.',
    causes: ['A module uses a condition of its own.', 'The server reports an error in a form that is not of RFC 6120.'],
    next: [
      'Read its text beside the error, and its log at that second.',
      'Keep the stanza for the maker of the server: `edge-probes run xmpp-im --edge <edge-name> --trace trace.txt`.',
    ],
  },
} as const satisfies Record<string, CatalogueEntry>;
