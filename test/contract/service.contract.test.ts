import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../shared/compose.js';
import type { PlannedRun } from '../../shared/plan.js';
import type { Service } from '../../shared/service.js';
import { outputFiles } from '../edge-simulator/program/files.js';
import { type EdgeSimulator, startEdgeSimulator } from '../edge-simulator/startEdgeSimulator.js';
import { type Azurite, startAzurite } from './azurite.js';

const log = () => {};

describe('the service of two regions on one storage', () => {
  let azurite: Azurite;
  let simulator: EdgeSimulator;
  let folder: string;
  beforeAll(async () => {
    [azurite, simulator] = await Promise.all([startAzurite(), startEdgeSimulator({ transport: 'tcp' })]);
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-service-'));
    for (const { name, text } of outputFiles(simulator)) writeFileSync(join(folder, name), text);
    const config = JSON.parse(outputFiles(simulator).find(({ name }) => name === 'probes.json')?.text ?? '');
    writeFileSync(join(folder, 'probes.json'), JSON.stringify({ ...config, regions: ['westeurope', 'eastus'] }));
  });
  afterAll(async () => {
    await Promise.all([azurite.stop(), simulator.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (region: string, password = simulator.users.pilar.password.reveal()): [Service, PlannedRun] => {
    const service = compose({
      EDGE_PROBES_CONFIG: join(folder, 'probes.json'),
      PROBE_REGION: region,
      RESULTS_CONNECTION_STRING: azurite.connectionString,
      PILAR_PASSWORD: password,
      KENMYER_PASSWORD: simulator.users.kenmyer.password.reveal(),
    });
    const registration = service.plan.find(({ transaction }) => transaction.name === 'registration');
    if (!registration) throw new Error('registration is not planned');
    return [service, registration];
  };

  test('gives the accounts from one to the other, scheduled or asked for', async () => {
    const [[here, registration], [there]] = [open('westeurope'), open('eastus')];

    const scheduled = await here.runScheduled(registration, log);
    const asked = await there.runOnDemand(registration, { force: false, log });
    const again = await here.runScheduled(registration, log);

    expect([scheduled.outcome, again.outcome]).toEqual(['success', 'success']);
    expect(asked).toMatchObject({
      kind: 'result',
      result: { outcome: 'success', region: 'eastus', trigger: 'on-demand' },
    });
  });

  test('is busy for who asks while the other region is at it, after five seconds', async () => {
    const [[here, registration], [there]] = [open('westeurope'), open('eastus')];
    await simulator.setFault('late-answer', 3_000);

    const running = here.runScheduled(registration, log);
    await requestsOf(simulator);
    const asked = await there.runOnDemand(registration, { force: false, log });
    await simulator.clearFault('late-answer');

    expect(asked).toEqual({ kind: 'busy' });
    await running;
  });

  test('parks an account for both of them, until somebody forces a run', async () => {
    const [[here, registration], [there]] = [open('westeurope', 'wrong'), open('eastus', 'wrong')];
    const parked = () => there.runOnDemand(registration, { force: false, log });

    const refused = await here.runScheduled(registration, log);
    const next = await parked();
    const forced = await there.runOnDemand(registration, { force: true, log });
    const afterwards = await parked();

    expect(refused.diagnosis?.code).toBe('AUTH_CREDENTIALS_REJECTED');
    expect(next).toMatchObject({ result: { outcome: 'inconclusive', diagnosis: { code: 'AUTH_ACCOUNT_PARKED' } } });
    expect(forced).toMatchObject({ result: { outcome: 'failure', diagnosis: { code: 'AUTH_CREDENTIALS_REJECTED' } } });
    expect(afterwards).toMatchObject({ result: { diagnosis: { code: 'AUTH_ACCOUNT_PARKED' } } });
  });
});

/** Waits until the simulator has been asked something more. */
async function requestsOf(simulator: EdgeSimulator): Promise<void> {
  const count = () => simulator.state().requests.REGISTER ?? 0;
  const before = count();
  for (const endsAt = performance.now() + 10_000; count() === before && performance.now() < endsAt; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
