import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../shared/config/loadSettings.js';
import type { Settings } from '../../shared/config/settings.js';
import { type PlannedRun, planOf } from '../../shared/plan.js';
import type { SimulatorProcess } from './simulatorProcess.js';

/** What a bench wants of an edge; the rest is the simulator's. */
export interface EdgeWish {
  readonly name: string;
  readonly simulator: SimulatorProcess;
  /** Where to connect in place of the simulator's own port. */
  readonly port?: number;
  /** `false` leaves finding the address to DNS. */
  readonly address?: false;
  readonly schedule?: string;
}

/** Writes `<name>.json` into a folder and returns its path. */
export function writeConfiguration(
  folder: string,
  name: string,
  edges: readonly EdgeWish[],
  dnsServers: readonly string[] = [],
): string {
  const path = join(folder, `${name}.json`);
  const authorities = [...new Set(edges.map(({ simulator }) => simulator.caFile))];
  writeFileSync(join(folder, `${name}.pem`), authorities.map((file) => readFileSync(file, 'utf8')).join('\n'));
  const document = {
    ...(dnsServers.length > 0 ? { dns: { servers: dnsServers } } : {}),
    tls: { caFile: `${name}.pem` },
    edges: edges.map(edgeDocument),
  };
  writeFileSync(path, JSON.stringify(document));
  return path;
}

function edgeDocument({ name, simulator, port, address, schedule = '0 * * * * *' }: EdgeWish): object {
  const { host, sipDomain, account } = simulator;
  const at = address === false ? {} : { address: '127.0.0.1' };
  return {
    name,
    dialect: 'rfc',
    sipDomain,
    accessEdge: { host, port: port ?? simulator.port, ...at },
    accounts: { first: account },
    transactions: { registration: { schedule } },
  };
}

/** Reads a configuration as the product does. Throws with everything that is wrong. */
export function readConfiguration(path: string): { readonly settings: Settings; readonly plan: readonly PlannedRun[] } {
  const { settings, problems } = loadSettings({ path, region: undefined });
  if (settings === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { settings, plan: planOf(settings) };
}

/** The only planned run of a configuration. */
export function onlyRun(plan: readonly PlannedRun[]): PlannedRun {
  const [planned, ...more] = plan;
  if (planned === undefined || more.length > 0) throw new Error(`expected one planned run, not ${plan.length}`);
  return planned;
}
