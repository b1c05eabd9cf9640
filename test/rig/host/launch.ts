import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { programFolders } from '../availability.js';
import { RigError } from '../errors.js';
import type { ServerCommand } from '../plan/commands.js';
import type { RigFiles } from '../plan/rigPlan.js';
import type { ServiceName } from '../plan/services.js';
import { logFile } from './logs.js';
import { noteStarted } from './processes.js';

/** Starts the server in its own process group, detached from us, its output in its log; the log before is kept as `.1`. */
export async function launch(files: RigFiles, service: ServiceName, command: ServerCommand): Promise<void> {
  const log = logFile(files, service);
  if (existsSync(log) && statSync(log).size > 0) renameSync(log, `${log}.1`);
  const output = openSync(log, 'w', 0o600);
  const child = spawn(command.program, command.args, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: files.state,
    // Nothing of our own environment: it may hold passwords, and servers read variables nobody thought of.
    env: { PATH: programFolders.join(':'), LANG: 'C.UTF-8', ...(command.preload && { LD_PRELOAD: command.preload }) },
  });
  closeSync(output);
  // Noted before anything else can happen, so that a rig that is ended at this moment ends this server too.
  if (child.pid !== undefined) noteStarted(files, service, child.pid);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new RigError(`${service}: ${command.program} does not start: ${cause.message}`, { cause })),
    );
  });
  child.unref();
}
