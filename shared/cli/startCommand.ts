import { dirname } from 'node:path';
import { type Options, textOption } from './arguments.js';

/** `edge-probes start`: everything on this machine until a signal, as `npm start` does; never resolves before. */
export async function startCommand(options: Options): Promise<number> {
  const config = textOption(options, 'config');
  if (config !== undefined) process.env.EDGE_PROBES_CONFIG = config;
  const { runLocal } = await import('../local/runLocal.js');
  // The bundle lies in dist/, beside the app that is run. What the app left open must not hold the process.
  process.exit(await runLocal({ root: dirname(__dirname), process }));
}
