import { expect, test } from 'vitest';
import { formatLine } from '../../../shared/local/consoleLines.js';

const at = Date.parse('2026-11-20T12:00:05.900Z');
const line = (text: string, level: 'information' | 'error' | 'debug' = 'information') =>
  ({ level, source: 'app', text }) as const;

test('a line begins with the time of day and keeps its columns', () => {
  expect(formatLine(line('contoso/registration  success  41 ms'), at, false)).toBe(
    '12:00:05  contoso/registration  success  41 ms',
  );
});

test('colours are used only where they are wanted', () => {
  expect(formatLine(line('failed', 'error'), at, true)).toBe('\u001b[2m12:00:05\u001b[0m  \u001b[31mfailed\u001b[0m');
});

test('what is for debugging is not shown', () => {
  expect(formatLine(line('detail', 'debug'), at, false)).toBeUndefined();
});

test('a stack keeps its lines, and control characters of a server do not reach the terminal', () => {
  expect(formatLine(line('Error: \u001b[2Jgone\r\n    at x\n'), at, false)).toBe(
    '12:00:05  Error:  [2Jgone\n            at x',
  );
});
