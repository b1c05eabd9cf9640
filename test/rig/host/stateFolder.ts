import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { RigError } from '../errors.js';
import type { RigFiles } from '../plan/rigPlan.js';
import { type RigSettings, settle } from '../plan/settings.js';

/**
 * Makes the state folder, readable by us alone, and notes the settings in it. A folder that is somebody else's, or
 * holds something else, is refused: its name is easy to guess, and `down` deletes it.
 */
export function createState(files: RigFiles, settings: RigSettings): void {
  if (!existsSync(files.state)) mkdirSync(files.state, { mode: 0o700 });
  const found = lstatSync(files.state);
  const ours = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (!ours) throw new RigError(`${files.state} is not a folder of this user alone: choose another RIG_STATE`);
  if (readdirSync(files.state).length > 0)
    throw new RigError(`${files.state} holds something that is no rig: choose another RIG_STATE`);
  writeFileSync(files.settings, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}

/** The settings of the rig at `state`; `undefined` when there is none. Throws `RigError` when it belongs to another user. */
export function keptSettings(state: string): RigSettings | undefined {
  const file = `${state}/settings.json`;
  if (!existsSync(file)) return undefined;
  if (lstatSync(state).uid !== process.getuid?.()) throw new RigError(`the rig at ${state} belongs to another user`);
  return settle({ ...JSON.parse(readFileSync(file, 'utf8')), state }, state);
}

/** Deletes the folder, if it is a rig's. */
export function removeState(files: RigFiles): void {
  if (existsSync(files.settings)) rmSync(files.state, { recursive: true, force: true, maxRetries: 3 });
}
