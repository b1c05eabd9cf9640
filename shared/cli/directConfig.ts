import { type Options, textOption } from './arguments.js';
import { UsageError } from './usageError.js';

/** Options that describe an edge on the command line, as the cmdlets did, instead of a file. */
const direct = ['target-fqdn', 'address', 'transport', 'sip-address', 'user-name', 'dialect', 'ca-file', 'dns-server'];

/** Does the command line describe the edge itself? */
export function isDirect(options: Options): boolean {
  if (options['sip-domain'] !== undefined) return true;
  const given = direct.find((name) => options[name] !== undefined);
  if (given) throw new UsageError(`--${given} goes with --sip-domain: an edge described by options instead of a file`);
  return false;
}

/** The options as the text of a probes.json, so that both ways are checked by the same rules. */
export function directConfig(transaction: string, options: Options): string {
  if (options.config !== undefined || options.edge !== undefined) {
    throw new UsageError('--sip-domain describes the edge by options; it does not go with --config or --edge');
  }
  const sipDomain = textOption(options, 'sip-domain');
  const sipAddress = textOption(options, 'sip-address');
  if (sipAddress === undefined) throw new UsageError('--sip-address is missing; expected sip:user@domain');
  const [user = ''] = sipAddress.replace(/^sip:/, '').split('@');
  const dialect = textOption(options, 'dialect');
  const caFile = textOption(options, 'ca-file');
  const dnsServer = textOption(options, 'dns-server');
  const accessEdge = accessEdgeOf(options);
  const edge = {
    name: 'command-line',
    sipDomain,
    ...(dialect === undefined ? {} : { dialect }),
    ...(accessEdge === undefined ? {} : { accessEdge }),
    accounts: {
      first: {
        sipAddress: sipAddress.startsWith('sip:') ? sipAddress : `sip:${sipAddress}`,
        userName: textOption(options, 'user-name') ?? user,
        password: { env: 'EDGE_PROBES_PASSWORD' },
      },
    },
    transactions: { [transaction]: {} },
  };
  return JSON.stringify({
    ...(dnsServer === undefined ? {} : { dns: { servers: [dnsServer] } }),
    ...(caFile === undefined ? {} : { tls: { caFile } }),
    edges: [edge],
  });
}

function accessEdgeOf(options: Options): Record<string, unknown> | undefined {
  const target = textOption(options, 'target-fqdn');
  const address = textOption(options, 'address');
  const transport = textOption(options, 'transport');
  if (target === undefined) {
    if (address !== undefined || transport !== undefined) {
      throw new UsageError(
        '--address and --transport go with --target-fqdn: the name of the server and its certificate',
      );
    }
    return undefined;
  }
  const match = /^(.+):(\d{1,5})$/.exec(target);
  return {
    host: match?.[1] ?? target,
    ...(match ? { port: Number(match[2]) } : {}),
    ...(address === undefined ? {} : { address }),
    ...(transport === undefined ? {} : { transport }),
  };
}
