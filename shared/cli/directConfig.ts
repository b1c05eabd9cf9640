import { accountsOf } from '../plan.js';
import { type Options, textOption } from './arguments.js';
import { directPasswords, directTransaction, isForeignUser } from './directTransaction.js';
import { UsageError } from './usageError.js';

/** Options that describe an edge on the command line, as the cmdlets did, instead of a file. */
const direct = [
  ...['target-fqdn', 'address', 'transport', 'sip-address', 'user-name', 'peer-sip-address', 'peer-user-name'],
  ...['dialect', 'ca-file', 'dns-server', 'receiver', 'receiver-jid', 'receiver-service', 'room', 'push-uri'],
];

/** Does the command line describe the edge itself? */
export function isDirect(options: Options): boolean {
  if (options['sip-domain'] !== undefined) return true;
  const given = direct.find((name) => options[name] !== undefined);
  if (given) throw new UsageError(`--${given} goes with --sip-domain: an edge described by options instead of a file`);
  return false;
}

/**
 * The options as the text of a probes.json, so that both ways are checked by the same rules. Without the receiver's
 * password nobody signs in as the receiver.
 */
export function directConfig(transaction: string, options: Options, hasReceiverPassword = false): string {
  if (options.config !== undefined || options.edge !== undefined) {
    throw new UsageError('--sip-domain describes the edge by options; it does not go with --config or --edge');
  }
  const sipDomain = textOption(options, 'sip-domain');
  const dialect = textOption(options, 'dialect');
  const caFile = textOption(options, 'ca-file');
  const dnsServer = textOption(options, 'dns-server');
  const accessEdge = accessEdgeOf(options);
  const edge = {
    name: 'command-line',
    sipDomain,
    ...(dialect === undefined ? {} : { dialect }),
    ...(accessEdge === undefined ? {} : { accessEdge }),
    accounts: isForeignUser(transaction, options) ? {} : accountsFrom(transaction, options),
    transactions: { [transaction]: directTransaction(transaction, options, hasReceiverPassword) },
  };
  return JSON.stringify({
    ...(dnsServer === undefined ? {} : { dns: { servers: [dnsServer] } }),
    ...(caFile === undefined ? {} : { tls: { caFile } }),
    edges: [edge],
  });
}

function accountsFrom(transaction: string, options: Options): Record<string, unknown> {
  const needed = accountsOf(transaction, options.dialect === 'rfc' ? 'rfc' : 'lync');
  const first = textOption(options, 'sip-address');
  if (first === undefined && needed.length === 0) return {};
  if (first === undefined) throw new UsageError('--sip-address is missing; expected sip:user@domain');
  const second = textOption(options, 'peer-sip-address');
  if (second === undefined && needed.includes('second')) {
    throw new UsageError(`--peer-sip-address is missing; expected sip:user@domain: ${transaction} needs two users`);
  }
  if (second === undefined && options['peer-user-name'] !== undefined) {
    throw new UsageError('--peer-user-name goes with --peer-sip-address');
  }
  return {
    first: accountFrom(first, textOption(options, 'user-name'), directPasswords.first),
    ...(second === undefined
      ? {}
      : { second: accountFrom(second, textOption(options, 'peer-user-name'), directPasswords.second) }),
  };
}

function accountFrom(sipAddress: string, userName: string | undefined, variable: string): Record<string, unknown> {
  const [user = ''] = sipAddress.replace(/^sip:/, '').split('@');
  return {
    sipAddress: sipAddress.startsWith('sip:') ? sipAddress : `sip:${sipAddress}`,
    userName: userName ?? user,
    password: { env: variable },
  };
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
