import { RigError } from '../errors.js';
import { type Contact, parseContacts } from '../plan/contacts.js';
import { controlSocket, type RigPlan } from '../plan/rigPlan.js';
import type { EdgeNumber } from '../plan/services.js';
import { runTool } from './runTool.js';

/** Runs one of Kamailio's RPC commands and gives what it prints. Throws `RigError` with Kamailio's reason. */
export async function callKamailio(plan: RigPlan, edge: EdgeNumber, command: readonly string[]): Promise<string> {
  const printed = await runTool('kamcmd', ['-s', `unix:${controlSocket(plan, edge)}`, ...command], 5000);
  // kamcmd ends with 0 also when the command was refused.
  if (printed.startsWith('error: ')) throw new RigError(`${command.join(' ')}: ${printed.trim()}`);
  return printed;
}

/** Every binding that the registrar of `edge` holds at this moment; those that have expired but linger are included. */
export async function registeredContacts(plan: RigPlan, edge: EdgeNumber): Promise<readonly Contact[]> {
  return parseContacts(await callKamailio(plan, edge, ['ul.dump']));
}
