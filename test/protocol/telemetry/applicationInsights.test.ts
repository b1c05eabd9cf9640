import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from '../../../shared/local/build.mjs';
import { canary, failure, inconclusive, success } from '../../unit/telemetry/sampleResults.js';
import { type Envelope, shapeProblems } from './envelopeShape.js';
import { startIdentityEndpoint } from './identityEndpoint.js';
import { type Ingestion, type IngestionAnswer, instrumentationKey, startIngestion } from './ingestion.js';
import { type Sender, type SenderOptions, startSender } from './sender.js';

const operation = { id: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };
/** Two seconds, and what the machine under test may need beyond them. */
const capMs = 3_500;

let app: string;
let ingestion: Ingestion;
const senders: Sender[] = [];
beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'edge-probes-app-'));
  await buildApp(app, ['telemetry.cjs']);
}, 60_000);
afterAll(() => rmSync(app, { recursive: true, force: true }));
beforeEach(async () => {
  ingestion = await startIngestion();
});
afterEach(async () => {
  await ingestion.stop();
  for (const sender of senders.splice(0)) await sender.kill();
});

async function start(options: Partial<SenderOptions> = {}): Promise<Sender> {
  const { connectionString, ca } = ingestion;
  const sender = await startSender({ telemetry: join(app, 'telemetry.cjs'), connectionString, ca, ...options });
  senders.push(sender);
  return sender;
}

const ofType = (type: string) => ingestion.items().filter(({ data }) => data.baseType === type);

describe('a run', () => {
  test('arrives as one availability result and its steps, in the shape that is published, under one operation', async () => {
    const sender = await start();

    const { trouble } = await sender.send({ runs: [{ result: success, operation }] });

    expect(trouble).toBeNull();
    expect(ingestion.items().flatMap(shapeProblems)).toEqual([]);
    expect(
      ingestion
        .items()
        .map(({ data }) => data.baseType)
        .toSorted(),
    ).toEqual(['AvailabilityData', ...Array(5).fill('RemoteDependencyData')]);
    expect(new Set(ingestion.items().map(({ tags }) => tags['ai.operation.id']))).toEqual(new Set([operation.id]));
    expect(new Set(ingestion.requests.map(({ path }) => path))).toEqual(new Set(['/v2.1/track']));
  });

  test('is shown by its availability result: when, where, how long, and every number of it', async () => {
    const sender = await start();

    await sender.send({ runs: [{ result: failure, operation }] });

    expect(ofType('AvailabilityData')).toEqual([
      {
        ver: 1,
        name: 'Microsoft.ApplicationInsights.Availability',
        time: '2026-11-20T23:15:00.012Z',
        sampleRate: 100,
        iKey: instrumentationKey,
        tags: {
          'ai.cloud.role': 'probes-app',
          'ai.cloud.roleInstance': 'westeurope',
          'ai.internal.sdkVersion': expect.any(String),
          'ai.operation.id': operation.id,
          'ai.operation.parentId': operation.parentId,
        },
        data: {
          baseType: 'AvailabilityData',
          baseData: {
            ver: 2,
            id: 'contoso.registration.westeurope.20261120T231500Z',
            name: 'contoso/registration',
            duration: '00:00:05.0513',
            success: false,
            runLocation: 'westeurope',
            message: 'TCP_CONNECT_TIMEOUT: no TCP connection to 203.0.113.10:443 within 5000 ms',
            properties: {
              edge: 'contoso',
              transaction: 'registration',
              dialect: 'lync',
              targetFqdn: 'sip.contoso.com',
              scheduledAt: '2026-11-20T23:15:00.000Z',
              proberVersion: '1.0.0',
              code: 'TCP_CONNECT_TIMEOUT',
              layer: 'tcp',
              failedStep: 'connect',
            },
            measurements: {
              latencyMs: 5051.3,
              lateMs: 12,
              eventLoopDelayMs: 3.1,
              certificateDaysLeft: 12,
              'step.resolve': 10.2,
              'step.connect': 5041.1,
            },
          },
        },
      },
    ]);
  });

  test('has its steps below it with their own starts, kinds and codes: a waterfall', async () => {
    const sender = await start();

    await sender.send({ runs: [{ result: failure, operation }] });

    const steps = ofType('RemoteDependencyData');
    const shown = steps.map(({ time, tags, data: { baseData } }) => {
      const { name, type, target, duration, success: good, resultCode } = baseData;
      return [time, name, type, target, duration, good, resultCode, tags['ai.operation.parentId']];
    });
    expect(shown).toEqual([
      ['2026-11-20T23:15:00.012Z', 'resolve', 'DNS', 'sip.contoso.com', '00:00:00.0102', true, 'OK', failure.runId],
      [
        '2026-11-20T23:15:00.022Z',
        'connect',
        'TCP',
        'sip.contoso.com',
        expect.stringMatching(/^00:00:05\.0411/),
        false,
        'TCP_CONNECT_TIMEOUT',
        failure.runId,
      ],
    ]);
    expect(new Set(steps.map(({ data }) => data.baseData.id)).size).toBe(2);
  });

  test('that could not tell arrives as an event', async () => {
    const sender = await start();

    await sender.send({ runs: [{ result: inconclusive, operation }] });

    expect(ingestion.items().flatMap(shapeProblems)).toEqual([]);
    expect(ingestion.items()).toHaveLength(1);
    expect(ofType('EventData')[0]).toMatchObject({
      time: '2026-11-20T23:15:00.012Z',
      tags: { 'ai.operation.id': operation.id },
      data: {
        baseData: {
          name: 'ProbeInconclusive',
          properties: { code: 'CONFIG_SECRET_MISSING' },
          measurements: { lateMs: 12 },
        },
      },
    });
  });

  test('keeps to itself what it observed and what the server said, and how it was carried', async () => {
    const sender = await start();

    await sender.send({ runs: [success, failure, inconclusive].map((result) => ({ result, operation })) });

    const wire = JSON.stringify(ingestion.items());
    expect(wire).toContain('contoso/registration');
    expect(wire).not.toContain(canary);
    expect(wire).not.toContain('edge-probes.envelope');
  });

  test('shares no operation with another that is sent beside it', async () => {
    const sender = await start();
    const other = { id: 'f'.repeat(32) };
    const second = { ...success, runId: 'fabrikam.registration.westeurope.20261120T231500Z', edge: 'fabrikam' };

    await sender.send({
      runs: [
        { result: success, operation },
        { result: second, operation: other },
      ],
    });

    const operations = ingestion.items().map(({ data, tags }) => {
      const { properties } = data.baseData as { properties: Record<string, string> };
      return [properties.edge, tags['ai.operation.id']];
    });
    expect(new Set(operations.map(String))).toEqual(new Set([`contoso,${operation.id}`, `fabrikam,${other.id}`]));
    expect(operations).toHaveLength(12);
  });
});

test('runs that end together all arrive before the last of their flushes is done', async () => {
  const sender = await start();
  const runs = Array.from({ length: 20 }, (_, index) => ({
    result: { ...inconclusive, runId: `run-${index}` },
    operation,
  }));

  await sender.send({ together: runs });

  expect(ofType('EventData')).toHaveLength(20);
});

test('an error of our own arrives as an exception of the same operation', async () => {
  const sender = await start();

  await sender.send({ errors: [{ name: 'StoreError', message: 'row not written', operation }] });

  expect(ingestion.items().flatMap(shapeProblems)).toEqual([]);
  expect(ingestion.items()).toHaveLength(1);
  expect(ofType('ExceptionData')[0]).toMatchObject({
    tags: { 'ai.operation.id': operation.id },
    data: { baseData: { exceptions: [{ typeName: 'StoreError', message: 'row not written' }] } },
  });
});

describe('the availability telemetry of a run', () => {
  const steps = [
    'register-publisher',
    'register-subscriber',
    'subscribe',
    'publish',
    'await-notification',
    'receive-value',
  ];
  const crowded = {
    ...failure,
    edge: 'a-name-of-thirty-one-characters',
    transaction: 'push-notification',
    region: 'a-name-of-thirty-one-characters',
    runId: 'a-name-of-thirty-one-characters.push-notification.a-name-of-thirty-one-characters.20261120T231500Z',
    targetFqdn: 'access-edge-pool-with-a-long-name.emea.uc.corp.contoso-holding.example',
    steps: [...success.steps, ...steps.map((name) => ({ name, outcome: 'passed', ms: 25_000.1 }) as const)],
    warnings: success.warnings,
    ...(failure.diagnosis ? { diagnosis: { ...failure.diagnosis, error: `"quoted" ${'é'.repeat(500)}` } } : {}),
  };

  test.each([
    ['a good run', success],
    ['a failed run', failure],
    ['a run with long names, many steps and much to say', crowded],
  ])('is 1.5 KB at most: %s', async (_what, result) => {
    const sender = await start({ roleName: 'func-edge-probes-with-a-name-as-long-as-azure-allows-it-to-be' });

    await sender.send({ runs: [{ result, operation }] });

    const [envelope] = ofType('AvailabilityData');
    expect(envelope && shapeProblems(envelope)).toEqual([]);
    expect(sizeOf(envelope)).toBeGreaterThan(900);
    expect(sizeOf(envelope)).toBeLessThanOrEqual(1_536);
  });

  function sizeOf(envelope: Envelope | undefined): number {
    return Buffer.byteLength(JSON.stringify(envelope));
  }
});

describe('an ingestion endpoint in trouble', () => {
  const partly = '{"itemsReceived":1,"itemsAccepted":0,"errors":[{"index":0,"statusCode":500,"message":"try later"}]}';

  test.each<[string, IngestionAnswer, string]>([
    ['accepts a part', { status: 206, body: partly }, 'ingestion accepted 0 of 1 items'],
    ['refuses the key', { status: 400 }, 'ingestion answered 400 (it refused the instrumentation key or the data)'],
    ['wants a token', { status: 401 }, 'ingestion answered 401 (it wants a token, or another one)'],
    ['has used up the quota', { status: 402 }, 'ingestion answered 402 (the quota is used up)'],
    ['is asked too often', { status: 429 }, 'ingestion answered 429 (too many requests)'],
    [
      'asks for an hour of patience',
      { status: 429, headers: { 'Retry-After': '3600' } },
      'not delivered within 2000 ms',
    ],
    ['breaks', { status: 500, body: 'not JSON' }, 'ingestion answered 500'],
    ['is away', { status: 503 }, 'ingestion answered 503'],
    ['never answers', 'hang', 'not delivered within 2000 ms'],
    [
      'sends elsewhere for ever',
      { status: 308, headers: { Location: 'https://127.0.0.1:1/' } },
      'ingestion was not reached: ECONNREFUSED',
    ],
  ])('that %s holds up nobody and leaves nothing behind', async (_what, answer, trouble) => {
    ingestion.answer(answer);
    const sender = await start();

    const sent = await sender.send({ runs: [{ result: inconclusive, operation }] });
    const { unhandled } = await sender.look();

    expect(sent.trouble).toBe(trouble);
    expect(sent.tookMs).toBeLessThan(capMs);
    expect(unhandled).toEqual([]);
    expect(sender.files()).toEqual([]);
    expect(ingestion.requests.length).toBeGreaterThan(0);
  });

  test('that refuses connections holds up nobody and leaves nothing behind', async () => {
    const sender = await start({
      connectionString: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=https://127.0.0.1:1/`,
    });

    const sent = await sender.send({ runs: [{ result: success, operation }] });
    const { unhandled } = await sender.look();

    expect(sent.trouble).toBe('ingestion was not reached: ECONNREFUSED');
    expect(sent.tookMs).toBeLessThan(capMs);
    expect(unhandled).toEqual([]);
    expect(sender.files()).toEqual([]);
  });

  test('that nobody vouches for gets nothing', async () => {
    const stranger = await startIngestion();
    const sender = await start({ ca: stranger.ca });
    await stranger.stop();

    const { trouble } = await sender.send({ runs: [{ result: success, operation }] });

    expect(trouble).toMatch(/^ingestion was not reached: \w*(CERT|SIGNATURE|ISSUER)\w*$/);
    expect(ingestion.requests).toEqual([]);
  });

  test('that has recovered gets the next run, at once', async () => {
    ingestion.answer({ status: 500 });
    const sender = await start();
    await sender.send({ runs: [{ result: failure, operation }] });
    ingestion.answer(undefined);

    const { trouble } = await sender.send({ runs: [{ result: success, operation }] });

    expect(trouble).toBeNull();
    expect(ofType('AvailabilityData').at(-1)?.data.baseData.success).toBe(true);
  });
});

describe('with an identity', () => {
  const clientId = '99999999-8888-7777-6666-555555555555';

  test.each([
    ['the system-assigned one', {}, null],
    ['a user-assigned one', { clientId }, clientId],
  ])('every request bears a token of it: %s', async (_what, identity, asked) => {
    const endpoint = await startIdentityEndpoint();
    const sender = await start({ identity, env: endpoint.env });

    const { trouble } = await sender.send({ runs: [{ result: success, operation }] });
    await endpoint.stop();

    expect(trouble).toBeNull();
    expect(new Set(ingestion.requests.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${endpoint.token}`]),
    );
    expect(endpoint.requests[0]?.get('resource')).toBe('https://monitor.azure.com');
    expect(endpoint.requests[0]?.get('client_id') ?? null).toBe(asked);
  });

  test('that is refused, nothing is sent and the kind of the refusal is told', async () => {
    const endpoint = await startIdentityEndpoint({ refuses: true });
    const sender = await start({ identity: {}, env: endpoint.env });

    const sent = await sender.send({ runs: [{ result: success, operation }] });
    const { unhandled } = await sender.look();
    await endpoint.stop();

    expect(sent.trouble).toBe('the identity gave no token: AggregateAuthenticationError');
    expect(unhandled).toEqual([]);
    expect(ingestion.requests).toEqual([]);
  });

  test('that gives no answer, nothing is sent and nobody is held up', async () => {
    const endpoint = await startIdentityEndpoint({ hangs: true });
    const sender = await start({ identity: {}, env: endpoint.env });

    const sent = await sender.send({ runs: [{ result: success, operation }] });
    const { unhandled } = await sender.look();
    await endpoint.stop();

    expect(sent.trouble).toBe('not delivered within 2000 ms');
    expect(sent.tookMs).toBeLessThan(capMs);
    expect(unhandled).toEqual([]);
    expect(ingestion.requests).toEqual([]);
  });
});

describe('the SDK', () => {
  test('collects nothing by itself, talks to nobody else, and keeps no process alive', async () => {
    const sender = await start();

    await sender.send({ runs: [{ result: success, operation }] });
    await sender.send({});
    const { connections, replaced } = await sender.look();
    senders.splice(0);

    const { port } = new URL(/https:[^;]*/.exec(ingestion.connectionString)?.[0] ?? '');
    expect(connections).toEqual([`127.0.0.1:${port}`]);
    expect(replaced).toBe(0);
    expect(ingestion.items()).toHaveLength(6);
    expect(await sender.end()).toBe(0);
  });
});
