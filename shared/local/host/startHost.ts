import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionHost, type FunctionInfo, type HostOptions } from './functionHost.js';
import { readOrCreateKey } from './functionKey.js';
import { FunctionsCore } from './functionsCore.js';
import { parseHostJson } from './hostJson.js';
import { portOf } from './httpServer.js';
import { loadApp } from './loadApp.js';

/** A host that runs. */
export interface RunningHost {
  readonly url: string;
  readonly keyFile: string;
  functions(): readonly FunctionInfo[];
  /** Fires nothing more, waits a bounded time for what runs, then lets the app close. Never rejects. */
  stop(): Promise<void>;
}

/** Loads an app and runs it as Azure would: timers, HTTP, hooks. Throws when it cannot be loaded or the port is taken. */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const hostJson = parseHostJson(readFileSync(join(options.appFolder, 'host.json'), 'utf8'));
  const core = new FunctionsCore(options.log);
  await loadApp(options.appFolder, core);
  const keyFile = join(options.dataDir, 'function.key');
  const host = new FunctionHost(core, hostJson, options);
  const server = await host.start(readOrCreateKey(keyFile));
  const name = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${name}:${portOf(server)}`,
    keyFile,
    functions: () => host.functions(),
    stop: () => host.stop(),
  };
}
