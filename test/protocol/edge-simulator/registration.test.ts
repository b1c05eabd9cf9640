import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../shared/domain/secret.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { contact, openTcp, openTls, type RawClient, registerText, signIn } from './rawClient.js';

let simulator: EdgeSimulator;
let client: RawClient;

beforeAll(async () => {
  simulator = await startEdgeSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  client = await openTls(simulator);
  return () => {
    client.socket.destroy();
  };
});

describe('the simulated registrar over TLS', () => {
  test('challenges, signs in, lists the binding and removes it', async () => {
    const { challenged, answer } = await signIn(client, simulator.users.pilar);
    const bound = simulator.state().bindings;
    const removed = await signIn(client, simulator.users.pilar, { cseq: 2, lines: [`Contact: ${contact};expires=0`] });

    expect(challenged).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(answer).toContain(`\r\nContact: ${contact};expires=90\r\n`);
    expect(answer).toMatch(
      /\r\nVia: SIP\/2\.0\/TLS client\.invalid:5061;branch=[^;]+;rport=\d+;received=127\.0\.0\.1\r\n/,
    );
    expect(answer).toMatch(/\r\nAuthentication-Info: qop=auth, rspauth="[0-9a-f]{32}"/);
    expect(bound).toMatchObject([{ addressOfRecord: 'sip:pilar@contoso.test' }]);
    expect(removed.answer).not.toContain('\r\nContact:');
    expect(simulator.state().bindings).toEqual([]);
  });

  test('refuses a wrong password and an unknown user alike, with a new challenge', async () => {
    const password = new Secret('wrong');
    const wrong = await signIn(client, { ...simulator.users.kenmyer, password });
    const unknown = await signIn(client, { sipAddress: 'sip:nobody@contoso.test', userName: 'nobody', password });

    expect(wrong.answer).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(unknown.answer).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(simulator.state().signIns).toMatchObject({ kenmyer: { accepted: 0, refused: 1 } });
    expect(JSON.stringify(simulator.state())).not.toContain(simulator.users.kenmyer.password.reveal());
  });

  test('drops the bindings of a connection when it is closed', async () => {
    await signIn(client, simulator.users.pilar);
    client.socket.end();
    await client.closed();

    await expect.poll(() => simulator.state().bindings).toEqual([]);
  });

  test('answers a ping with a pong while nothing else goes on', async () => {
    client.send('\r\n\r\n');

    expect(await client.next(/^\r\n/)).toBe('\r\n');
    expect(await client.silence()).toBe('');
  });

  test('understands a request that comes in many packets, and two in one packet', async () => {
    for (const character of registerText()) client.send(character);
    const first = await client.next();
    client.send(registerText({ cseq: 7 }) + registerText({ cseq: 8 }));
    const second = await client.next();
    const third = await client.next();

    expect(first).toMatch(/^SIP\/2\.0 401/);
    expect(second).toContain('\r\nCSeq: 7 REGISTER\r\n');
    expect(third).toContain('\r\nCSeq: 8 REGISTER\r\n');
  });

  test('answers a malformed request with 400 and closes', async () => {
    client.send(registerText().replace('Call-ID', 'X-Call-ID'));

    expect(await client.next()).toMatch(/^SIP\/2\.0 400 call-id is missing\r\n/);
    expect(await client.closed()).toBeUndefined();
  });

  test('closes on bytes that are no SIP, and on a header that does not end', async () => {
    const other = await openTls(simulator);
    client.send('GET / HTTP/1.1\r\nHost: sip.contoso.test\r\n\r\n');
    other.send('a'.repeat(100_000));

    await client.closed();
    await other.closed();
    expect(simulator.state().malformed).toBeGreaterThanOrEqual(2);
  });

  test('is still there after a client that vanishes in the middle of everything', async () => {
    client.send(registerText().slice(0, 50));
    client.socket.destroy();
    const early = await openTcp(simulator);
    early.socket.resetAndDestroy();

    const next = await openTls(simulator);
    const { answer } = await signIn(next, simulator.users.pilar);

    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    next.socket.destroy();
  });
});

test('without TLS the same registrar answers', async () => {
  const plain = await startEdgeSimulator({ transport: 'tcp' });
  const tcp = await openTcp(plain);

  const { answer } = await signIn(tcp, plain.users.pilar);
  tcp.socket.destroy();
  await plain.close();

  expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
});

test('close ends every connection and frees the port', async () => {
  const own = await startEdgeSimulator({ control: true });
  const open = await openTls(own);

  await own.close();

  await open.closed();
  await expect(openTls(own)).rejects.toThrow('ECONNREFUSED');
  await expect(fetch(`${own.controlUrl}/state`)).rejects.toThrow('fetch failed');
});
