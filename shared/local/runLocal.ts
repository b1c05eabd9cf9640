import { relative } from 'node:path';
import { version } from '../../package.json';
import { systemClock } from '../domain/clock.js';
import { formatLine, timeOfDay } from './consoleLines.js';
import type { FunctionInfo } from './host/functionHost.js';
import { describeError, type HostLog } from './host/hostLog.js';
import { type RunningLocal, startLocal } from './startLocal.js';

/** The parts of a process that a local run needs; `process` is one. */
export interface RunLocalOptions {
  /** The project's folder, with dist and node_modules. */
  readonly root: string;
  readonly process: NodeJS.Process;
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes a Ctrl-C on that the terminal has already sent: only a later one is a second one. */
const sameSignalMs = 1_000;

/** Runs everything locally until a signal stops it; resolves to the exit code. The caller ends the process with it. */
export async function runLocal({ root, process }: RunLocalOptions): Promise<number> {
  const { stdout, env } = process;
  const log = consoleLog(stdout, stdout.isTTY === true && !env.NO_COLOR);
  const kills: (() => void)[] = [];
  keepAlive(process, log);
  const stop = signalled(process, () => {
    for (const kill of kills) kill();
    process.exit(130);
  });
  let local: RunningLocal;
  try {
    local = await startLocal({ root, env, log, onKill: (kill) => kills.push(kill), signal: stop });
  } catch (error) {
    if (stop.aborted) {
      log({ level: 'information', source: 'host', text: 'stopped before it had started' });
      return 0;
    }
    process.stderr.write(`edge-probes: ${(error as Error).message}\n`);
    return 1;
  }
  stdout.write(`${introduce(local, process.cwd()).join('\n')}\n`);
  await aborted(stop);
  log({ level: 'information', source: 'host', text: 'stopping ...' });
  await local.stop();
  log({ level: 'information', source: 'host', text: 'stopped' });
  return 0;
}

function consoleLog(stdout: NodeJS.WriteStream, colours: boolean): HostLog {
  // A reader that has gone (`| head`) is no reason to stop monitoring.
  stdout.on('error', () => undefined);
  return (line) => {
    const text = formatLine(line, systemClock.now(), colours);
    if (text !== undefined) stdout.write(`${text}\n`);
  };
}

/** A monitor goes on: what nobody caught is said, and the next run comes. */
function keepAlive(process: NodeJS.Process, log: HostLog): void {
  const say = (what: string) => (error: unknown) =>
    log({ level: 'error', source: 'host', text: `${what}  ${describeError(error)}` });
  process.on('unhandledRejection', say('a rejection that nobody handled'));
  process.on('uncaughtException', say('an error that nobody caught'));
}

/** Aborts at the first signal; a second one calls `atOnce`. */
function signalled(process: NodeJS.Process, atOnce: () => void): AbortSignal {
  const stop = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = systemClock.monotonic();
    if (firstAt === undefined) firstAt = now;
    else if (now - firstAt > sameSignalMs) atOnce();
    stop.abort(new Error('stopped by a signal'));
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return stop.signal;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What a person wants to know first. */
function introduce({ host, dataDir, configPath, isDemo, storage }: RunningLocal, cwd: string): readonly string[] {
  const shown = (path: string) => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));
  return [
    `Edge Probes ${version} listens on ${host.url} (all times are UTC; Ctrl-C stops it)`,
    isDemo
      ? 'This is the demo: a simulated Edge. For your own, copy probes.example.json to probes.json, edit it and start again.'
      : `configuration  ${shown(configPath)}`,
    `data folder    ${dataDir}`,
    `function key   ${shown(host.keyFile)}`,
    ...(storage === undefined
      ? []
      : [`tables         ${storage.url} (connection string: ${shown(storage.connectionFile)})`]),
    'functions',
    ...host.functions().map(describeFunction),
  ];
}

function describeFunction(info: FunctionInfo): string {
  const name = `  ${info.name.padEnd(30)}`;
  switch (info.kind) {
    case 'timer':
      return `${name}  next run ${info.nextMs === undefined ? 'now' : timeOfDay(info.nextMs)}`;
    case 'http':
      return `${name}  ${info.methods.join(',')} ${info.route}`;
    case 'disabled':
      return `${name}  disabled`;
    case 'refused':
      return `${name}  does not run: ${info.why}`;
  }
}
