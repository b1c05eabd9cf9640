import { UsageError } from '../errors.js';
import { type CertificateKind, certificateKinds } from './certificates.js';
import {
  type HolderName,
  holderNames,
  type ServiceName,
  serviceNames,
  type TargetName,
  targetNames,
} from './services.js';
import { type DnsVariant, dnsVariants } from './zones.js';

export type Command =
  | { readonly verb: 'install'; readonly ifPossible: boolean }
  | { readonly verb: 'up' | 'down' | 'status' | 'json' | 'help' }
  | { readonly verb: 'log'; readonly service: ServiceName; readonly lines: number }
  | { readonly verb: 'config'; readonly folder: string }
  | { readonly verb: 'fault'; readonly fault: FaultCommand };

export type FaultCommand =
  | { readonly kind: (typeof serverFaults)[number]; readonly target: TargetName }
  | { readonly kind: 'dns'; readonly variant: DnsVariant }
  | { readonly kind: 'cert'; readonly holder: HolderName; readonly certificate: CertificateKind }
  | { readonly kind: 'clear' };

const verbs = ['install', 'up', 'down', 'status', 'log', 'json', 'fault', 'config', 'help'] as const;
const serverFaults = ['pause', 'resume', 'stop', 'start'] as const;
const faults = [...serverFaults, 'dns', 'cert', 'clear'] as const;

export const usage =
  'usage: rig install [--if-possible] | up | down | status | log NAME [LINES] | json | fault pause|resume|stop|start NAME' +
  ' | fault dns VARIANT | fault cert HOLDER KIND | fault clear | config DIR';

/** Throws `UsageError` with one line that names the choices. */
export function parseCommand(args: readonly string[]): Command {
  const [first, ...rest] = args;
  const verb = first === '--help' || first === '-h' ? 'help' : choose('verb', verbs, first);
  switch (verb) {
    case 'install':
      if (rest[0] === '--if-possible') return only({ verb, ifPossible: true }, rest, 1);
      return only({ verb, ifPossible: false }, rest, 0);
    case 'log':
      return only({ verb, service: choose('server', serviceNames, rest[0]), lines: lineCount(rest[1]) }, rest, 2);
    case 'config':
      if (rest[0] === undefined || rest[0] === '') throw new UsageError('config: expected the folder to write to');
      return only({ verb, folder: rest[0] }, rest, 1);
    case 'fault':
      return { verb, fault: parseFault(rest) };
    case 'up':
    case 'down':
    case 'status':
    case 'json':
    case 'help':
      return only({ verb }, rest, 0);
  }
}

function parseFault(args: readonly string[]): FaultCommand {
  const [first, ...rest] = args;
  const kind = choose('fault', faults, first);
  switch (kind) {
    case 'dns':
      return only({ kind, variant: choose('DNS variant', dnsVariants, rest[0]) }, rest, 1);
    case 'cert': {
      const holder = choose('certificate holder', holderNames, rest[0]);
      return only({ kind, holder, certificate: choose('kind of certificate', certificateKinds, rest[1]) }, rest, 2);
    }
    case 'clear':
      return only({ kind }, rest, 0);
    case 'pause':
    case 'resume':
    case 'stop':
    case 'start':
      return only({ kind, target: choose('server', targetNames, rest[0]) }, rest, 1);
  }
}

function choose<Choice extends string>(what: string, choices: readonly Choice[], given: string | undefined): Choice {
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  const problem = given === undefined ? `${what} is missing` : `no ${what} ${JSON.stringify(given)}`;
  throw new UsageError(`${problem}: expected ${choices.join(', ')}`);
}

function lineCount(given: string | undefined): number {
  if (given === undefined) return 40;
  if (!/^[1-9]\d{0,5}$/.test(given))
    throw new UsageError(`lines: expected a number from 1 to 999999, got ${JSON.stringify(given)}`);
  return Number(given);
}

function only<Parsed>(parsed: Parsed, args: readonly string[], most: number): Parsed {
  const extra = args[most];
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}; ${usage}`);
  return parsed;
}
