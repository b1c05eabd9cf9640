import { accountsFor } from '../config/regions.js';
import type { Variables } from '../config/secrets.js';
import type { EdgeSettings, Settings } from '../config/settings.js';
import { type Options, textOption } from './arguments.js';
import { chooseRun } from './choose.js';
import { requireSettings, settingsFromText } from './configuration.js';
import { directConfig, isDirect } from './directConfig.js';
import { chatSetupText } from './setupText.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usageError.js';

/** `edge-probes run persistent-chat --setup`: what an administrator has to make, as commands to paste. Runs nothing, asks for nothing. */
export function setupCommand(
  transaction: string | undefined,
  options: Options,
  variables: Variables,
  terminal: Terminal,
): number {
  if (transaction !== 'persistent-chat') throw new UsageError('run: --setup is for persistent-chat');
  if (options.json || options.verbose) throw new UsageError('run: --setup does not go with --json or --verbose');
  const direct = isDirect(options);
  const settings = direct
    ? settingsFromText(directConfig(transaction, options), options, variables)
    : requireSettings(options, variables);
  const { edge } = chooseRun(settings, transaction, textOption(options, 'edge'));
  const room = edge.transactions[transaction]?.room;
  if (edge.edge.dialect !== 'lync' || room === undefined) {
    throw new UsageError(`run: --setup is for dialect lync; the edge "${edge.edge.name}" is ${edge.edge.dialect}`);
  }
  const { name, title, sipDomain } = edge.edge;
  const run = direct ? 'the same command without --setup' : `edge-probes run persistent-chat --edge ${name} --verbose`;
  terminal.out(chatSetupText({ title, sipDomain, room, sipAddresses: addressesOf(edge, settings), run }));
  return 0;
}

/** Those of every region that the file names, and of this one. */
function addressesOf(edge: EdgeSettings, { regions, ownRegion }: Settings): readonly string[] {
  const pairs = [...regions, ownRegion].map((region) => accountsFor(edge, region));
  const accounts = pairs.flatMap(({ first, second }) => [first, second]).filter((account) => account !== undefined);
  return [...new Set(accounts.map(({ sipAddress }) => sipAddress))];
}
