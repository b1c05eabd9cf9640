import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { httpsGet } from '../../../shared/protocols/lync/discovery/httpsGet.js';
import { secureContext } from '../../../shared/protocols/net/trust.js';
import { type Leaf, makeAuthority } from '../../edge-simulator/certificates.js';

const host = 'lyncdiscover.contoso.test';
let leaf: Leaf;
let server: Server;
beforeAll(async () => {
  leaf = await (await makeAuthority()).issue({ names: [host] });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(
  answer: (write: (text: string) => void, end: () => void, headers: object) => void,
): Promise<number> {
  server = createServer({ key: leaf.key, cert: leaf.cert }, (request, response) =>
    answer(
      (text) => void response.write(text),
      () => void response.end(),
      request.headers,
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const ask = (port: number, ca: string | undefined, signal = AbortSignal.timeout(5000)) => {
  const context = secureContext({ ca, minVersion: 'TLSv1.2', warnDays: 21 });
  return httpsGet({ address: '127.0.0.1', host, port, accept: 'x/y', secureContext: context }, signal);
};

describe('asking the autodiscover service', () => {
  test('brings status and body, under the name that was asked for', async () => {
    let seen: unknown;
    const port = await serve((write, end, headers) => {
      seen = headers;
      write('<Link token="User" href="h"/>');
      end();
    });

    expect(await ask(port, leaf.ca)).toEqual({ status: 200, body: '<Link token="User" href="h"/>' });
    expect(seen).toMatchObject({ host, accept: 'x/y' });
  });

  test('takes no more than 64 KiB from a server that never ends', async () => {
    const port = await serve((write) => {
      for (let count = 0; count < 40; count += 1) write('a'.repeat(10_000));
    });

    expect((await ask(port, leaf.ca)).body).toHaveLength(65_536);
  });

  test('refuses a certificate that nobody trusts, and gives up when it is told to', async () => {
    const port = await serve(() => {});

    await expect(ask(port, undefined)).rejects.toThrow(/certificate/);
    await expect(ask(port, leaf.ca, AbortSignal.timeout(200))).rejects.toThrow(/abort/);
  });
});
