import type { Variables } from '../config/secrets.js';
import type { XmppFederationSettings } from '../config/settings.js';
import { type Clock, systemClock } from '../domain/clock.js';
import type { TransactionResult } from '../domain/result.js';
import type { PlannedRun } from '../plan.js';
import { openProber } from '../prober.js';
import { type Options, textOption } from './arguments.js';
import { chooseRun } from './choose.js';
import { requireSettings } from './configuration.js';
import {
  type FailoverCheck,
  type FailoverContext,
  type FailoverMemory,
  failoverCheck,
  remember,
} from './failoverCheckSteps.js';
import { formatChanges, formatCheck } from './failoverCheckText.js';
import { exitCodes } from './formatResult.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usageError.js';

/** From the end of one check to the beginning of the next, milliseconds: soon enough to follow, too seldom to be a load. */
const pauseMs = 3_000;

/**
 * `edge-probes failover-check`: the steps of the fail-over of XMPP federation, each with its present state; with `--watch` again and
 * again until Ctrl-C. Nothing is stored. Resolves with the exit code of the last check.
 */
export async function failoverCheckCommand(
  options: Options,
  variables: Variables,
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<number> {
  const settings = requireSettings(options, variables);
  const planned = chooseRun(settings, 'xmpp-federation', textOption(options, 'edge'), 'failover-check');
  const expected = settingsOf(planned);
  const prober = openProber(settings, {
    variables,
    onUnexpected: (error) => terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`),
  });
  const stop = new AbortController();
  const interrupted = () => stop.abort(new Error('interrupted'));
  process.once('SIGINT', interrupted);
  const watch = options.watch === true;
  const show = options.json ? showJson(terminal, watch) : showText(terminal, watch);
  let memory: FailoverMemory | undefined;
  let exitCode = exitCodes.inconclusive;
  do {
    const run = { trigger: 'cli', region: settings.ownRegion, stop: stop.signal } as const;
    const { result } = await prober.run(planned, run);
    // Half a check says nothing; where it was the only one, that it was interrupted.
    if (stop.signal.aborted && memory !== undefined) break;
    show(failoverCheck(result, contextOf(planned, expected, memory)));
    memory = remember(result, memory);
    exitCode = exitCodeOf(result);
    if (watch) await pause(clock, stop.signal);
  } while (watch && !stop.signal.aborted);
  process.off('SIGINT', interrupted);
  return exitCode;
}

function contextOf(
  { edge: { edge } }: PlannedRun,
  { port, expectActive, expectStandby }: XmppFederationSettings,
  memory: FailoverMemory | undefined,
): FailoverContext {
  const context = { sipDomain: edge.sipDomain, port, expectActive, expectStandby };
  return memory === undefined ? context : { ...context, before: memory };
}

function settingsOf({ edge }: PlannedRun): XmppFederationSettings {
  const settings = edge.transactions['xmpp-federation'];
  if (!settings) throw new UsageError('failover-check: xmpp-federation is not configured');
  return settings;
}

/** One document, indented for reading; of a watch one on each line. */
function showJson(terminal: Terminal, watch: boolean): (check: FailoverCheck) => void {
  return (check) => terminal.out(`${JSON.stringify(check, null, watch ? undefined : 2)}\n`);
}

/** Where somebody watches a screen always the whole list in one place; elsewhere the whole list first, then what changes. */
function showText(terminal: Terminal, watch: boolean): (check: FailoverCheck) => void {
  let before: FailoverCheck | undefined;
  return (check) => {
    if (terminal.redraw && watch) terminal.redraw(formatCheck(check));
    else terminal.out(before === undefined ? formatCheck(check) : formatChanges(check, before));
    before = check;
  };
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(pauseMs, end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function exitCodeOf({ outcome }: TransactionResult): number {
  return exitCodes[outcome];
}
