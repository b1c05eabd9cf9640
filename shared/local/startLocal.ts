import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, readEnvironment } from '../config/environment.js';
import { systemClock } from '../domain/clock.js';
import { Azurite } from './azurite.js';
import { Demo } from './demo.js';
import type { HostLog } from './host/hostLog.js';
import { type RunningHost, startHost } from './host/startHost.js';
import { patiently } from './patience.js';
import { takePidLock } from './pidLock.mjs';

/** What a local run is made of. */
export interface LocalOptions {
  /** The project's folder, with dist and node_modules. */
  readonly root: string;
  /** The environment of this process; the app reads the same one, so what is found out is added to it. */
  readonly env: Record<string, string | undefined>;
  readonly log: HostLog;
  /** Gets what ends the children and frees the data folder at once, as soon as there is any of it. */
  readonly onKill?: (kill: () => void) => void;
  /** Gives up starting; what runs by then is stopped in order. */
  readonly signal?: AbortSignal;
}

/** A whole local deployment: storage, perhaps the demo Edge, and the host. */
export interface RunningLocal {
  readonly host: RunningHost;
  readonly dataDir: string;
  readonly configPath: string;
  /** Is the monitored Edge the bundled simulator? */
  readonly isDemo: boolean;
  /** Where its connection string lies, when the storage is the local one. */
  readonly storage: { readonly url: string; readonly connectionFile: string } | undefined;
  /** Stops all of it in order. Never rejects. */
  stop(): Promise<void>;
}

type Undo = () => Promise<void> | void;

/** Starts storage, demo Edge (only where no configuration is) and the deployed bundle. Throws one message when it cannot, or what `signal` says. */
export async function startLocal(options: LocalOptions): Promise<RunningLocal> {
  const environment = requireEnvironment(options.env);
  const dataDir = resolve(environment.dataDir);
  const undo: Undo[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const release = takeDataDir(dataDir);
    undo.push(release);
    options.onKill?.(release);
    options.signal?.throwIfAborted();
    const isDemo = !environment.configChosen && !existsSync(environment.configPath);
    const children = allOrFirstError([
      environment.storage === undefined ? startStorage(options, dataDir, undo) : undefined,
      isDemo ? startDemo(options, dataDir, undo) : undefined,
    ]);
    const [storage] = await patiently('the local storage and the demo Edge', children, options.log);
    options.signal?.throwIfAborted();
    // Not in Azurite's blobs: they are away whenever its tables are.
    options.env.EDGE_PROBES_SPOOL_DIR ||= join(dataDir, 'spool');
    const host = await startHost({
      appFolder: join(options.root, 'dist', 'app'),
      settings: options.env,
      host: environment.host,
      port: environment.port,
      dataDir,
      clock: systemClock,
      log: options.log,
    });
    undo.push(() => host.stop());
    const configPath = resolve(options.env.EDGE_PROBES_CONFIG ?? environment.configPath);
    return { host, dataDir, configPath, isDemo, storage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function requireEnvironment(env: LocalOptions['env']): Environment {
  const { environment, problems } = readEnvironment(env);
  if (environment !== undefined) return environment;
  throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

/** One host a data folder: two would write the same files. */
function takeDataDir(dataDir: string): () => void {
  // Results name servers and accounts: other users of this machine need not read them.
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    throw new Error(`the data folder ${dataDir} cannot be written: set DATA_DIR to another folder`, { cause });
  }
  const lock = takePidLock(join(dataDir, 'host.lock'));
  if (lock.kind === 'taken') return lock.release;
  throw new Error(
    `the data folder ${dataDir} is used by process ${lock.pid}: end that one, or set DATA_DIR to another folder`,
  );
}

async function startStorage({ root, env, log, onKill, signal }: LocalOptions, dataDir: string, undo: Undo[]) {
  const folder = join(dataDir, 'azurite');
  mkdirSync(folder, { recursive: true });
  const azurite = await Azurite.start({ root, folder, parentEnv: env, log, signal });
  const connectionFile = join(dataDir, 'storage-connection-string');
  undo.push(async () => {
    rmSync(connectionFile, { force: true });
    await azurite.stop();
  });
  onKill?.(() => {
    rmSync(connectionFile, { force: true });
    azurite.kill();
  });
  rmSync(connectionFile, { force: true });
  writeFileSync(connectionFile, `${azurite.connectionString}\n`, { mode: 0o600 });
  env.RESULTS_CONNECTION_STRING = azurite.connectionString;
  return { url: azurite.tablesUrl, connectionFile };
}

async function startDemo(
  { root, env, onKill, signal }: LocalOptions,
  dataDir: string,
  undo: Undo[],
): Promise<undefined> {
  const demo = await Demo.start({ root, folder: join(dataDir, 'demo'), parentEnv: env, signal });
  undo.push(() => demo.stop());
  onKill?.(() => demo.kill());
  Object.assign(env, demo.secrets, { EDGE_PROBES_CONFIG: demo.configPath });
}

/** Waits for both also when one fails: what has started by then must be known, to be stopped. */
async function allOrFirstError<A, B>(work: readonly [A | Promise<A>, B | Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
