import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RigFiles } from '../plan/rigPlan.js';
import type { ServiceName } from '../plan/services.js';

/** However long a log has become, no more than this is read. */
const mostBytes = 1_000_000;

export function logFile(files: RigFiles, service: ServiceName): string {
  return `${files.logs}/${service}.log`;
}

/** The last lines of a file; empty when it does not exist. */
export function readTail(path: string, lines: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, mostBytes));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, read).toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(file);
  }
}
