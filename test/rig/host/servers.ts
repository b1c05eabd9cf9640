import { RigError } from '../errors.js';
import { commandOf } from '../plan/commands.js';
import { gatewayConnected } from '../plan/gatewayLog.js';
import { type RigPlan, sipDomain } from '../plan/rigPlan.js';
import { type EdgeNumber, edgesOf, kindOf, type ServiceName } from '../plan/services.js';
import { endServers } from './endServers.js';
import { launch } from './launch.js';
import { logFile, readTail } from './logs.js';
import { runningPid } from './processes.js';
import { accepts, isVacant } from './sockets.js';
import { waitFor } from './waiting.js';

const startLimitMs = 15_000;
/** Kamailio tries to connect every three seconds. */
const gatewayLimitMs = 5000;
const allLines = Number.MAX_SAFE_INTEGER;

/** Starts those of `services` that do not run, in the order they depend on each other, and waits until each is ready. */
export async function startServers(plan: RigPlan, services: readonly ServiceName[]): Promise<void> {
  const last = (service: ServiceName) => kindOf(service).kind === 'sip';
  // Kamailio comes after Prosody: a gateway that finds nobody tries again only after three seconds.
  for (const wave of [services.filter((service) => !last(service)), services.filter(last)]) {
    await Promise.all(wave.map((service) => start(plan, service)));
    await Promise.all(wave.map((service) => untilReady(plan, service)));
  }
  await Promise.all(edgesOf(services).map((edge) => untilGatewayConnected(plan, edge)));
}

async function start(plan: RigPlan, service: ServiceName): Promise<void> {
  if (runningPid(plan.files, service) !== undefined) return;
  // A killed first process may have left children on the ports.
  await endServers(plan.files, [service]);
  const command = commandOf(plan, service);
  for (const port of command.ports) {
    if (await isVacant(command.address, port)) continue;
    throw new RigError(`${service}: ${command.address}:${port} is in use by something else; set RIG_BASE or RIG_NET`);
  }
  await launch(plan.files, service, command);
}

async function untilReady(plan: RigPlan, service: ServiceName): Promise<void> {
  const { address, ports } = commandOf(plan, service);
  for (const port of ports) {
    const open = await waitFor(startLimitMs, async () => {
      if (runningPid(plan.files, service) === undefined) throw failedStart(plan, service, 'ended at its start');
      return (await accepts(address, port)) || undefined;
    });
    if (!open) throw failedStart(plan, service, `does not listen on ${address}:${port} within ${startLimitMs} ms`);
  }
  // Something else, or children of a killed server, may have answered for it.
  if (runningPid(plan.files, service) === undefined) throw failedStart(plan, service, 'ended at its start');
}

/**
 * Waits until Kamailio's gateway is connected to the Prosody of its Edge, where both run. Not an error when it stays
 * away, as it does while Prosody is paused: SIP works without it.
 */
async function untilGatewayConnected({ files }: RigPlan, edge: EdgeNumber): Promise<void> {
  const [sip, xmpp] = edge === 1 ? (['sip1', 'xmpp1'] as const) : (['sip2', 'xmpp2'] as const);
  if (runningPid(files, sip) === undefined || runningPid(files, xmpp) === undefined) return;
  const log = logFile(files, xmpp);
  await waitFor(gatewayLimitMs, () => gatewayConnected(readTail(log, allLines), sipDomain) || undefined);
}

function failedStart(plan: RigPlan, service: ServiceName, what: string): RigError {
  return new RigError(`${service} ${what}; its log ends:\n${readTail(logFile(plan.files, service), 20)}`);
}
