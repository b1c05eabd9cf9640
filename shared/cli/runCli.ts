import { version } from '../../package.json';
import type { Variables } from '../config/secrets.js';
import { type CommandLine, readCommandLine } from './arguments.js';
import { checkConfigCommand } from './checkConfigCommand.js';
import { failoverCheckCommand } from './failoverCheckCommand.js';
import { help } from './help.js';
import { listCommand } from './listCommand.js';
import { runCommand } from './runCommand.js';
import { startCommand } from './startCommand.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usageError.js';

/** Carries out a command line and resolves with the exit code: 0 success, 1 the edge failed, 2 inconclusive or wrong usage. */
export async function runCli(argv: readonly string[], variables: Variables, terminal: Terminal): Promise<number> {
  try {
    return await carryOut(readCommandLine(argv), variables, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`edge-probes: ${error.message}\n`);
    return 2;
  }
}

async function carryOut(line: CommandLine, variables: Variables, terminal: Terminal): Promise<number> {
  switch (line.command) {
    case 'help':
      terminal.out(help);
      return 0;
    case 'version':
      terminal.out(`${version}\n`);
      return 0;
    case 'run':
      return runCommand(line.positionals, line.options, variables, terminal);
    case 'list':
      return listCommand(line.options, variables, terminal);
    case 'check-config':
      return checkConfigCommand(line.options, variables, terminal);
    case 'failover-check':
      return failoverCheckCommand(line.options, variables, terminal);
    case 'start':
      return startCommand(line.options);
  }
}
