import { readFileSync, statSync } from 'node:fs';
import { type CheckedSettings, checkSettings } from './checkSettings.js';
import type { FileText, ReadFile } from './fileChecks.js';

export interface LoadOptions {
  /** The configuration file. */
  readonly path: string;
  /** The region this process was told it runs in (`Environment.region`, or the command line's). */
  readonly region: string | undefined;
  readonly readFile?: ReadFile;
}

/** Reads and checks a configuration file and the files it names. Never throws: what is wrong is in `problems`. */
export function loadSettings({ path, region, readFile = readTextFile }: LoadOptions): CheckedSettings {
  const file = readFile(path);
  if (file.kind === 'text') return checkSettings(file.text, { path, ownRegion: region, readFile });
  const why = file.kind === 'missing' ? 'does not exist' : `cannot be read (${file.why})`;
  const message = `${why}; expected a configuration file: EDGE_PROBES_CONFIG or --config names another`;
  return { problems: [{ path, message }] };
}

// A configuration or a bundle of certificates is far smaller; a device or a log read by mistake is not.
const largestBytes = 1_048_576;

/** A text file of at most 1 MiB. Synchronous, because functions must be registered while the module loads. */
export function readTextFile(path: string): FileText {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) return { kind: 'unreadable', why: 'it is not a file' };
    if (facts.size > largestBytes) return { kind: 'unreadable', why: 'it is larger than 1 MiB' };
    return { kind: 'text', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'unreadable', why: code };
  }
}
