import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../../shared/local/build.mjs';
import { type Azurite, startAzurite } from '../../contract/azurite.js';
import { outputFiles } from '../../edge-simulator/program/files.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { shapeProblems } from '../telemetry/envelopeShape.js';
import { type Ingestion, startIngestion } from '../telemetry/ingestion.js';
import { startWorker, type Worker } from './startWorker.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const timer = { Schedule: { AdjustForDST: true }, IsPastDue: false };
const http = (path: string, params: Record<string, string> = {}) => ({
  http: { method: 'GET', url: `http://127.0.0.1/${path}`, params },
});

/** The Node that runs the tests, and the one that Azure runs, where it is there. */
const own = { name: `Node ${process.versions.node}`, path: process.execPath };
const azures = { name: 'Node 22 (EDGE_PROBES_NODE22)', path: process.env.EDGE_PROBES_NODE22 ?? '' };
const nodes = process.versions.node.startsWith('22.') ? [own] : [own, azures];

let folder: string;
let app: string;
let edge: EdgeSimulator;
let azurite: Azurite;
let blobs: Azurite;
let ingestion: Ingestion;
const workers: Worker[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-package-'));
  app = join(folder, 'app');
  await buildApp(app);
  [edge, azurite, blobs, ingestion] = await Promise.all([
    startEdgeSimulator(),
    startAzurite(),
    startAzurite({ service: 'blob' }),
    startIngestion(),
  ]);
  // The configuration is part of the package.
  for (const { name, text } of outputFiles(edge)) {
    writeFileSync(join(app, name), name === 'probes.json' ? withRegistrationAlone(text) : text);
  }
  writeFileSync(join(folder, 'ingestion-ca.pem'), ingestion.ca);
}, 90_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.kill();
});
afterAll(async () => {
  await Promise.all([edge.close(), azurite.stop(), blobs.stop(), ingestion.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What Azure would set; the process of a function app does not start in the folder of its package. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    HOME: folder,
    TMPDIR: folder,
    EDGE_PROBES_CONFIG: join(app, 'probes.json'),
    PROBE_REGION: 'westeurope',
    RESULTS_CONNECTION_STRING: azurite.connectionString,
    EDGE_PROBES_SPOOL_DIR: join(folder, 'spool'),
    PILAR_PASSWORD: edge.users.pilar.password.reveal(),
    KENMYER_PASSWORD: edge.users.kenmyer.password.reveal(),
    ...more,
  };
}

function blobEndpoint(): string {
  return `BlobEndpoint=http://127.0.0.1:${blobs.port}/devstoreaccount1;`;
}

/** The texts of the blobs whose name holds `part`. */
async function blobsIn(container: string, part: string): Promise<string[]> {
  const client = BlobServiceClient.fromConnectionString(blobs.connectionString).getContainerClient(container);
  const texts: string[] = [];
  for await (const { name } of client.listBlobsFlat()) {
    if (name.includes(part)) texts.push((await client.getBlobClient(name).downloadToBuffer()).toString('utf8'));
  }
  return texts;
}

async function start(node: string, env: Readonly<Record<string, string>>) {
  const worker = startWorker(node, env);
  workers.push(worker);
  return { worker, loaded: await worker.load(app) };
}

test('the package is what runs and nothing else: no module is left to be installed', () => {
  const files = ['main.cjs', 'telemetry.cjs', 'host.json', 'package.json'];

  expect(files.filter((name) => !existsSync(join(app, name)))).toEqual([]);
  expect(readdirSync(app).filter((name) => name === 'node_modules' || name.endsWith('.new'))).toEqual([]);
  expect(statSync(join(app, 'telemetry.cjs')).size).toBeGreaterThan(500_000);
});

describe.each(nodes)('in the Functions worker on $name', ({ path }) => {
  const there = path !== '' && existsSync(path);

  test.runIf(there)(
    'the package registers a timer for each run and the HTTP functions, each with its bindings',
    async () => {
      const { loaded } = await start(path, environment());

      const bindings = loaded.functions.map(({ name, bindings: all }) => [
        name,
        ...Object.values(all).map(describeBinding),
      ]);
      expect(bindings).toEqual([
        ['demo-registration', expect.stringMatching(/^timerTrigger in \S+( \S+){5}$/)],
        ['status', 'httpTrigger in anonymous GET,HEAD api/status', 'http out'],
        ['transaction-status', 'httpTrigger in anonymous GET,HEAD api/status/{edge}/{transaction}', 'http out'],
        ['run', 'httpTrigger in function POST api/run/{edge}/{transaction}', 'http out'],
        ['page', 'httpTrigger in anonymous GET,HEAD {ignored:maxlength(0)?}', 'http out'],
      ]);
      // A streamed body would need another way between host and worker.
      expect(loaded.capabilities).not.toHaveProperty('HttpUri');
    },
  );

  test.runIf(there)(
    'a timer signs in and stores the result, the HTTP functions show it, and both end cleanly',
    async () => {
      const { worker } = await start(path, environment({ PROBE_REGION: regionOf(path) }));

      await worker.invoke({ name: 'demo-registration', data: { timer } });
      const status = await worker.invoke({ name: 'status', data: http('api/status') });
      const one = await worker.invoke({
        name: 'transaction-status',
        data: http('api/status/demo/registration', { edge: 'demo', transaction: 'registration' }),
      });
      const page = await worker.invoke({ name: 'page', data: http('') });
      await worker.terminate();
      const { lines, unhandled, loaded } = await worker.look();

      expect(lines.join('\n')).toContain('demo/registration  success');
      expect(JSON.parse(status.body ?? '')).toMatchObject({
        schema: 1,
        edges: [{ name: 'demo', transactions: [{ name: 'registration', state: 'up' }] }],
      });
      expect([status.status, one.status, page.status]).toEqual([200, 200, 200]);
      expect(page.headers?.['content-type']).toBe('text/html; charset=utf-8');
      expect(page.body).toContain('Demo Edge');
      expect(unhandled).toEqual([]);
      // Without a connection string there is nobody to tell.
      expect(loaded).toContain('main.cjs');
      expect(loaded).not.toContain('telemetry.cjs');
    },
  );

  test.runIf(there)('with a connection string the run is told of, under the operation of the invocation', async () => {
    const telemetry = {
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
      NODE_EXTRA_CA_CERTS: join(folder, 'ingestion-ca.pem'),
      WEBSITE_SITE_NAME: 'func-edge-probes',
      PROBE_REGION: regionOf(path),
    };
    const { worker } = await start(path, environment(telemetry));
    const already = ingestion.items().length;
    expect((await worker.look()).loaded).not.toContain('telemetry.cjs');

    await worker.invoke({ name: 'demo-registration', data: { timer }, traceParent: `00-${trace}-${span}-01` });
    await worker.terminate();
    const { unhandled, lines } = await worker.look();

    const items = ingestion.items().slice(already);
    expect(items.flatMap(shapeProblems)).toEqual([]);
    expect(new Set(items.map(({ tags }) => tags['ai.operation.id']))).toEqual(new Set([trace]));
    const [availability] = items.filter(({ data }) => data.baseType === 'AvailabilityData');
    expect(availability).toMatchObject({
      tags: {
        'ai.operation.parentId': span,
        'ai.cloud.role': 'func-edge-probes',
        'ai.cloud.roleInstance': regionOf(path),
      },
      data: { baseData: { name: 'demo/registration', runLocation: regionOf(path), success: true, message: '' } },
    });
    const steps = items
      .filter(({ data }) => data.baseType === 'RemoteDependencyData')
      .map(({ data }) => data.baseData.type);
    expect(steps).toEqual(['DNS', 'TCP', 'TLS', 'SIP', 'SIP']);
    expect(JSON.stringify(items)).not.toContain(edge.users.pilar.password.reveal());
    expect([unhandled, lines.filter((line) => line.includes('telemetry:'))]).toEqual([[], []]);
  });

  test.runIf(there)('a result that cannot be stored is told of as what it is: our own trouble', async () => {
    const azuriteGone = azurite.connectionString.replaceAll(`:${azurite.port}/`, ':1/');
    const variables = {
      APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
      NODE_EXTRA_CA_CERTS: join(folder, 'ingestion-ca.pem'),
      RESULTS_CONNECTION_STRING: azuriteGone,
    };
    const { worker } = await start(path, environment(variables));
    const already = ingestion.items().length;

    await worker.invoke({ name: 'demo-registration', data: { timer }, traceParent: `00-${trace}-${span}-01` });
    const { unhandled } = await worker.look();

    const items = ingestion.items().slice(already);
    const shown = items.map(({ data: { baseType, baseData } }) => [baseType, baseData.name]);
    expect(shown).toContainEqual(['EventData', 'ProbeInconclusive']);
    expect(shown).toContainEqual(['ExceptionData', undefined]);
    expect(shown.map(([type]) => type)).not.toContain('AvailabilityData');
    expect(new Set(items.map(({ tags }) => tags['ai.operation.id']))).toEqual(new Set([trace]));
    expect(items.flatMap(shapeProblems)).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  test.runIf(there).each([
    [
      'a connection string that is none',
      { APPLICATIONINSIGHTS_CONNECTION_STRING: 'canary' },
      /telemetry: APPLICATIONINSIGHTS_CONNECTION_STRING: expected InstrumentationKey=/,
    ],
    [
      'an ingestion endpoint that is away',
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${'1'.repeat(8)}-2222-3333-4444-${'5'.repeat(12)};IngestionEndpoint=https://127.0.0.1:1/`,
      },
      /telemetry: ingestion was not reached: ECONNREFUSED/,
    ],
  ])('with %s the run is stored all the same, and one line says so', async (_what, variables, line) => {
    const { worker } = await start(path, environment({ PROBE_REGION: regionOf(path), ...variables }));

    await worker.invoke({ name: 'demo-registration', data: { timer } });
    await worker.invoke({ name: 'demo-registration', data: { timer } });
    const { lines, unhandled } = await worker.look();

    const told = lines.filter((text) => text.includes('telemetry:'));
    expect(told).toEqual([expect.stringMatching(line)]);
    expect(told[0]).not.toContain('canary');
    expect(lines.filter((text) => text.includes('demo/registration  success'))).toHaveLength(2);
    expect(unhandled).toEqual([]);
  });

  test.runIf(there).each([
    ['that is not there', { EDGE_PROBES_CONFIG: '/nowhere/probes.json' }, 'EDGE_PROBES_CONFIG'],
    ['that is not JSON', { EDGE_PROBES_CONFIG: '<copy>/broken.json' }, 'broken.json'],
    ['without a place for results', { RESULTS_CONNECTION_STRING: '' }, 'RESULTS_TABLE_ENDPOINT'],
    [
      'with settings that are wrong',
      { PORT: 'canary', RESULTS_CONNECTION_STRING: 'nonsense' },
      'RESULTS_CONNECTION_STRING',
    ],
  ])('with a configuration %s the HTTP functions are there and say what is wrong', async (_what, wrong, setting) => {
    const copy = join(folder, 'broken');
    cpSync(app, copy, { recursive: true });
    writeFileSync(join(copy, 'broken.json'), '{ "edges": [');
    const variables: Record<string, string> = { ...environment(), ...wrong };
    variables.EDGE_PROBES_CONFIG = variables.EDGE_PROBES_CONFIG?.replace('<copy>', copy) ?? '';

    const { worker, loaded } = await start(path, variables);
    const status = await worker.invoke({ name: 'status', data: http('api/status') });
    const page = await worker.invoke({ name: 'page', data: http('') });
    await worker.terminate();

    expect(loaded.functions.map(({ name }) => name)).toEqual(['status', 'transaction-status', 'run', 'page']);
    expect([status.status, page.status]).toEqual([503, 503]);
    expect(status.body).toContain(setting);
    expect(status.body).not.toContain('canary');
    expect(page.body).toContain('Nothing is monitored: the configuration is wrong');
  });

  test.runIf(there)('the trace of a run that failed is kept, without what authenticates', async () => {
    const results = `${azurite.connectionString}${blobEndpoint()}`;
    await edge.setFault('register-403');
    const variables = { RESULTS_CONNECTION_STRING: results, PROBE_REGION: `${regionOf(path)}-trace` };
    const { worker } = await start(path, environment(variables));

    await worker.invoke({ name: 'demo-registration', data: { timer } }).finally(() => edge.clearFault('register-403'));
    const { lines } = await worker.look();

    expect(lines.join('\n')).toContain('demo/registration  failure');
    const traces = await blobsIn('runs', `${regionOf(path)}-trace`);
    expect(traces).toHaveLength(1);
    expect(traces[0]).toContain('SIP/2.0 403 Forbidden');
    expect(traces[0]).not.toMatch(/response=|nonce=/);
  });

  test.runIf(there)('a result waits in the storage of the host while its own is away', async () => {
    const away = azurite.connectionString.replace(`:${azurite.port}/`, ':1/');
    const region = `${regionOf(path)}-away`;
    const { EDGE_PROBES_SPOOL_DIR: _, ...others } = environment({ PROBE_REGION: region });
    const variables = { ...others, RESULTS_CONNECTION_STRING: away, AzureWebJobsStorage: blobs.connectionString };
    const { worker } = await start(path, variables);

    await worker.invoke({ name: 'demo-registration', data: { timer } });
    const { lines } = await worker.look();

    expect(lines.join('\n')).toMatch(/kept in the spool, \d results? waits?/);
    expect(await blobsIn('spool', region)).toHaveLength(1);
  });

  test.runIf(there)('with no setting at all it still loads', async () => {
    const { loaded } = await start(path, {});

    expect(loaded.functions.map(({ name }) => name)).toContain('status');
  });
});

test('a package whose main file throws is refused with its error', async () => {
  const broken = join(folder, 'throws');
  cpSync(app, broken, { recursive: true });
  writeFileSync(join(broken, 'main.cjs'), "throw new Error('boom');");
  const worker = startWorker(process.execPath, {});
  workers.push(worker);

  await expect(worker.load(broken)).rejects.toThrow('boom');
});

/** One transaction suffices to see that timers run; what the others do is tested elsewhere. */
function withRegistrationAlone(text: string): string {
  const document = JSON.parse(text);
  const [edge] = document.edges;
  const { registration } = edge.transactions;
  return JSON.stringify({ ...document, edges: [{ ...edge, transactions: { registration } }] });
}

/** A region of its own per Node, so that one does not meet the other's results. */
function regionOf(node: string): string {
  return node === process.execPath ? 'westeurope' : 'eastus';
}

function describeBinding({
  type,
  direction,
  schedule,
  authLevel,
  methods,
  route,
}: Readonly<Record<string, unknown>>): string {
  return [type, direction, schedule, authLevel, methods, route].filter((part) => part !== undefined).join(' ');
}
