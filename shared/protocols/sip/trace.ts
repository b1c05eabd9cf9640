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

/** Header fields whose value proves or could be used to guess a password; only the scheme is kept, whatever ends the lines. */
const secretFields =
  /^((?:proxy-)?authorization|(?:proxy-|www-)authenticate|(?:proxy-)?authentication-info)([ \t]*:[ \t]*)([A-Za-z0-9-]*)[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*/gim;

/** What the A/V authentication service hands out (MS-AVEDGEA), also where the document is cut off at either end. */
const secretElement = /(<(?:[\w.-]+:)?password\b[^<>]*(?<!\/)>)[\s\S]*?(?=<\/(?:[\w.-]+:)?password\s*>|$)/gi;
const secretRest = /^[^<>]*(?=<\/(?:[\w.-]+:)?password\s*>)/i;

/** Control characters but line feed and tab: what a server sent must not drive the terminal of whoever reads it. */
const controls = /[^\P{Cc}\n\t]/gu;

/** A trace entry as text for a file: time, direction, peer, message; what authenticates is left out, control characters are written out. */
export function formatTrace(entry: TraceEntry): string {
  const arrow = entry.direction === 'sent' ? '>>>' : '<<<';
  const text = entry.text
    .replace(secretFields, (_, name, colon, scheme) => `${name}${colon}${scheme} [redacted]`)
    .replace(secretElement, '$1[redacted]')
    .replace(secretRest, '[redacted]');
  const shown = text.replace(/\r\n/g, '\n').replace(controls, (control) => `\\x${hex(control)}`);
  return `${arrow} ${toIso(entry.at)} ${entry.peer}\n${shown}\n\n`;
}

function hex(control: string): string {
  return control.charCodeAt(0).toString(16).padStart(2, '0');
}
