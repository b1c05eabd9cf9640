import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usageError.js';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Every option of the command, by the subcommand that takes it. */
const optionsOf = {
  run: {
    config: text,
    edge: text,
    region: text,
    json: flag,
    verbose: flag,
    trace: text,
    timeout: text,
    force: flag,
    setup: flag,
    'target-fqdn': text,
    address: text,
    transport: text,
    'sip-domain': text,
    dialect: text,
    'sip-address': text,
    'user-name': text,
    'peer-sip-address': text,
    'peer-user-name': text,
    'ca-file': text,
    'dns-server': text,
    receiver: text,
    'receiver-jid': text,
    'receiver-service': text,
    room: text,
    'push-uri': text,
  },
  list: { config: text, json: flag },
  'check-config': { config: text, json: flag },
  'failover-check': { config: text, edge: text, json: flag, watch: flag },
  start: { config: text },
} as const;

export type CommandName = keyof typeof optionsOf;
export type Options = Readonly<Record<string, string | boolean | undefined>>;

export type CommandLine =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | { readonly command: CommandName; readonly positionals: readonly string[]; readonly options: Options };

/** Reads the arguments after the program's name. Throws `UsageError`. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h'))
    return { command: 'help' };
  if (name === '--version' || name === '-v' || name === 'version') return { command: 'version' };
  if (!isCommand(name)) {
    throw new UsageError(`unknown command "${name}"; expected one of: ${Object.keys(optionsOf).join(', ')}, help`);
  }
  return { command: name, ...parse(name, optionsOf[name], rest) };
}

/** A text option's value; undefined when it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  if (value === '') throw new UsageError(`--${name} is empty; expected a value`);
  return typeof value === 'string' ? value : undefined;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(optionsOf, name);
}

function parse(name: CommandName, options: NonNullable<ParseArgsConfig['options']>, args: readonly string[]) {
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: name === 'run', strict: true });
    return { positionals: read.positionals, options: onlyScalars(read.values) };
  } catch (error) {
    const known = Object.keys(options).map((option) => `--${option}`);
    const what = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${name}: ${what}; options are ${known.join(' ')}`, { cause: error });
  }
}

function onlyScalars(values: Readonly<Record<string, unknown>>): Options {
  const scalars = Object.entries(values).flatMap(([name, value]): [string, string | boolean][] =>
    typeof value === 'string' || typeof value === 'boolean' ? [[name, value]] : [],
  );
  return Object.fromEntries(scalars);
}
