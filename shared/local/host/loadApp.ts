import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { withDeadline } from './deadline.js';
import type { FunctionsCore } from './functionsCore.js';

/** The internal function behind `require`, the only place where Node 20 lets a module be supplied. */
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };

const startHooksWithinMs = 30_000;

/** Loads the app in a folder as the Functions worker does: package.json `main`, then its start hooks. Throws when it cannot. */
export async function loadApp(folder: string, core: FunctionsCore): Promise<void> {
  const main = mainOf(folder);
  try {
    requireWithCore(main, core);
    await withDeadline(core.runHooks('appStart', { hookData: {}, appHookData: core.appHookData }), startHooksWithinMs);
  } catch (cause) {
    throw new Error(`the app ${main} could not be loaded: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  core.close();
  if (!core.hasModel) throw new Error(`the app ${main} registered no function: it must be a CommonJS bundle`);
  const capabilities = await core.model.getCapabilities({});
  if (capabilities.HttpUri !== undefined) {
    throw new Error(`the app ${main} asks for streamed HTTP bodies (enableHttpStream), which this host does not have`);
  }
}

/** The library asks for the core once, while the first function is registered, and keeps it. */
function requireWithCore(main: string, core: FunctionsCore): void {
  const load = loader._load;
  loader._load = function (request, ...rest) {
    return request === '@azure/functions-core' ? core.module : load.call(this, request, ...rest);
  };
  try {
    createRequire(main)(main);
  } finally {
    loader._load = load;
  }
}

function mainOf(folder: string): string {
  const path = join(folder, 'package.json');
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('main' in manifest) || typeof manifest.main !== 'string') {
    throw new Error(`${path}: "main" must name the app's file`);
  }
  return join(folder, manifest.main);
}
