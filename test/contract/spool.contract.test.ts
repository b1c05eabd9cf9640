import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../shared/domain/result.js';
import { Secret } from '../../shared/domain/secret.js';
import { BlobSpoolPlace } from '../../shared/store/blobSpool.js';
import { FileSpoolPlace } from '../../shared/store/fileSpool.js';
import { MemoryResultStore } from '../../shared/store/memoryResultStore.js';
import { StoreError } from '../../shared/store/resultStore.js';
import { BoundedSpool, type SpoolPlace } from '../../shared/store/spool.js';
import { openSpool } from '../../shared/store/spoolAddress.js';
import { toSpoolText } from '../../shared/store/spoolEntry.js';
import { MemorySpoolPlace } from '../fakes/memorySpoolPlace.js';
import { sampleFailure, sampleResult } from '../unit/store/sampleResult.js';
import { type Azurite, connectionStringOf, freePort, startAzurite } from './azurite.js';

/** A kind of place, and how a test gets an empty one that several instances share. */
interface Kind {
  start(): Promise<void>;
  /** The same `name` opens the same place. */
  open(name: string): Promise<SpoolPlace>;
  stop(): Promise<void>;
}

const always = () => true;

describe.each([
  ['in memory', inMemory()],
  ['in a folder', inFolders()],
  ['in blobs (Azurite)', inBlobs()],
])('a spool %s', (_name, kind) => {
  let count = 0;
  const nextName = () => `spool${count++}`;
  beforeAll(() => kind.start());
  afterAll(() => kind.stop());

  test('is empty before anything was kept', async () => {
    const spool = new BoundedSpool(await kind.open(nextName()));

    expect(await spool.size()).toBe(0);
    expect(await spool.drain(async () => 'stored', always)).toEqual({
      stored: 0,
      left: 0,
      refused: [],
      unreadable: [],
    });
  });

  test('gives a later process back what it got, the oldest first', async () => {
    const name = nextName();
    const results = [
      sampleFailure({ scheduledAt: timeOf(10), observations: { text: '"ü\u0001/\\' } }),
      sampleResult({ scheduledAt: timeOf(0), edge: 'a-very-long-name-of-an-edge-indeed' }),
      sampleResult({
        scheduledAt: timeOf(5),
        trigger: 'on-demand',
        runId: 'contoso.registration.x.20261120T230500Z.a8f0',
      }),
    ];
    const first = new BoundedSpool(await kind.open(name));
    for (const result of results) await first.keep(result);

    const later = new BoundedSpool(await kind.open(name));
    const seen: TransactionResult[] = [];
    const size = await later.size();
    await later.drain(async (result) => {
      seen.push(result);
      return 'stored';
    }, always);

    expect(size).toBe(3);
    expect(seen).toEqual([results[1], results[2], results[0]]);
    expect(await first.size()).toBe(0);
  });

  test('keeps one entry of one run, and the one that came last', async () => {
    const name = nextName();
    const spools = [new BoundedSpool(await kind.open(name)), new BoundedSpool(await kind.open(name))];
    for (const [index, spool] of spools.entries()) await spool.keep(sampleResult({ latencyMs: index }));
    const seen: number[] = [];

    await spools[0]?.drain(async ({ latencyMs }) => {
      seen.push(latencyMs);
      return 'stored';
    }, always);

    expect(seen).toEqual([1]);
  });

  test('does not remove what was replaced meanwhile', async () => {
    const name = nextName();
    const spool = new BoundedSpool(await kind.open(name));
    const other = new BoundedSpool(await kind.open(name));
    await spool.keep(sampleResult());

    await spool.drain(async () => {
      await other.keep(sampleResult({ latencyMs: 99 }));
      return 'stored';
    }, always);

    expect(await spool.size()).toBe(1);
  });

  test('is within its bounds however much is kept', async () => {
    const spool = new BoundedSpool(await kind.open(nextName()), { results: 3, bytes: 1_000_000 });

    for (let minute = 0; minute < 8; minute++) await spool.keep(sampleResult({ scheduledAt: timeOf(minute) }));
    const left: string[] = [];
    const size = await spool.size();
    await spool.drain(async ({ scheduledAt }) => {
      left.push(scheduledAt);
      return 'stored';
    }, always);

    expect(size).toBe(3);
    expect(left).toEqual([timeOf(5), timeOf(6), timeOf(7)]);
  });

  test('takes a result that is as large as every part may be', async () => {
    const spool = new BoundedSpool(await kind.open(nextName()));
    const text = '"\u0001'.repeat(20_000);
    const large = sampleFailure({
      observations: { text: 'ü'.repeat(30_000) },
      followUps: [sampleFailure({ targetFqdn: text })],
      warnings: [{ code: 'TLS_CERTIFICATE_EXPIRES_SOON', step: 'tls', message: 'ü'.repeat(15_000), degrades: false }],
    });
    const seen: TransactionResult[] = [];

    await spool.keep(large);
    await spool.drain(async (result) => {
      seen.push(result);
      return 'stored';
    }, always);

    expect(seen[0]?.observations).toEqual({ text: 'ü'.repeat(30_000), truncated: true });
    expect(seen[0]?.warnings).toEqual(large.warnings);
  });

  test('leaves what it cannot read where it is', async () => {
    const place = await kind.open(nextName());
    await place.write('a', '');
    await place.write('b', '{"half":');
    await place.write('c', JSON.stringify({ ...JSON.parse(toSpoolText(sampleResult())), schema: 2 }));
    const spool = new BoundedSpool(place);

    const drained = await spool.drain(async () => 'stored', always);

    expect(drained).toEqual({ stored: 0, left: 0, refused: [], unreadable: ['a', 'b', 'c'] });
    expect((await place.list()).map(({ name }) => name).sort()).toEqual(['a', 'b', 'c']);
  });

  test('drained by three instances at once stores every result, counts each once and ends empty', async () => {
    const name = nextName();
    const first = new BoundedSpool(await kind.open(name));
    const results = Array.from({ length: 30 }, (_, minute) =>
      (minute < 10 ? sampleResult : sampleFailure)({ scheduledAt: timeOf(minute) }),
    );
    await Promise.all(results.map((result) => first.keep(result)));
    const store = new MemoryResultStore();

    const instances = await Promise.all([0, 1, 2].map(async () => new BoundedSpool(await kind.open(name))));
    const drained = await Promise.all(
      instances.map((spool) =>
        spool.drain(async (result) => {
          await store.save(result);
          return 'stored';
        }, always),
      ),
    );

    const stored: string[] = [];
    for await (const row of store.newestFirst({ edge: 'contoso', transaction: 'registration' }, '20261120')) {
      stored.push(row.scheduledAt);
    }
    expect(drained.map(({ stoppedBy }) => stoppedBy)).toEqual([undefined, undefined, undefined]);
    expect(stored.reverse()).toEqual(results.map(({ scheduledAt }) => scheduledAt));
    expect(await store.latest('contoso')).toMatchObject([{ failuresInARow: 20, since: timeOf(10) }]);
    expect(await first.size()).toBe(0);
  });
});

describe('a spool in a folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'edge-probes-spool-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('can be read by its owner alone and leaves no drafts', async () => {
    const folder = join(root, 'deep', 'spool');
    const place = new FileSpoolPlace(folder);

    await new BoundedSpool(place).keep(sampleResult());

    const [file = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(file).toBe('20261120T231500000Z.contoso.registration.westeurope.20261120T231500Z.json');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  test('does not take drafts, folders, other files and files beyond all measure for entries', async () => {
    const folder = join(root, 'littered');
    mkdirSync(join(folder, 'folder.json'), { recursive: true });
    writeFileSync(join(folder, 'half.json.new'), '{"half":');
    writeFileSync(join(folder, 'README.txt'), 'not ours');
    writeFileSync(join(folder, 'huge.json'), 'x'.repeat(5 * 1024 * 1024));

    expect(await new FileSpoolPlace(folder).list()).toEqual([]);
  });

  test('says which folder and why when a file stands in its place', async () => {
    const folder = join(root, 'file');
    writeFileSync(folder, 'in the way');
    const spool = new BoundedSpool(new FileSpoolPlace(folder));

    const failed = await spool.keep(sampleResult()).catch((error: unknown) => error);

    expect(failed).toEqual(new StoreError(`spool ${folder}: not listed`));
    expect(failed).toMatchObject({ cause: { code: 'ENOTDIR' } });
  });

  test.skipIf(process.platform !== 'linux')(
    'does not keep half of a result when the disk is full, and keeps the next when it is not',
    async () => {
      // A device on which every write fails as it does on a full disk, in place of the draft.
      const folder = join(root, 'full');
      mkdirSync(folder);
      const place = new FileSpoolPlace(folder);
      const name = 'entry';
      symlinkSync('/dev/full', join(folder, `${name}.json.new`));

      const failed = await place.write(name, 'text').catch((error: unknown) => error);
      const after = readdirSync(folder);
      await place.write(name, 'text');

      expect(failed).toEqual(new StoreError(`spool ${folder}: entry not kept`));
      expect(failed).toMatchObject({ cause: { code: 'ENOSPC' } });
      expect(after).toEqual([]);
      expect(readdirSync(folder)).toEqual(['entry.json']);
    },
  );

  test.skipIf(process.getuid?.() === 0)('says why when it may not write there', async () => {
    const folder = join(root, 'forbidden');
    mkdirSync(folder, { mode: 0o500 });

    const failed = await new FileSpoolPlace(folder).write('entry', 'text').catch((error: unknown) => error);

    expect(failed).toMatchObject({ cause: { code: 'EACCES' } });
    chmodSync(folder, 0o700);
  });
});

describe('a spool in blobs', () => {
  test('that refuse connections is a StoreError that names the container, and no key', async () => {
    const port = await freePort();
    const spool = await openSpool(addressOf(connectionStringOf(port, 'blob')));

    const failed = await spool.keep(sampleResult()).catch((error: unknown) => error);

    expect(failed).toEqual(new StoreError(`spool http://127.0.0.1:${port}/devstoreaccount1/spool: not listed`));
    expect(failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('that never answer is a StoreError when the deadline has passed', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const place = await BlobSpoolPlace.open(addressOf(connectionStringOf(port, 'blob')), 300);

    const failures = await Promise.all(
      [place.list(), place.write('a', 'b')].map((call) => call.catch((error: unknown) => error)),
    );

    expect(failures.every((failure) => failure instanceof StoreError)).toBe(true);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test.each(['nonsense', 'AccountName=host', 'AccountName=h;AccountKey=c2VjcmV0;BlobEndpoint=x'])(
    'are refused for the connection string "%s", without the key',
    async (connectionString) => {
      const failed = await openSpool(addressOf(connectionString)).catch((error: unknown) => error);

      expect(failed).toEqual(
        new StoreError('AzureWebJobsStorage is not a storage connection string with a blob service'),
      );
    },
  );

  test('are refused for plain HTTP to another machine', async () => {
    const address = addressOf(
      'DefaultEndpointsProtocol=http;AccountName=h;AccountKey=c2VjcmV0;BlobEndpoint=http://192.0.2.1/h',
    );

    await expect(openSpool(address)).rejects.toThrow(
      new StoreError('AzureWebJobsStorage names http://192.0.2.1, expected https: or a loopback address'),
    );
  });

  test('are opened by identity without asking for a token before one is needed', async () => {
    const address = { kind: 'identity', blobEndpoint: 'https://host.blob.core.windows.net', clientId: 'id' } as const;

    expect(await openSpool(address)).toBeInstanceOf(BoundedSpool);
  });
});

function inMemory(): Kind {
  const places = new Map<string, MemorySpoolPlace>();
  return {
    start: async () => {},
    open: async (name) => {
      const place = places.get(name) ?? new MemorySpoolPlace();
      places.set(name, place);
      return place;
    },
    stop: async () => {},
  };
}

function inFolders(): Kind {
  const root = mkdtempSync(join(tmpdir(), 'edge-probes-spool-'));
  return {
    start: async () => {},
    open: async (name) => new FileSpoolPlace(join(root, name)),
    stop: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** One container serves them all: it is emptied for every new name. */
function inBlobs(): Kind {
  let azurite: Azurite | undefined;
  let current = '';
  return {
    start: async () => {
      azurite = await startAzurite({ service: 'blob' });
    },
    open: async (name) => {
      const connectionString = azurite?.connectionString ?? 'not started';
      if (name !== current) {
        await BlobServiceClient.fromConnectionString(connectionString).getContainerClient('spool').deleteIfExists();
        current = name;
      }
      return BlobSpoolPlace.open(addressOf(connectionString));
    },
    stop: async () => azurite?.stop(),
  };
}

function addressOf(connectionString: string) {
  return { kind: 'connection-string', connectionString: new Secret(connectionString) } as const;
}

function timeOf(minute: number): string {
  return `2026-11-20T23:${String(minute).padStart(2, '0')}:00.000Z`;
}
