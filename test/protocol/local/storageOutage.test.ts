import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { dayOf, tableOf } from '../../../shared/store/keys.js';
import { startAzurite } from '../../contract/azurite.js';
import { OutageWorld } from './outageWorld.js';

let world: OutageWorld;
beforeEach(async () => {
  world = await OutageWorld.start();
}, 30_000);
afterEach(() => world.stop(), 30_000);

/** Every run has its row, in order and once; nothing waits any more, and the newest row is that of the last run. */
async function expectNothingLost(): Promise<void> {
  expect(await world.rows()).toEqual(world.ran);
  expect(new Set(world.ran).size).toBe(world.ran.length);
  expect((await world.latest())?.result.scheduledAt).toBe(world.ran.at(-1));
  expect(world.spooled).toEqual([]);
  const status = await world.status();
  expect(status).not.toHaveProperty('backlog');
  expect(status).not.toHaveProperty('storage');
}

describe('storage that is stopped in the middle and started again on the same data', () => {
  test('gets every row, in order and once; the status shows what waits as long as it does', async () => {
    await world.runs(3);

    await world.stopStorage();
    const during = [];
    for (let run = 0; run < 4; run++) {
      await world.runs(1);
      during.push(await world.status());
    }
    await world.startStorage();
    await world.runs(2);

    expect(during.map(({ storage, backlog }) => [storage, backlog])).toEqual(
      [1, 2, 3, 4].map((backlog) => ['unavailable', backlog]),
    );
    await expectNothingLost();
    expect(world.lines).toContain('5 results stored from the spool, none waits any more');
  });

  test('gets them from a new process when the old one did not live to see it', async () => {
    await world.runs(1);
    await world.stopStorage();
    await world.runs(3);

    world.restartProcess();
    await world.startStorage();
    await world.runs(1);

    await expectNothingLost();
  });

  test('gets them also out of the blobs of another account', async () => {
    const blobs = await startAzurite({ service: 'blob' });
    onTestFinished(() => blobs.stop());
    world.restartProcess(blobs.connectionString);
    await world.runs(1);
    await world.stopStorage();
    await world.runs(2);
    const during = await world.status();
    await world.startStorage();
    await world.runs(1);

    expect(during).toMatchObject({ storage: 'unavailable', backlog: 2 });
    await expectNothingLost();
  });

  test('gets none twice when two processes have the same backlog', async () => {
    await world.runs(1);
    await world.stopStorage();
    await world.runs(4);
    await world.startStorage();
    const other = world.secondProcess();

    await Promise.all([world.runs(1), other()]);

    await expectNothingLost();
  });

  test('leaves failures counted as if it had been there all the time', async () => {
    await world.runs(2);
    await world.fault('register-403');
    const [first] = await world.runs(1);
    world.proxy.trouble = { kind: 'status', status: 503 };
    await world.runs(2);
    world.proxy.trouble = undefined;
    await world.runs(2);

    expect(await world.latest()).toMatchObject({ conclusive: 'failure', failuresInARow: 5, since: first?.scheduledAt });
    await expectNothingLost();
  });
});

describe('storage that stands still', () => {
  test('is asked once by a run, and gets every row when it goes on', async () => {
    await world.runs(1);

    process.kill(world.azuritePid, 'SIGSTOP');
    const [during] = await world.runs(1);
    process.kill(world.azuritePid, 'SIGCONT');
    await wait(500);
    const after = await world.runs(2);

    const error = 'EdgeState: accounts of contoso not leased (The operation was aborted due to timeout)';
    expect(during?.outcome).toBe('success');
    expect(world.lines).toContain(`${during?.runId} kept in the spool, 1 result waits: ${error}`);
    // What the storage was asked before is done late; nobody holds the account because of it.
    expect(after.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    await expectNothingLost();
  }, 60_000);
});

describe('storage behind a troubled network', () => {
  test.each([429, 503, 500])('that answers %i gets every row later', async (status) => {
    await world.runs(1);
    world.proxy.trouble = { kind: 'status', status };
    await world.runs(2);
    const during = await world.status();
    world.proxy.trouble = undefined;
    await world.runs(1);

    expect(during).toMatchObject({ storage: 'unavailable', backlog: 2 });
    await expectNothingLost();
  });

  test('that is slow gets every row at once, and nothing waits', async () => {
    world.proxy.trouble = { kind: 'slow', ms: 100 };

    await world.runs(3);

    expect(world.spooled).toEqual([]);
    await expectNothingLost();
  });

  test('whose answers are lost gets every row once, though each was written already', async () => {
    await world.runs(1);
    world.proxy.trouble = { kind: 'answer-lost' };
    await world.runs(2);
    world.proxy.trouble = undefined;
    await world.runs(2);

    await expectNothingLost();
  });
});

describe('storage whose tables are deleted', () => {
  test('gets them back with the next run', async () => {
    await world.runs(2);
    const monthly = tableOf(dayOf(world.ran[0] ?? ''));
    await world.deleteTable(monthly);
    await world.deleteTable('EdgeState');

    await world.runs(2);

    expect(await world.rows()).toEqual(world.ran.slice(2));
    expect((await world.latest())?.result.scheduledAt).toBe(world.ran.at(-1));
    expect(world.spooled).toEqual([]);
  });
});

describe('a spool that takes nothing while storage is away', () => {
  test('costs the results of that time, each named in the log, fails their runs, and nothing else', async () => {
    await world.runs(2);
    writeFileSync(world.spoolFolder, 'a file in place of the folder');
    await world.stopStorage();
    const failed = await world.runs(1).catch((error: unknown) => error);
    rmSync(world.spoolFolder);
    mkdirSync(world.spoolFolder);
    await world.runs(1);
    await world.startStorage();
    await world.runs(1);

    expect(String(failed)).toMatch(
      /^StoreError: contoso\.registration\.local\.\d{8}T\d{6}Z: neither stored nor kept in the spool$/,
    );
    expect(world.lines.filter((line) => line.startsWith('lost'))).toEqual([
      expect.stringMatching(
        /^lost: contoso\.registration\.local\.\S+: contoso\/registration {2}success {2}\d+ ms: .*\(EEXIST\)$/,
      ),
    ]);
    await expectNothingLost();
  });
});
