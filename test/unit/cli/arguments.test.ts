import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../../shared/cli/arguments.js';
import { UsageError } from '../../../shared/cli/usageError.js';

function message(...argv: string[]): string {
  try {
    readCommandLine(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('the command line', () => {
  test('is a command, what it is about and its options', () => {
    const line = readCommandLine(['run', 'registration', '--config', 'a.json', '--json']);

    expect(line).toEqual({ command: 'run', positionals: ['registration'], options: { config: 'a.json', json: true } });
  });

  test.each([[[]], [['help']], [['--help']], [['run', '--help']], [['-h']]])('%j asks for help', (argv) => {
    expect(readCommandLine(argv)).toEqual({ command: 'help' });
  });

  test('names the commands when there is no such one', () => {
    expect(message('probe')).toBe(
      'unknown command "probe"; expected one of: run, list, check-config, failover-check, start, help',
    );
  });

  test('names the options when there is no such one', () => {
    expect(message('list', '--verbose')).toBe("list: Unknown option '--verbose'; options are --config --json");
  });

  test('never takes a password as an option', () => {
    expect(message('run', 'registration', '--password', 'x')).toMatch(/^run: Unknown option '--password'/);
  });

  test('says so when a value is missing', () => {
    expect(message('start', '--config')).toMatch(/^start: Option '--config <value>' argument missing; options are/);
  });

  test('takes no stray words where there is nothing to choose', () => {
    expect(message('check-config', 'probes.json')).toMatch(/^check-config: Unexpected argument 'probes.json'/);
  });
});
