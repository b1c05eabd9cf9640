import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../shared/domain/clock.js';
import { Secret } from '../../shared/domain/secret.js';
import { runWithLease } from '../../shared/run/runWithLease.js';
import { TableAccountLease } from '../../shared/store/tableAccountLease.js';
import { tableClients } from '../../shared/store/tableClients.js';
import { registration } from '../../shared/transactions/registration.js';
import { world } from '../fakes/world.js';
import { type Azurite, startAzurite } from './azurite.js';

describe('a prober that is killed in the middle of its run', () => {
  let azurite: Azurite | undefined;
  let folder = '';
  beforeAll(async () => {
    azurite = await startAzurite();
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-lease-'));
    const entry = join(import.meta.dirname, 'leaseHolder.ts');
    await build({
      entryPoints: [entry],
      outfile: join(folder, 'holder.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
  });
  afterAll(async () => {
    await azurite?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('leaves its account to another process as soon as its lease has expired', async () => {
    const connectionString = azurite?.connectionString ?? 'not started';
    const holder = spawn(process.execPath, [join(folder, 'holder.cjs')], {
      env: { PATH: process.env.PATH, RESULTS_CONNECTION_STRING: connectionString },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lease = new TableAccountLease(tableClients({ connectionString: new Secret(connectionString) }));
    const leasing = { lease, force: false, retries: [], random: Math.random };

    const atOnce = await runWithLease(registration, world({ clock: systemClock }), { ...leasing, waitMs: 0 });
    const later = await runWithLease(registration, world({ clock: systemClock }), { ...leasing, waitMs: 20_000 });

    expect(String(said)).toBe('taken\n');
    expect(atOnce.result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: {
        code: 'PROBER_ACCOUNT_BUSY',
        error: 'sip:pilar@contoso.example is in use by presence from eastus and did not come free within 0 ms',
      },
    });
    expect(later.result.outcome).toBe('success');
    expect(later.result.prober.leaseWaitMs).toBeGreaterThan(0);
  });
});
