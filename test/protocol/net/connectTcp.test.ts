import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import type { AccessEdgeTarget, Candidate } from '../../../shared/protocols/net/target.js';
import { FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import { type OpenServer, openTcpServer } from '../../fixtures/openServer.js';
import { openSilentPort } from '../../fixtures/silentPort.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();
const servers: OpenServer[] = [];

async function serve(host?: string): Promise<OpenServer> {
  const server = await openTcpServer(() => {}, host);
  servers.push(server);
  return server;
}

async function closedPort(): Promise<number> {
  const server = await openTcpServer(() => {});
  await server.close();
  return server.port;
}

function candidate(port: number, addresses: readonly string[], host = 'sip.contoso.example'): Candidate {
  return { host, port, tlsName: host, addresses };
}

function target(...candidates: Candidate[]): AccessEdgeTarget {
  return { fqdn: 'sip.contoso.example', transport: 'tls', candidates };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('connecting over TCP', () => {
  test.each([
    ['127.0.0.1', (port: number) => `127.0.0.1:${port}`],
    ['::1', (port: number) => `[::1]:${port}`],
  ])('to %s tells whom it reached', async (address, shown) => {
    const server = await serve(address);
    const scope = new FakeScope();

    const tcp = await connectTcp(target(candidate(server.port, [address])), systemClock, scope);

    expect(tcp.peer).toBe(`sip.contoso.example at ${shown(server.port)}`);
    expect(scope.observations).toEqual([{ remoteAddress: shown(server.port) }]);
    expect(scope.warnings).toEqual([]);
    tcp.close();
    tcp.close();
    await server.idle();
  });

  test('goes on to IPv4 where IPv6 refuses, with a warning that names the address', async () => {
    const server = await serve();
    const scope = new FakeScope();

    const tcp = await connectTcp(target(candidate(server.port, ['::1', '127.0.0.1'])), systemClock, scope);

    expect(tcp.peer).toBe(`sip.contoso.example at 127.0.0.1:${server.port}`);
    expect(scope.warnings).toEqual([
      { code: 'TCP_ADDRESS_UNREACHABLE', message: `[::1]:${server.port} (connection refused)` },
    ]);
    tcp.close();
  });

  test('goes on to the next server where the preferred one refuses, with a warning that names it', async () => {
    const [server, port] = [await serve(), await closedPort()];
    const scope = new FakeScope();
    const first = candidate(port, ['127.0.0.1'], 'a.contoso.example');
    const gone = { ...candidate(5061, [], 'gone.contoso.example'), unusable: 'address of gone.contoso.example: no' };

    const tcp = await connectTcp(
      target(gone, first, candidate(server.port, ['127.0.0.1'], 'b.contoso.example')),
      systemClock,
      scope,
    );

    expect(tcp.candidate.host).toBe('b.contoso.example');
    expect(scope.warnings).toEqual([
      {
        code: 'TCP_TARGET_UNREACHABLE',
        message: 'gone.contoso.example:5061 was passed over: address of gone.contoso.example: no',
      },
      {
        code: 'TCP_TARGET_UNREACHABLE',
        message: `a.contoso.example:${port} was passed over: 127.0.0.1:${port} (connection refused)`,
      },
    ]);
    tcp.close();
  });

  test('to a port where nobody listens is refused, with every address and its fate', async () => {
    const port = await closedPort();

    const found = await diagnosisOf(
      connectTcp(target(candidate(port, ['::1', '127.0.0.1'])), systemClock, new FakeScope()),
    );

    expect(found).toMatchObject({
      code: 'TCP_CONNECTION_REFUSED',
      fault: 'target',
      error: `no TCP connection to [::1]:${port} (connection refused); 127.0.0.1:${port} (connection refused)`,
    });
  });

  test('to a server that stays silent ends with the deadline', async (context) => {
    const silent = await openSilentPort();
    if (!silent) return context.skip('this kernel answers although the queue of the port is full');

    const found = await diagnosisOf(
      connectTcp(target(candidate(silent.port, ['127.0.0.1'])), systemClock, scopeFor(300)),
    );

    expect(found).toMatchObject({
      code: 'TCP_CONNECT_TIMEOUT',
      fault: 'target',
      error: `no TCP connection to 127.0.0.1:${silent.port} (no answer within 300 ms)`,
    });
    await silent.close();
  });

  test('past a silent address reaches the next one, and drops the silent attempt', async (context) => {
    const silent = await openSilentPort();
    if (!silent) return context.skip('this kernel answers although the queue of the port is full');
    const server = await serve();
    const scope = new FakeScope();

    const tcp = await connectTcp(
      target(
        candidate(silent.port, ['127.0.0.1'], 'a.contoso.example'),
        candidate(server.port, ['127.0.0.1'], 'b.contoso.example'),
      ),
      systemClock,
      scope,
    );

    expect(tcp.candidate.host).toBe('b.contoso.example');
    expect(scope.warnings).toEqual([
      {
        code: 'TCP_TARGET_UNREACHABLE',
        message: `a.contoso.example:${silent.port} was passed over: no answer yet when the next one was tried`,
      },
    ]);
    tcp.close();
    await silent.close();
  });

  test('to an address for which this machine has no route is our own trouble', async () => {
    // TCP has no route to a multicast address, wherever this runs.
    const found = await diagnosisOf(connectTcp(target(candidate(5061, ['224.0.0.1'])), systemClock, scopeFor(2_000)));

    expect(found).toMatchObject({
      code: 'TCP_NO_ROUTE',
      fault: 'prober',
      error: 'no TCP connection to 224.0.0.1:5061 (no route from here)',
    });
  });

  test('without a route in one family is decided by the other, and earns no warning', async () => {
    const server = await serve();
    const scope = new FakeScope();

    const tcp = await connectTcp(target(candidate(server.port, ['224.0.0.1', '127.0.0.1'])), systemClock, scope);

    expect(tcp.peer).toBe(`sip.contoso.example at 127.0.0.1:${server.port}`);
    expect(scope.warnings).toEqual([]);
    tcp.close();
  });

  test('that is reset before anybody listens is no uncaught exception', async () => {
    const accepted: Socket[] = [];
    const server = await openTcpServer((socket) => accepted.push(socket));
    servers.push(server);

    const tcp = await connectTcp(target(candidate(server.port, ['127.0.0.1'])), systemClock, new FakeScope());
    while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
    tcp.socket.resume();
    const closed = new Promise((resolve) => tcp.socket.once('close', resolve));
    accepted[0]?.resetAndDestroy();

    expect(await closed).toBe(true);
  });
});
