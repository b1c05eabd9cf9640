import { join, resolve } from 'node:path';
import { faults } from './faults/catalogue.js';
import { outputFiles, secretsFile } from './program/files.js';
import { type ProgramOptions, readOptions, UsageError } from './program/options.js';
import { prepareFolder, writeFiles } from './program/writeFiles.js';
import { type EdgeSimulator, startEdgeSimulator } from './startEdgeSimulator.js';

const closeDeadlineMs = 3000;

/** The program behind `npm run edge-simulator`. Exit codes: 0 ended as asked, 1 could not start, 2 wrong usage. */
async function main(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  if (options.kind === 'list-faults') {
    for (const fault of faults) console.log(`${fault.name.padEnd(34)}${fault.description}`);
    return;
  }
  await serve(options);
}

async function serve(options: Extract<ProgramOptions, { kind: 'start' }>): Promise<void> {
  const folder = resolve(options.out);
  await prepareFolder(folder, secretsFile);
  const { dialect, transport, faults: names } = options;
  const simulator = await startEdgeSimulator({ dialect, transport, faults: names, control: true });
  endWith(simulator, options.parent);
  await writeFiles(folder, outputFiles(simulator));
  console.log(JSON.stringify({ control: simulator.controlUrl, config: join(folder, 'probes.json') }));
  const { host, address, port, domain } = simulator;
  console.error(`Edge simulator for ${domain}: ${host} at ${address}:${port} (${transport}); Ctrl-C ends it.`);
  if (names.length > 0) console.error(`Faults: ${names.join(', ')}`);
}

/** Ends on Ctrl-C, on SIGTERM, and, with `parent`, when whoever holds the other end of standard input is gone. */
function endWith(simulator: EdgeSimulator, parent: boolean): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // The last resort should something not let go; it does not itself keep the process.
    setTimeout(() => process.exit(0), closeDeadlineMs).unref();
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  if (!parent) return;
  process.stdin.on('end', end).on('close', end).on('error', end);
  process.stdin.resume();
}

main(process.argv.slice(2)).catch((cause: unknown) => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  console.error(`edge-simulator: ${reason}`);
  process.exit(cause instanceof UsageError ? 2 : 1);
});
