import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleHost, startSample } from './sampleApp.js';

const source = `
const sent = [];
app.hook.preInvocation((context) => { context.hookData.seen = 'yes'; });
app.hook.postInvocation((context) => { if (context.result?.headers) context.result.headers['x-hook'] = context.hookData.seen; });
app.get('echo', {
  route: 'api/echo/{edge}/{number:int?}', authLevel: 'anonymous',
  handler: (request, context) => ({
    headers: { 'x-trace': context.traceContext.traceParent },
    jsonBody: { method: request.method, params: request.params, force: request.query.get('force'), agent: request.headers.get('x-agent'),
      principal: request.headers.get('x-ms-client-principal'), url: request.url },
  }),
});
app.http('keyed', {
  route: 'api/run/{edge}', methods: ['POST'], authLevel: 'function',
  handler: async (request) => ({ status: 201, headers: {}, body: Buffer.from(await request.arrayBuffer()) }),
});
app.get('page', { route: '/', authLevel: 'anonymous', handler: () => ({ headers: { 'content-type': 'text/html' }, body: '<p>' }) });
app.get('nothing', { authLevel: 'anonymous', handler: () => undefined });
app.get('throwing', { authLevel: 'anonymous', handler: () => { throw new Error('the secret of the handler'); } });
app.get('rejecting', { authLevel: 'anonymous', handler: async () => Promise.reject(undefined) });
app.get('splitting', { authLevel: 'anonymous', handler: () => ({ status: 999 }) });
app.get('hanging', { authLevel: 'anonymous', handler: () => new Promise(() => {}) });
app.get('off', { authLevel: 'anonymous', handler: () => ({ body: 'on' }) });
`;

let host: SampleHost;
beforeAll(async () => {
  const settings = { 'AzureWebJobs.off.Disabled': 'true' };
  host = await startSample({ source, settings, hostJson: { functionTimeout: '00:00:01' } });
});
afterAll(() => host.end());

const get = (path: string, init: RequestInit = {}) => fetch(`${host.url}${path}`, init);
const key = () => readFileSync(join(host.folder, 'function.key'), 'utf8').trim();

/** fetch does not let a caller choose the Host header. */
function statusFor(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${host.url}/api/echo/a`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
}

/** Sends bytes as they are and reads to the end. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('an anonymous function', () => {
  test('gets method, parameters, query and headers, and its answer passes the hooks', async () => {
    const answer = await get('/api/echo/con%20toso/7?force=true', { headers: { 'x-agent': 'curl' } });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-hook')).toBe('yes');
    expect(answer.headers.get('x-trace')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(await answer.json()).toEqual({
      method: 'GET',
      params: { edge: 'con toso', number: '7' },
      force: 'true',
      agent: 'curl',
      principal: null,
      url: `${host.url}/api/echo/con%20toso/7?force=true`,
    });
  });

  test('answers at / and answers HEAD without a body', async () => {
    const page = await get('/');
    const head = await get('/', { method: 'HEAD' });

    expect(await page.text()).toBe('<p>');
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/html', '']);
  });

  test('answers 204 when it returns nothing', async () => {
    expect((await get('/nothing')).status).toBe(204);
  });

  test('cannot be told by a client who has signed in', async () => {
    const answer = await get('/api/echo/a', { headers: { 'x-ms-client-principal': 'e30=' } });

    expect(await answer.json()).toMatchObject({ principal: null });
  });
});

describe('what is not there', () => {
  test.each(['/api', '/api/echo/a/seven', '/off', '/api/echo/a/7/8'])('%s is 404', async (path) => {
    const answer = await get(path);

    expect([answer.status, await answer.text()]).toEqual([404, 'There is nothing here.\n']);
  });

  test('a wrong method is 405 and names the right ones', async () => {
    const answer = await get('/api/run/a');

    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([405, 'POST', 'Use POST.\n']);
  });

  test('a broken escape is 400', async () => {
    expect((await get('/api/echo/%zz')).status).toBe(400);
  });
});

describe('a function with a key', () => {
  const post = (headers: Record<string, string>, body = 'hello', path = '/api/run/a') =>
    get(path, { method: 'POST', headers, body });

  test('answers with the key of the data folder, which its owner alone can read', async () => {
    const answer = await post({ 'x-functions-key': key() });

    expect([answer.status, await answer.text()]).toEqual([201, 'hello']);
    expect(statSync(host.keyFile).mode & 0o777).toBe(0o600);
  });

  test('refuses without a key, with a wrong one, and with one in the address', async () => {
    const missing = await post({});
    const wrong = await post({ 'x-functions-key': `${key()}x` });
    const inAddress = await post({}, '', `/api/run/a?code=${key()}`);

    expect([missing.status, wrong.status, inAddress.status]).toEqual([401, 401, 401]);
    expect(await missing.text()).toBe('The header x-functions-key must hold the key.\n');
  });

  test('takes 1 MiB and refuses more, announced or not', async () => {
    const mebibyte = 'a'.repeat(1024 * 1024);
    const headers = { 'x-functions-key': key() };
    const unannounced = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(mebibyte));
        controller.enqueue(Buffer.from('b'));
        controller.close();
      },
    });

    const fits = await post(headers, mebibyte);
    const announced = await post(headers, `${mebibyte}b`);
    const streamed = await get('/api/run/a', { method: 'POST', headers, body: unannounced, duplex: 'half' });

    expect([fits.status, announced.status, streamed.status]).toEqual([201, 413, 413]);
    expect(await announced.text()).toBe('The body may have at most 1048576 bytes.\n');
  });
});

describe('a handler that fails', () => {
  test.each(['/throwing', '/rejecting'])('%s is 500 without the reason, and the host goes on', async (path) => {
    const answer = await get(path);

    expect([answer.status, await answer.text()]).toEqual([500, 'The function failed. The log says why.\n']);
    expect((await get('/nothing')).status).toBe(204);
  });

  test('leaves the reason in the log', async () => {
    await get('/throwing');

    expect(await host.said('the secret of the handler')).toMatch(
      /^throwing {2}failed {2}Error: the secret of the handler\n/,
    );
  });

  test('with an impossible status is 500', async () => {
    expect((await get('/splitting')).status).toBe(500);
  });

  test('with no end is reported as timed out by functionTimeout', async () => {
    const answer = await get('/hanging');

    expect([answer.status, await answer.text()]).toEqual([504, 'The function did not end in time.\n']);
    expect(await host.said('timed out')).toBe('hanging  timed out after 1000 ms (functionTimeout in host.json)');
  });
});

describe('a foreign Host header', () => {
  test('is refused: a page of another site may not read what is here', async () => {
    expect(await statusFor({ host: 'evil.example' })).toBe(421);
    expect(await statusFor({ host: `localhost:${new URL(host.url).port}` })).toBe(200);
  });

  test('cannot come in through the request target', async () => {
    const absolute = await raw('GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const twoSlashes = await raw('GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const missing = await raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n');

    expect([absolute, twoSlashes, missing].map((answer) => answer.slice(9, 12))).toEqual(['400', '404', '400']);
  });
});

test('what is no HTTP, or has no end to its headers, is answered 4xx and the host goes on', async () => {
  const garbage = await raw('\u0016\u0003\u0001 hello\r\n\r\n');
  const endless = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'a'.repeat(100_000)}`);

  expect(garbage).toMatch(/^HTTP\/1.1 400 /);
  expect(endless).toMatch(/^HTTP\/1.1 431 /);
  expect((await get('/nothing')).status).toBe(204);
});

test('a function can be disabled by its setting', () => {
  expect(host.functions()).toContainEqual({ kind: 'disabled', name: 'off' });
});

test('a taken port is refused with the setting to change', async () => {
  const { port } = new URL(host.url);

  await expect(startSample({ source, port: Number(port) })).rejects.toThrow(
    new Error(
      `port ${port} of 127.0.0.1 is taken by another program: end it, or set PORT to a free port (0 picks one)`,
    ),
  );
});
