import { accountSettings } from '../accounts.js';
import type { Variables } from '../config/secrets.js';
import type { Settings } from '../config/settings.js';
import type { TransactionResult } from '../domain/result.js';
import type { PlannedRun } from '../plan.js';
import { openProber } from '../prober.js';
import { type Options, textOption } from './arguments.js';
import { chooseRun } from './choose.js';
import { parkedAccounts, requireSettings, settingsFromText } from './configuration.js';
import { directConfig, isDirect } from './directConfig.js';
import { directPasswords } from './directTransaction.js';
import { exitCodes, formatResult } from './formatResult.js';
import { formatStep } from './formatStep.js';
import { setupCommand } from './setupCommand.js';
import type { Terminal } from './terminal.js';
import { openTraceFile } from './traceFile.js';
import { UsageError } from './usageError.js';

/** `edge-probes run`: one transaction, once, now; nothing is stored. Resolves with the exit code. */
export async function runCommand(
  positionals: readonly string[],
  options: Options,
  variables: Variables,
  terminal: Terminal,
): Promise<number> {
  if (positionals.length > 1) throw new UsageError(`run: one transaction at a time; got ${positionals.join(' ')}`);
  if (options.setup) return setupCommand(positionals[0], options, variables, terminal);
  if (options.json && options.verbose) throw new UsageError('run: --json and --verbose exclude each other');
  const deadlineMs = timeoutOf(options);
  const { settings, planned, secrets } = await prepare(positionals[0], options, variables, terminal);
  const prober = openProber(settings, {
    variables: secrets,
    trace: openTraceFile(textOption(options, 'trace')),
    onUnexpected: (error) => terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`),
    lease: options.force || isDirect(options) ? undefined : parkedAccounts(variables),
  });

  if (options.verbose && registers(planned)) {
    terminal.out(`Registration Request hit against ${targetText(planned)}\n`);
  }
  const stop = new AbortController();
  const interrupted = () => stop.abort(new Error('interrupted'));
  process.once('SIGINT', interrupted);
  // Its ending is of no account: the command stores nothing and holds no lease.
  const { result } = await prober.run(runnable(planned), {
    trigger: 'cli',
    region: settings.ownRegion,
    deadlineMs,
    stop: stop.signal,
    ...(options.verbose ? { onStep: (event) => terminal.out(`${formatStep(event)}\n`) } : {}),
  });
  process.off('SIGINT', interrupted);

  terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${separator(options)}${formatResult(result)}`);
  return exitCodeOf(result);
}

/** A parked account stays parked here: nobody would be told of a try that cannot be written down. */
function runnable(planned: PlannedRun): PlannedRun {
  return { ...planned, retries: [] };
}

async function prepare(
  transaction: string | undefined,
  options: Options,
  variables: Variables,
  terminal: Terminal,
): Promise<{ settings: Settings; planned: PlannedRun; secrets: Variables }> {
  if (!isDirect(options)) {
    const settings = requireSettings(options, variables);
    return { settings, planned: chooseRun(settings, transaction, textOption(options, 'edge')), secrets: variables };
  }
  const hasReceiverPassword = (variables[directPasswords.receiver] ?? '') !== '';
  const text = directConfig(transaction ?? 'registration', options, hasReceiverPassword);
  const settings = settingsFromText(text, options, variables);
  const planned = chooseRun(settings, transaction, undefined);
  return { settings, planned, secrets: await directSecrets(planned, settings.ownRegion, variables, terminal) };
}

/** The variables with the passwords that are not among them asked for; where nobody answers, the run says what is missing. */
async function directSecrets(
  { transaction, edge }: PlannedRun,
  region: string,
  variables: Variables,
  terminal: Terminal,
): Promise<Variables> {
  const secrets: Record<string, string | undefined> = { ...variables };
  const relay = edge.transactions['av-edge']?.credentials;
  const asked = [
    ...accountSettings(transaction, edge, region).map(
      ([, { sipAddress, password }]) => [sipAddress, password] as const,
    ),
    ...(relay?.kind === 'password' ? [[relay.userName, relay.password] as const] : []),
  ];
  for (const [user, { env }] of asked) secrets[env] ||= await terminal.askPassword(`Password of ${user}: `);
  return secrets;
}

function timeoutOf(options: Options): number | undefined {
  const text = textOption(options, 'timeout');
  if (text === undefined) return undefined;
  const ms = Number(text);
  if (!/^\d+$/.test(text) || ms < 100 || ms > 600_000) {
    throw new UsageError(`run: --timeout is "${text}"; expected whole milliseconds from 100 to 600000`);
  }
  return ms;
}

/** Does it sign in at the Access Edge? The cmdlets begin with that line then. */
function registers({ transaction }: PlannedRun): boolean {
  return Object.values(transaction.steps).some(({ activity }) => activity === 'Register');
}

function targetText({ edge: { edge } }: PlannedRun): string {
  return edge.accessEdge ? `${edge.accessEdge.host}:${edge.accessEdge.port}` : `the Access Edge of ${edge.sipDomain}`;
}

function separator(options: Options): string {
  return options.verbose ? '\n' : '';
}

function exitCodeOf(result: TransactionResult): number {
  return exitCodes[result.outcome];
}
