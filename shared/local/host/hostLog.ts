import type { LogLevel } from './coreTypes.js';

/** One line for the person who watches the host. */
export interface HostLine {
  readonly level: LogLevel;
  /** `app` is what the functions say by `context.log`, `host` what the host says of them. */
  readonly source: 'app' | 'host';
  readonly text: string;
}

/** Takes a line; never throws. */
export type HostLog = (line: HostLine) => void;

/** What went wrong, as text: the stack where there is one, for an error that nobody expected. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.stack ?? `${error.name}: ${error.message}`;
  return String(error);
}
