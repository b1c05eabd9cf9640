import { toIso } from '../domain/clock.js';
import { printable } from '../domain/text.js';
import type { LogLevel } from './host/coreTypes.js';
import type { HostLine } from './host/hostLog.js';

const red = 31;
const yellow = 33;
const dim = 2;
const colourOf: Partial<Record<LogLevel, number>> = { critical: red, error: red, warning: yellow };
const longestLine = 2_000;

/** `12:00:05`: the UTC time of day. */
export function timeOfDay(epochMs: number): string {
  return toIso(epochMs).slice(11, 19);
}

/** A line as a person reads it, `undefined` where it is only for debugging. Texts may come from servers: no control characters. */
export function formatLine({ level, text }: HostLine, epochMs: number, colours: boolean): string | undefined {
  if (level === 'trace' || level === 'debug' || level === 'none') return undefined;
  const paint = (colour: number | undefined, words: string) =>
    colours && colour !== undefined ? `\u001b[${colour}m${words}\u001b[0m` : words;
  const [first = '', ...more] = text.split('\n').map((line) => line.replace(/\p{Cc}+$/u, ''));
  const indented = more
    .filter((line) => line.trim() !== '')
    .map((line) => `\n            ${printable(line, longestLine)}`);
  // Columns are set apart by two spaces, which have to stay.
  const body = first
    .split(/ {2,}/)
    .map((column) => printable(column, longestLine))
    .join('  ');
  return `${paint(dim, timeOfDay(epochMs))}  ${paint(colourOf[level], body + indented.join(''))}`;
}
