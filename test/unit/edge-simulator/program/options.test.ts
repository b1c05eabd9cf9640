import { describe, expect, test } from 'vitest';
import { readOptions, UsageError } from '../../../edge-simulator/program/options.js';

const usage =
  'usage: edge-simulator --dialect lync|rfc --out DIR [--transport tls|tcp] [--fault NAME[=MS]]... [--parent], or --list-faults';

function read(line: string) {
  return readOptions(line === '' ? [] : line.split(' '));
}

describe('readOptions', () => {
  test('reads a start with faults', () => {
    expect(read('--dialect rfc --out DIR --fault slow --fault late-answer=50 --parent --transport tcp')).toEqual({
      kind: 'start',
      dialect: 'rfc',
      out: 'DIR',
      transport: 'tcp',
      faults: ['slow', 'late-answer=50'],
      parent: true,
    });
  });

  test('lists faults without asking for anything else', () => {
    expect(read('--list-faults')).toEqual({ kind: 'list-faults' });
  });

  test.each([
    ['', '--dialect is missing; available: lync, rfc'],
    ['--dialect toString --out DIR', '--dialect is toString; available: lync, rfc'],
    ['--dialect rfc', `--out DIR is missing; ${usage}`],
    ['--dialect rfc --out', `--out needs a value; ${usage}`],
    ['--out --dialect rfc', `--out needs a value; ${usage}`],
    ['--dialect rfc --out DIR --transport udp', '--transport is udp; available: tls, tcp'],
    ['--dialect rfc --out DIR --verbose', `--verbose: no such argument; ${usage}`],
    ['--dialect rfc --out DIR --fault garbage=5', '--fault garbage: this fault has no delay'],
  ])('refuses %j', (line, message) => {
    expect(() => read(line)).toThrow(new UsageError(message));
  });

  test('names the faults that exist, on one line', () => {
    expect(() => read('--dialect rfc --out DIR --fault nope')).toThrow(
      /^--fault nope: no such fault; there are refuse-connection, .*, late-answer$/,
    );
  });
});
