import { runCli } from './runCli.js';
import { processTerminal } from './terminal.js';

runCli(process.argv.slice(2), process.env, processTerminal).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    processTerminal.err(`edge-probes: ${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 2;
  },
);
