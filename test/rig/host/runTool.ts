import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programFolders } from '../availability.js';
import { RigError } from '../errors.js';

const execute = promisify(execFile);

/** Runs a program to its end and gives its standard output. Throws `RigError` with what it printed when it fails. */
export async function runTool(program: string, args: readonly string[], timeoutMs = 15_000): Promise<string> {
  const env = { PATH: programFolders.join(':'), LANG: 'C.UTF-8' };
  try {
    const { stdout } = await execute(program, args, {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 10_000_000,
      env,
    });
    return stdout;
  } catch (cause) {
    throw new RigError(`${program} ${args[0] ?? ''} failed: ${reason(cause, timeoutMs)}`, { cause });
  }
}

function reason(cause: unknown, timeoutMs: number): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('killed' in cause && cause.killed) return `no end within ${timeoutMs} ms`;
  const printed = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  return printed.slice(-1000) || cause.message;
}
