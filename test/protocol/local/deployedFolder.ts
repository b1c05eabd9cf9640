import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../../../shared/local/build.mjs';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type LocalFolder, makeLocalFolder } from './localFolder.js';

/** An edge of the configuration, met at a simulator. */
export interface DeployedEdge {
  readonly name: string;
  readonly simulator: EdgeSimulator;
  readonly user: 'pilar' | 'kenmyer';
  /** The variable of its password. */
  readonly passwordVariable: string;
  readonly schedule: string;
}

/** A local folder with the bundle that is deployed in place of a sample app, and `registration` of some edges to run. */
export async function makeDeployedFolder(edges: readonly DeployedEdge[]): Promise<LocalFolder> {
  const folder = await makeLocalFolder("app.get('replaced', { handler: () => ({}) });");
  await buildApp(join(folder.root, 'dist', 'app'), ['main.cjs']);
  writeFileSync(join(folder.root, 'ca.pem'), edges.map(({ simulator }) => simulator.ca).join('\n'));
  const document = { tls: { caFile: 'ca.pem' }, edges: edges.map(edgeDocument) };
  writeFileSync(join(folder.root, 'probes.json'), JSON.stringify(document));
  return folder;
}

function edgeDocument({ name, simulator, user, passwordVariable, schedule }: DeployedEdge): object {
  const { host, address, port, domain, users } = simulator;
  const { sipAddress, userName } = users[user];
  return {
    name,
    dialect: 'rfc',
    sipDomain: domain,
    accessEdge: { host, address, port },
    accounts: { first: { sipAddress, userName, password: { env: passwordVariable } } },
    transactions: { registration: { schedule } },
  };
}
