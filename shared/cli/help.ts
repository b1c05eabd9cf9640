/** What `edge-probes help` prints. */
export const help = `edge-probes: synthetic transactions against an Edge, from outside

  edge-probes run TRANSACTION [--config FILE] [--edge NAME] [--region NAME]
                  [--json | --verbose] [--trace FILE] [--timeout MS]
  edge-probes run TRANSACTION --sip-domain DOMAIN --sip-address SIP:USER@DOMAIN
                  [--target-fqdn HOST[:PORT]] [--address IP] [--user-name NAME]
                  [--dialect lync|rfc] [--transport tls|tcp] [--ca-file FILE] [--dns-server IP[:PORT]]
  edge-probes list         [--config FILE] [--json]    what runs, and when next
  edge-probes check-config [--config FILE] [--json]    everything that is wrong with probes.json
  edge-probes start        [--config FILE]             run on schedule, with the status page

Without --config: EDGE_PROBES_CONFIG, else ./probes.json. With --sip-domain no file is read: the password comes
from EDGE_PROBES_PASSWORD or is asked for, never from an argument.

Exit codes: 0 success (also with warnings), 1 the edge failed, 2 inconclusive or wrong usage.
`;
