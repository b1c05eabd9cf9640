import { appendFileSync, writeFileSync } from 'node:fs';
import { UsageError } from './usageError.js';

/** Begins a trace file that only its owner can read; at once, so that a path that cannot be written is found before the run. */
export function openTraceFile(path: string | undefined): ((text: string) => void) | undefined {
  if (path === undefined) return undefined;
  try {
    writeFileSync(path, '', { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`run: --trace ${path} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
  return (text) => appendFileSync(path, text);
}
