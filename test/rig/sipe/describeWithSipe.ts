import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { EdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { describeUnlessMissing } from '../describeWithRig.js';
import { missingForSipe } from './availability.js';
import { buildSipeClient, SipeClient, type SipeUser } from './sipeClient.js';

/** A suite that needs SIPE. */
export function describeWithSipe(name: string, suite: () => void): void {
  describeUnlessMissing(name, missingForSipe(), suite);
}

/** Starts SIPE as a user of the simulator; what differs from the user's own data may be given. */
export type StartSipe = (
  simulator: EdgeSimulator,
  name: keyof EdgeSimulator['users'],
  differs?: Partial<SipeUser>,
) => Promise<SipeClient>;

/** SIPE for the tests of a suite: compiled before the first; every client that was started is signed off after its test. */
export function useSipe(): StartSipe {
  let folder = '';
  let program = '';
  const clients: SipeClient[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-sipe-build-'));
    program = buildSipeClient(folder);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async (simulator, name, differs = {}) => {
    const { sipAddress, userName, password } = simulator.users[name];
    const user = { sipAddress, login: userName, password: password.reveal(), ...differs };
    const client = await SipeClient.start(program, user, simulator);
    clients.push(client);
    return client;
  };
}
