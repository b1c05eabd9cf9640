/** What `edge-probes help` prints. */
export const help = `edge-probes: synthetic transactions against an Edge, from outside

  edge-probes run TRANSACTION [--config FILE] [--edge NAME] [--region NAME]
                  [--json | --verbose] [--trace FILE] [--timeout MS] [--force]
  edge-probes run TRANSACTION --sip-domain DOMAIN --sip-address SIP:USER@DOMAIN
                  [--target-fqdn HOST[:PORT]] [--address IP] [--user-name NAME]
                  [--peer-sip-address SIP:USER@DOMAIN] [--peer-user-name NAME]
                  [--dialect lync|rfc] [--transport tls|tcp] [--ca-file FILE] [--dns-server IP[:PORT]]
                  [--receiver JID|SIP:USER@DOMAIN] [--receiver-jid JID] [--receiver-service xmpp[s]://HOST:PORT]
                  [--room NAME|JID] [--push-uri SIP:USER@DOMAIN]
  edge-probes run persistent-chat --setup ...          what an administrator has to create, as commands; runs nothing
  edge-probes list         [--config FILE] [--json]    what runs, and when next
  edge-probes check-config [--config FILE] [--json]    everything that is wrong with probes.json
  edge-probes failover-check [--config FILE] [--edge NAME] [--json] [--watch]
                                                       the steps of failing over XMPP federation, and their state
  edge-probes start        [--config FILE]             run on schedule, with the status page

Without --config: EDGE_PROBES_CONFIG, else ./probes.json. With --sip-domain no file is read: the password comes
from EDGE_PROBES_PASSWORD, that of the second user (--peer-...: presence, im, persistent-chat) from
EDGE_PROBES_PEER_PASSWORD, or is asked for, never from an argument. With EDGE_PROBES_RECEIVER_PASSWORD xmpp-im signs
in as the receiver, too.
Where RESULTS_CONNECTION_STRING or RESULTS_TABLE_ENDPOINT is set, an account that is parked there because its
password was refused is left alone; --force uses it all the same.

Exit codes: 0 success (also with warnings), 1 the edge failed, 2 inconclusive or wrong usage.
`;
