import { toIso } from '../../domain/clock.js';

/** One message on the wire. */
export interface TraceEntry {
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly direction: 'sent' | 'received';
  readonly peer: string;
  readonly text: string;
}

export type Trace = (entry: TraceEntry) => void;

/** Header fields whose value proves or could be used to guess a password; only the scheme is kept. */
const secretFields =
  /^((?:proxy-)?authorization|(?:proxy-|www-)authenticate|(?:proxy-)?authentication-info)([ \t]*:[ \t]*)([A-Za-z0-9-]*)[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/gim;

/** A trace entry as text for a file: time, direction, peer, message; what authenticates is left out. */
export function formatTrace(entry: TraceEntry): string {
  const arrow = entry.direction === 'sent' ? '>>>' : '<<<';
  const text = entry.text.replace(secretFields, (_, name, colon, scheme) => `${name}${colon}${scheme} [redacted]`);
  return `${arrow} ${toIso(entry.at)} ${entry.peer}\n${text.replace(/\r\n/g, '\n')}\n\n`;
}
