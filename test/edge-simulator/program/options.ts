import { type DialectName, dialects, isDialectName } from '../dialects/catalogue.js';
import { FaultSwitches, setFromText, UnknownFault, WrongDelay } from '../faults/switches.js';

/** What the command line asks for. */
export type ProgramOptions =
  | { readonly kind: 'list-faults' }
  | {
      readonly kind: 'start';
      readonly dialect: DialectName;
      readonly out: string;
      readonly transport: 'tls' | 'tcp';
      readonly faults: readonly string[];
      /** End when standard input closes: whoever started us is gone. */
      readonly parent: boolean;
    };

/** Wrong usage; the message is one line that names the choices. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const usage =
  'edge-simulator --dialect lync|rfc --out DIR [--transport tls|tcp] [--fault NAME[=MS]]... [--parent], or --list-faults';

/** Reads the arguments after the program's name. Throws UsageError. */
export function readOptions(argv: readonly string[]): ProgramOptions {
  const given = new Map<string, string>();
  const faults: string[] = [];
  let parent = false;
  const rest = argv.values();
  for (const argument of rest) {
    if (argument === '--list-faults') return { kind: 'list-faults' };
    if (argument === '--parent') parent = true;
    else if (argument === '--fault') faults.push(valueAfter(argument, rest));
    else if (['--dialect', '--out', '--transport'].includes(argument)) given.set(argument, valueAfter(argument, rest));
    else throw new UsageError(`${argument}: no such argument; usage: ${usage}`);
  }
  checkFaults(faults);
  const out = given.get('--out');
  const dialect = readDialect(given.get('--dialect'));
  if (out === undefined) throw new UsageError(`--out DIR is missing; usage: ${usage}`);
  return { kind: 'start', dialect, out, transport: readTransport(given.get('--transport')), faults, parent };
}

function valueAfter(argument: string, rest: Iterator<string>): string {
  const next = rest.next();
  if (next.done || next.value === '' || next.value.startsWith('--')) {
    throw new UsageError(`${argument} needs a value; usage: ${usage}`);
  }
  return next.value;
}

function readDialect(text: string | undefined): DialectName {
  if (text !== undefined && isDialectName(text)) return text;
  throw new UsageError(`--dialect is ${text ?? 'missing'}; available: ${Object.keys(dialects).join(', ')}`);
}

function readTransport(text: string | undefined): 'tls' | 'tcp' {
  if (text === undefined || text === 'tls' || text === 'tcp') return text ?? 'tls';
  throw new UsageError(`--transport is ${text}; available: tls, tcp`);
}

function checkFaults(faults: readonly string[]): void {
  const switches = new FaultSwitches();
  try {
    for (const text of faults) setFromText(switches, text);
  } catch (cause) {
    if (cause instanceof UnknownFault || cause instanceof WrongDelay) throw new UsageError(`--fault ${cause.message}`);
    throw cause;
  }
}
