import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { makeDeployedFolder } from './deployedFolder.js';
import { eventually, type LocalFolder, type LocalProcess } from './localFolder.js';

const never = '0 0 0 1 1 *';
const edgeNames = ['contoso', 'often', 'twice', 'wrong', 'busy'] as const;

let edge: EdgeSimulator;
let slowEdge: EdgeSimulator;
let folder: LocalFolder;
let local: LocalProcess;
let url: string;
let key: string;
beforeAll(async () => {
  [edge, slowEdge] = await Promise.all([startEdgeSimulator(), startEdgeSimulator({ faults: ['late-answer=3000'] })]);
  const one = { simulator: edge, user: 'pilar', passwordVariable: 'PILAR_PASSWORD', schedule: never } as const;
  const slow = { ...one, simulator: slowEdge, passwordVariable: 'SLOW_PASSWORD' };
  folder = await makeDeployedFolder([
    { ...one, name: 'contoso' },
    { ...one, name: 'often' },
    { ...slow, name: 'twice' },
    { ...one, name: 'wrong', user: 'kenmyer', passwordVariable: 'WRONG_PASSWORD' },
    { ...slow, name: 'busy', schedule: '* * * * * *' },
  ]);
  local = folder.start({
    PILAR_PASSWORD: edge.users.pilar.password.reveal(),
    SLOW_PASSWORD: slowEdge.users.pilar.password.reveal(),
    WRONG_PASSWORD: 'not this one',
  });
  url = (await local.said(/listens on (\S+)/))[1] ?? '';
  key = readFileSync(join(folder.dataDir, 'function.key'), 'utf8').trim();
}, 40_000);
afterAll(async () => {
  local.kill('SIGKILL');
  await local.exited;
  await Promise.all([edge.close(), slowEdge.close()]);
  folder.remove();
});

/** Asks for a run of registration, with the key unless told otherwise. */
const post = (path: string, init: RequestInit = {}) =>
  fetch(`${url}/api/run/${path}`, { method: 'POST', headers: { 'x-functions-key': key }, ...init });

async function errorOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { readonly error?: unknown }).error;
}

describe('POST /api/run/{edge}/{transaction}', () => {
  test('answers with the whole result of the run it waited for, and stores it, but not as a state', async () => {
    const answer = await post('contoso/registration');
    const result = (await answer.json()) as Record<string, unknown>;

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(result).toMatchObject({
      schema: 1,
      trigger: 'on-demand',
      edge: 'contoso',
      transaction: 'registration',
      outcome: 'success',
      observations: { remoteAddress: `127.0.0.1:${edge.port}` },
    });
    expect((result.steps as { readonly name: string }[]).map(({ name }) => name)).toEqual([
      'resolve',
      'connect',
      'tls',
      'register',
      'unregister',
    ]);
    expect(await storedRunIds(String(result.startedAt))).toContain(result.runId);
    expect(await stateOf('contoso')).toBe('unknown');
  });

  test('answers 200 also when the edge is at fault', async () => {
    await edge.setFault('register-403');
    const answer = await post('contoso/registration');
    await edge.clearFault('register-403');

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ outcome: 'failure', diagnosis: { step: 'register' } });
  });

  test('answers 401 without the key, with a wrong one, and with one in the address', async () => {
    const answers = await Promise.all([
      post('contoso/registration', { headers: {} }),
      post('contoso/registration', { headers: { 'x-functions-key': `${key}x` } }),
      post(`contoso/registration?code=${key}`, { headers: {} }),
      post('nothing/here', { headers: {} }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
      Array(4).fill('The header x-functions-key must hold the key.\n'),
    );
  });

  test('answers 404 to who holds the key with what there is', async () => {
    const answers = await Promise.all([post('nothing/registration'), post('contoso/presence')]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(await Promise.all(answers.map(errorOf))).toEqual([
      `no such edge; there is ${edgeNames.map((name) => `${name}/registration`).join(', ')}`,
      'no such transaction of this edge; there is contoso/registration',
    ]);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const answer = await post('contoso/registration', { method });

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('refuses a body that it does not understand, or that is too long', async () => {
    const answers = await Promise.all([
      post('contoso/registration', { body: '{"forced": true}' }),
      post('contoso/registration', { body: 'x'.repeat(2_000) }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 413]);
  });

  test('leaves a refused account alone until it is forced', async () => {
    const refused = () => (edge.state().signIns as Record<string, { readonly refused: number }>).kenmyer?.refused;
    const ask = async (path: string, init: RequestInit = {}) => {
      const { diagnosis } = (await (await post(path, init)).json()) as {
        readonly diagnosis?: { readonly code: string };
      };
      return [diagnosis?.code, refused()];
    };

    expect(await ask('wrong/registration')).toEqual(['AUTH_CREDENTIALS_REJECTED', 1]);
    expect(await ask('wrong/registration')).toEqual(['AUTH_ACCOUNT_PARKED', 1]);
    expect(await ask('wrong/registration?force=true')).toEqual(['AUTH_CREDENTIALS_REJECTED', 2]);
    expect(await ask('wrong/registration', { body: '{"force": true}' })).toEqual(['AUTH_CREDENTIALS_REJECTED', 3]);
    expect(await ask('wrong/registration?force=false')).toEqual(['AUTH_ACCOUNT_PARKED', 3]);
  });

  test('answers 429 from the seventh of an edge in a minute on, and says when to come again', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await post('often/registration')).status);
    const seventh = await post('often/registration');

    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    expect(seventh.status).toBe(429);
    expect(Number(seventh.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(seventh.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await errorOf(seventh)).toMatch(/^more than 6 runs a minute of one edge: try again in \d+ s$/);
  });

  test('answers 409 while the same is being run on demand', async () => {
    const before = slowEdge.state().connections.accepted;
    const first = post('twice/registration');
    await eventually(
      () => (slowEdge.state().connections.accepted > before ? true : undefined),
      () => 'the first did not begin',
    );

    const second = await post('twice/registration');

    expect([second.status, await errorOf(second)]).toEqual([
      409,
      'this transaction is being run on demand at this moment',
    ]);
    expect((await first).status).toBe(200);
  });

  test('answers 409 when a scheduled run has the accounts for longer than a caller should wait', async () => {
    await eventually(
      () => (JSON.stringify(slowEdge.state().bindings).includes('pilar') ? true : undefined),
      () => 'no scheduled run signed in',
    );

    const answer = await post('busy/registration');

    expect([answer.status, await errorOf(answer)]).toEqual([
      409,
      'another run is using its test accounts: try again in a moment',
    ]);
  });
});

/** The runs in this month's table. */
async function storedRunIds(startedAt: string): Promise<unknown[]> {
  const connection = readFileSync(join(folder.dataDir, 'storage-connection-string'), 'utf8').trim();
  const name = `Results${startedAt.slice(0, 7).replace('-', '')}`;
  const table = TableClient.fromConnectionString(connection, name, { allowInsecureConnection: true });
  const ids: unknown[] = [];
  for await (const row of table.listEntities()) ids.push(row.runId);
  return ids;
}

async function stateOf(name: string): Promise<string | undefined> {
  const document = (await (await fetch(`${url}/api/status`)).json()) as {
    readonly edges: readonly { readonly name: string; readonly state: string }[];
  };
  return document.edges.find((one) => one.name === name)?.state;
}
