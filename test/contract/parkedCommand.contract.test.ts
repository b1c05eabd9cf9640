import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../shared/cli/runCli.js';
import { Secret } from '../../shared/domain/secret.js';
import { fingerprintOf } from '../../shared/run/fingerprint.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { outputFiles } from '../edge-simulator/program/files.js';
import { type EdgeSimulator, startEdgeSimulator } from '../edge-simulator/startEdgeSimulator.js';
import { recordedTerminal } from '../fakes/recordedTerminal.js';
import { type Azurite, connectionStringOf, freePort, startAzurite } from './azurite.js';

describe('edge-probes run, where the storage of the results is named and the account is parked there', () => {
  let azurite: Azurite;
  let simulator: EdgeSimulator;
  let folder: string;
  beforeAll(async () => {
    [azurite, simulator] = await Promise.all([startAzurite(), startEdgeSimulator({ transport: 'tcp' })]);
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-parked-'));
    for (const { name, text } of outputFiles(simulator)) writeFileSync(join(folder, name), text);
    await park(azurite, simulator);
  });
  afterAll(async () => {
    await Promise.all([azurite.stop(), simulator.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (variables: Record<string, string>, ...options: string[]) => {
    const terminal = recordedTerminal();
    const { pilar, kenmyer } = simulator.users;
    const passwords = { PILAR_PASSWORD: pilar.password.reveal(), KENMYER_PASSWORD: kenmyer.password.reveal() };
    const argv = ['run', 'registration', '--config', join(folder, 'probes.json'), ...options];
    const exitCode = await runCli(argv, { ...passwords, ...variables }, terminal);
    return { exitCode, ...terminal };
  };

  test('leaves it alone, and says since when', async () => {
    const { exitCode, stdout } = await run({ RESULTS_CONNECTION_STRING: azurite.connectionString });

    expect(exitCode).toBe(2);
    expect(stdout).toContain('Diagnosis     : AUTH_ACCOUNT_PARKED');
    expect(stdout).toContain('the server refused its credentials at 2026-11-20T23:15:00.000Z');
    expect(simulator.state().requests).toEqual({});
  });

  test('uses it with another password than the one that was refused, or with --force, and leaves the parking as it is', async () => {
    const storage = { RESULTS_CONNECTION_STRING: azurite.connectionString };

    const forced = await run(storage, '--force');
    const changed = await run({ ...storage, PILAR_PASSWORD: 'another one' });
    const again = await run(storage);

    expect([forced.exitCode, changed.exitCode, again.exitCode]).toEqual([0, 1, 2]);
    expect(changed.stdout).toContain('Diagnosis     : AUTH_CREDENTIALS_REJECTED');
    expect(again.stdout).toContain('Diagnosis     : AUTH_ACCOUNT_PARKED');
  });

  test('knows of no parking without the storage', async () => {
    expect((await run({})).exitCode).toBe(0);
  });

  test('is inconclusive where the storage does not answer: it might be parked', async () => {
    const { exitCode, stdout } = await run({ RESULTS_CONNECTION_STRING: connectionStringOf(await freePort()) });

    expect(exitCode).toBe(2);
    expect(stdout).toContain('Diagnosis     : PROBER_STORAGE_UNREACHABLE');
  });

  test('is wrong usage where the storage is named wrongly', async () => {
    const { exitCode, stdout, stderr } = await run({ RESULTS_CONNECTION_STRING: 'somewhere' });

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'edge-probes: RESULTS_CONNECTION_STRING: expected a storage connection string (AccountName=...;AccountKey=...)\n',
    );
  });
});

/** As a scheduled run leaves an account whose credentials were refused. */
async function park({ connectionString }: Azurite, { users }: EdgeSimulator): Promise<void> {
  const lease = new TableAccountLease(tableClients({ connectionString: new Secret(connectionString) }));
  const at = '2026-11-20T23:15:00.000Z';
  const { sipAddress } = users.pilar;
  const request = { edge: 'demo', accounts: [sipAddress], holder: 'x', by: 'x', at, forMs: 60_000 };
  const answer = await lease.acquire({ ...request, mayTry: async () => false });
  if (answer.kind !== 'taken') throw new Error('the account is not to be had');
  const parking = { parkedAt: at, triedAt: at, fingerprint: await fingerprintOf(users.pilar) };
  await lease.release({ lease: answer.lease, parked: new Map([[sipAddress, parking]]), certainForMs: () => 0 });
}
