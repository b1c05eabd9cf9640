import { type ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { makeAuthority } from '../../edge-simulator/certificates.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { openTcp, openTls, registerText, signIn } from './rawClient.js';

/** OpenSSL 3.5, in Node 22, renamed the alerts that SSL 3 already had. */
const openSsl35 = 'SSL/TLS';

let simulator: EdgeSimulator;
const on: string[] = [];

beforeAll(async () => {
  simulator = await startEdgeSimulator();
});
afterAll(() => simulator.close());
afterEach(async () => {
  for (const name of on.splice(0)) await simulator.clearFault(name);
  await expect.poll(() => simulator.state().connections.open).toBe(0);
});

async function fault(name: string): Promise<void> {
  await simulator.setFault(name);
  on.push(name);
}

/** The TLS version and the certificate of a handshake that succeeds; rejects with the code of one that does not. */
async function handshake(options: ConnectionOptions = {}): Promise<string> {
  const { socket } = await openTls(simulator, options);
  if (!(socket instanceof TLSSocket)) throw new Error('not a TLS connection');
  const protocol = socket.getProtocol();
  const days = (Date.parse(socket.getPeerCertificate().valid_to) - systemClock.now()) / 86_400_000;
  socket.destroy();
  return `${protocol}, ${Math.floor(days)} days left`;
}

describe('faults below SIP', () => {
  test('refuse-connection closes the port, and clearing it opens the same port again', async () => {
    const { port } = simulator;
    await fault('refuse-connection');
    const refused = await handshake().catch((error: Error) => error.message);
    await simulator.clearFault('refuse-connection');

    expect(refused).toBe('ECONNREFUSED');
    expect(simulator.port).toBe(port);
    expect(await handshake()).toBe('TLSv1.3, 90 days left');
  });

  test('refuse-connection switched on and off many times at once ends in the last state', async () => {
    await Promise.all([
      simulator.setFault('refuse-connection'),
      simulator.clearFault('refuse-connection'),
      simulator.setFault('refuse-connection'),
      simulator.clearFault('refuse-connection'),
    ]);

    expect(await handshake()).toBe('TLSv1.3, 90 days left');
  });

  test('close-after-connect closes before the handshake', async () => {
    await fault('close-after-connect');

    await expect(handshake()).rejects.toThrow(/^(ECONNRESET|ended)$/);
  });

  test('silent-after-connect accepts and never answers', async () => {
    await fault('silent-after-connect');
    const client = await openTcp(simulator);
    client.send('\u0016\u0003\u0001');

    expect(await client.silence()).toBe('');
    client.socket.destroy();
  });

  test('plain-text answers the handshake in clear', async () => {
    await fault('plain-text');
    const client = await openTcp(simulator);
    client.send('\u0016\u0003\u0001');

    expect(await client.next()).toMatch(/^SIP\/2\.0 400 Bad Request\r\n/);
    client.socket.destroy();
    await expect(handshake()).rejects.toThrow('ERR_SSL_WRONG_VERSION_NUMBER');
  });

  test('silent-after-tls completes the handshake and answers nothing', async () => {
    await fault('silent-after-tls');
    const client = await openTls(simulator);
    client.send(`${registerText()}\r\n\r\n`);

    expect(await client.silence()).toBe('');
    client.socket.destroy();
  });

  test.each([
    ['certificate-expired', 'CERT_HAS_EXPIRED'],
    ['certificate-not-yet-valid', 'CERT_NOT_YET_VALID'],
    ['certificate-wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['certificate-untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['certificate-self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['client-certificate-required-tls12', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
    ['tls-1.1-only', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['no-shared-cipher', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
  ])('%s acts on the next connection and on no later one: %s', async (name, code) => {
    await fault(name);
    const first = await handshake().catch((error: Error) => error.message);
    await simulator.clearFault(name);

    expect(first.replace(openSsl35, 'SSLV3')).toBe(code);
    expect(await handshake()).toBe('TLSv1.3, 90 days left');
  });

  test('certificate-soon is trusted and ends in five days', async () => {
    await fault('certificate-soon');

    expect(await handshake()).toBe('TLSv1.3, 5 days left');
  });

  test('tls-1.1-only serves a client that accepts TLS 1.1', async () => {
    await fault('tls-1.1-only');

    expect(await handshake({ minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).toBe('TLSv1.1, 90 days left');
  });

  test('client-certificate-required refuses with alert 116 after the handshake, whatever the client sent meanwhile', async () => {
    await fault('client-certificate-required');

    for (let attempt = 0; attempt < 20; attempt += 1) {
      const client = await openTls(simulator);
      client.send(registerText());

      expect(await client.closed()).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    }
  });

  test('client-certificate-required does not serve a client whose certificate another authority issued', async () => {
    await fault('client-certificate-required');
    const stranger = await (await makeAuthority()).issue({ names: ['client.contoso.test'] });
    const client = await openTls(simulator, { key: stranger.key, cert: stranger.cert });
    client.send(registerText());

    await client.closed();
    expect(client.unread).toBe('');
  });

  test('faults from the start are on from the start, refuse-connection with a port of its own', async () => {
    const own = await startEdgeSimulator({ faults: ['refuse-connection'] });
    const refused = await openTls(own).catch((error: Error) => error.message);
    await own.clearFault('refuse-connection');
    const client = await openTls(own);
    const { answer } = await signIn(client, own.users.pilar);
    client.socket.destroy();
    await own.close();

    expect(own.port).toBeGreaterThan(0);
    expect(refused).toBe('ECONNREFUSED');
    expect(answer).toMatch(/^SIP\/2\.0 200 OK/);
  });
});
