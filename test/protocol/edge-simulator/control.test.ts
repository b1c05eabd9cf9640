import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../edge-simulator/faults/catalogue.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { openTls } from './rawClient.js';

let simulator: EdgeSimulator;
beforeAll(async () => {
  simulator = await startEdgeSimulator({ control: true });
});
afterAll(() => simulator.close());

async function call(method: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${simulator.controlUrl}${path}`, { method });
  return { status: response.status, body: await response.json() };
}

describe('the control address', () => {
  test('lists every fault with its description, all off', async () => {
    const { status, body } = await call('GET', '/faults');

    expect(status).toBe(200);
    expect(body).toMatchObject(faults.map(({ name, description }) => ({ name, description, on: false })));
  });

  test('switches a fault on and off while the simulator runs', async () => {
    const set = await call('PUT', '/faults/certificate-expired');
    const expired = await openTls(simulator).catch((error: Error) => error.message);
    const cleared = await call('DELETE', '/faults/certificate-expired');
    const client = await openTls(simulator);
    client.socket.destroy();

    expect(set).toMatchObject({ status: 200, body: { name: 'certificate-expired', on: true } });
    expect(expired).toBe('CERT_HAS_EXPIRED');
    expect(cleared).toMatchObject({ status: 200, body: { name: 'certificate-expired', on: false } });
  });

  test('takes a delay, and refuses one where there is none', async () => {
    const taken = await call('PUT', '/faults/slow?delayMs=7');
    const refused = await call('PUT', '/faults/garbage?delayMs=7');
    await call('DELETE', '/faults/slow');

    expect(taken.body).toMatchObject({ name: 'slow', on: true, delayMs: 7 });
    expect(refused).toEqual({ status: 400, body: { error: 'garbage: this fault has no delay' } });
  });

  test('answers 404 to an unknown fault and names those that exist', async () => {
    const known = faults.map(({ name }) => name).join(', ');

    for (const method of ['PUT', 'DELETE']) {
      expect(await call(method, '/faults/No_Such')).toEqual({
        status: 404,
        body: { error: `No_Such: no such fault; there are ${known}` },
      });
    }
  });

  test('shows connections, requests and sign-ins, and no password', async () => {
    const { status, body } = await call('GET', '/state');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      connections: { open: expect.any(Number), accepted: expect.any(Number) },
      requests: {},
      bindings: [],
      signIns: { pilar: { accepted: 0, refused: 0 }, kenmyer: { accepted: 0, refused: 0 } },
    });
    expect(JSON.stringify(body)).not.toContain(simulator.users.pilar.password.reveal());
  });

  test('refuses a foreign Host header', async () => {
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${simulator.controlUrl}/state`, { headers: { Host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });

    expect(status).toBe(403);
  });
});
