import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually, type LocalFolder, type LocalProcess, makeLocalFolder } from './localFolder.js';

const source = `
app.get('environment', { authLevel: 'anonymous', handler: () => ({ jsonBody: {
  config: process.env.EDGE_PROBES_CONFIG, password: process.env.PILAR_PASSWORD, storage: process.env.RESULTS_CONNECTION_STRING } }) });
app.get('stray', { authLevel: 'anonymous', handler: () => {
  Promise.reject(new Error('nobody waited for this')); setImmediate(() => { throw new Error('nobody caught this'); }); return {}; } });
app.get('slow', { authLevel: 'anonymous', handler: () => new Promise(() => {}) });
`;

let folder: LocalFolder;
const started: LocalProcess[] = [];
beforeAll(async () => {
  folder = await makeLocalFolder(source);
}, 30_000);
afterEach(async () => {
  for (const local of started.splice(0)) {
    local.kill('SIGKILL');
    await local.exited;
  }
});
afterAll(() => folder.remove());

function start(env: Record<string, string> = {}): LocalProcess {
  const local = folder.start(env);
  started.push(local);
  return local;
}

const urlOf = async (local: LocalProcess) => (await local.said(/listens on (\S+)/))[1] ?? '';
const tablesPort = async (local: LocalProcess) => Number((await local.said(/tables +http:\/\/127\.0\.0\.1:(\d+)/))[1]);
const simulatorPort = () => Number(readFileSync(join(folder.dataDir, 'demo', 'port'), 'utf8'));

/** Resolves when nothing listens on the port any more. */
const closed = (port: number) =>
  eventually(
    () =>
      new Promise<true | undefined>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(undefined));
        socket.on('error', () => resolve(true)).on('connect', () => socket.destroy());
      }),
    () => `something still listens on ${port}`,
  );

const leftBehind = () =>
  ['host.lock', 'storage-connection-string'].filter((name) => existsSync(join(folder.dataDir, name)));

/** The command lines that name a path; none where the system has no /proc. */
function processesWith(path: string): readonly string[] {
  const all = existsSync('/proc/self/cmdline') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const lines = all.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
  return lines.filter((line) => line.includes(path));
}

test('a first start serves storage and the demo Edge to the app, and Ctrl-C leaves nothing behind', async () => {
  const local = start();
  const answer = await fetch(`${await urlOf(local)}/environment`);
  const environment = (await answer.json()) as Record<string, string>;
  const connection = readFileSync(join(folder.dataDir, 'storage-connection-string'), 'utf8').trim();
  const table = TableClient.fromConnectionString(connection, 'Sample', { allowInsecureConnection: true });
  await table.createTable();
  const ports = [await tablesPort(local), simulatorPort()];

  local.kill('SIGINT');
  const code = await local.exited;

  expect(environment).toEqual({
    config: join(folder.dataDir, 'demo', 'probes.json'),
    password: "it's secret",
    storage: connection,
  });
  expect(local.output).toContain('This is the demo: a simulated Edge.');
  expect(local.output).not.toContain('it is started again');
  expect(code).toBe(0);
  for (const port of ports) await closed(port);
  expect(leftBehind()).toEqual([]);
});

test('what was written is there again after the next start', async () => {
  const connect = () => {
    const connection = readFileSync(join(folder.dataDir, 'storage-connection-string'), 'utf8').trim();
    return TableClient.fromConnectionString(connection, 'Kept', { allowInsecureConnection: true });
  };
  const first = start();
  await urlOf(first);
  await connect().createTable();
  await connect().createEntity({ partitionKey: 'a', rowKey: 'b' });
  first.kill('SIGTERM');
  await first.exited;

  await urlOf(start());

  expect(await connect().getEntity('a', 'b')).toMatchObject({ partitionKey: 'a', rowKey: 'b' });
});

test('storage and demo Edge end when the host is killed outright, and its lock holds up nobody', async () => {
  const killed = start();
  const ports = [await tablesPort(killed), simulatorPort()];
  await urlOf(killed);

  killed.kill('SIGKILL');
  await killed.exited;
  for (const port of ports) await closed(port);

  expect(existsSync(join(folder.dataDir, 'host.lock'))).toBe(true);
  expect(await urlOf(start())).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a second start on the same data folder is refused with the process that uses it', async () => {
  const first = start();
  await urlOf(first);

  const second = start();

  expect(await second.exited).toBe(1);
  expect(second.output).toBe(
    `edge-probes: the data folder ${folder.dataDir} is used by process ${first.pid}: end that one, or set DATA_DIR to another folder\n`,
  );
});

test('a taken port is refused, and what was started by then is ended', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };

  const local = start({ PORT: String(port) });
  const code = await local.exited;
  other.close();

  expect([code, local.output]).toEqual([
    1,
    `edge-probes: port ${port} of 127.0.0.1 is taken by another program: end it, or set PORT to a free port (0 picks one)\n`,
  ]);
  await closed(simulatorPort());
});

test('wrong settings are refused together, each by its name', async () => {
  const local = start({ PORT: '70000', HOST: 'not a host' });

  expect(await local.exited).toBe(1);
  expect(local.output).toBe(
    'edge-probes: PORT: expected a port from 1 to 65535, or 0 for any\nHOST: expected an address to listen on, such as 127.0.0.1\n',
  );
});

test('a data folder that cannot be made is refused with the setting to change', async () => {
  const dataDir = join(folder.root, 'dist', 'local.cjs', 'data');
  const local = start({ DATA_DIR: dataDir });

  expect(await local.exited).toBe(1);
  expect(local.output).toBe(
    `edge-probes: the data folder ${dataDir} cannot be written: set DATA_DIR to another folder\n`,
  );
});

test('a configuration of one’s own starts no demo, and storage of one’s own no Azurite', async () => {
  const config = join(folder.root, 'own.json');
  writeFileSync(config, '{}');
  const storage = 'UseDevelopmentStorage=true';
  const local = start({ EDGE_PROBES_CONFIG: config, RESULTS_CONNECTION_STRING: storage });
  const answer = await fetch(`${await urlOf(local)}/environment`);

  expect(await answer.json()).toEqual({ config, storage });
  expect(local.output).toContain('configuration  own.json');
  expect(local.output).not.toMatch(/demo|tables/);
});

test('what nobody caught is said, and does not end the process', async () => {
  const local = start();
  const url = await urlOf(local);

  await fetch(`${url}/stray`);
  await local.said(/a rejection that nobody handled {2}Error: nobody waited for this/);
  await local.said(/an error that nobody caught {2}Error: nobody caught this/);

  expect((await fetch(`${url}/environment`)).status).toBe(200);
});

test('a second Ctrl-C ends at once what a first one waits for, children included', async () => {
  const local = start();
  const url = await urlOf(local);
  const ports = [await tablesPort(local), simulatorPort()];
  const slow = fetch(`${url}/slow`).catch(() => 'cut off');
  await fetch(`${url}/environment`);

  local.kill('SIGINT');
  await local.said(/stopping/);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  local.kill('SIGINT');

  expect(await local.exited).toBe(130);
  expect(await slow).toBe('cut off');
  for (const port of ports) await closed(port);
  expect(leftBehind()).toEqual([]);
});

test.each([0, 25, 50, 75, 100, 150, 200, 300, 500])(
  'Ctrl-C %i ms after the start leaves no process and no lock',
  async (ms) => {
    const local = start();
    await new Promise((resolve) => setTimeout(resolve, ms));

    local.kill('SIGINT');
    const end = await local.exited;

    // Before the program has loaded, the signal ends it as it ends any program.
    expect([0, 'SIGINT']).toContain(end);
    expect(leftBehind()).toEqual([]);
    await eventually(
      () => (processesWith(folder.dataDir).length === 0 ? true : undefined),
      () => `still there: ${processesWith(folder.dataDir).join(' | ')}`,
    );
  },
);
