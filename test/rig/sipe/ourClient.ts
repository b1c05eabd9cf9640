import { basename } from 'node:path';
import { checkSettings } from '../../../shared/config/checkSettings.js';
import { systemClock } from '../../../shared/domain/clock.js';
import type { Account } from '../../../shared/domain/edge.js';
import { openPorts } from '../../../shared/openPorts.js';
import type { LyncUserAgent } from '../../../shared/protocols/lync/lyncUserAgent.js';
import { requireRegistered } from '../../../shared/protocols/sip/diagnoseRegister.js';
import type { Ports } from '../../../shared/run/ports.js';
import { outputFiles } from '../../edge-simulator/program/files.js';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { scopeFor } from '../../fakes/fakeScope.js';
import { RigError } from '../errors.js';

const patienceMs = 20_000;

/** As long as anything may take beside SIPE, which takes its time. */
export const patient = () => scopeFor(patienceMs);

/** Our own client as a user of the simulator, beside whoever else is there. */
export interface OurClient {
  readonly account: Account;
  readonly user: LyncUserAgent;
  readonly ports: Ports;
  /** Signs out. */
  close(): Promise<void>;
}

/** Signs a user of the simulator in, by the way and with the configuration that a run has. */
export async function openOurClient(simulator: EdgeSimulator, name: keyof EdgeSimulator['users']): Promise<OurClient> {
  const files = new Map(outputFiles(simulator).map((file) => [file.name, file.text]));
  const { settings, problems } = checkSettings(files.get('probes.json') ?? '', {
    path: '/nowhere/probes.json',
    ownRegion: undefined,
    readFile: (path) => ({ kind: 'text', text: files.get(basename(path)) ?? '' }),
  });
  const edge = settings?.edges[0]?.edge;
  if (!settings || !edge) throw new RigError(`the simulator's configuration is wrong: ${JSON.stringify(problems)}`);
  const ports = openPorts(settings, systemClock)(() => undefined);
  const tcp = await ports.connectTcp(await ports.findAccessEdge(edge, patient()), patient());
  const connection = await ports.startTls(tcp, patient());
  const account = simulator.users[name];
  const user = ports.openLyncUserAgent(connection, edge, account);
  requireRegistered(await user.register({ expires: 90 }, patient()));
  return {
    account,
    user,
    ports,
    async close() {
      await user.register({ expires: 0 }, patient());
      user.close();
      connection.close();
      tcp.close();
    },
  };
}
