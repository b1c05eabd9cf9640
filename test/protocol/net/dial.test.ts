import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { dial } from '../../../shared/protocols/net/dial.js';
import { type OpenServer, openTcpServer } from '../../fixtures/openServer.js';
import { openSilentPort } from '../../fixtures/silentPort.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();
const quiet = () => new AbortController().signal;
const servers: OpenServer[] = [];

async function serve(...args: Parameters<typeof openTcpServer>): Promise<OpenServer> {
  const server = await openTcpServer(...args);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('dialling', () => {
  test.each(['127.0.0.1', '::1'])('%s opens a connection', async (address) => {
    const server = await serve((socket) => socket.end('hello'), address);

    const socket = await dial(address, server.port, quiet());
    const [data] = await once(socket, 'data');
    socket.destroy();

    expect(String(data)).toBe('hello');
    await server.idle();
  });

  test('a port where nobody listens is refused', async () => {
    const server = await openTcpServer(() => {});
    await server.close();

    await expect(dial('127.0.0.1', server.port, quiet())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a port that stays silent ends with the reason of the signal, and nothing is left open', async (context) => {
    const silent = await openSilentPort();
    if (!silent) return context.skip('this kernel answers although the queue of the port is full');
    const controller = new AbortController();

    const dialled = dial('127.0.0.1', silent.port, controller.signal);
    controller.abort(new Error('time is up'));

    await expect(dialled).rejects.toThrow('time is up');
    await silent.close();
  });

  test('under a signal that has aborted already opens nothing', async () => {
    const server = await serve(() => {});

    await expect(dial('127.0.0.1', server.port, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await server.idle();
  });

  test('leaves the socket without listeners of its own, and deaf to the signal', async () => {
    const server = await serve(() => {});
    const controller = new AbortController();

    const socket = await dial('127.0.0.1', server.port, controller.signal);
    controller.abort(new Error('too late'));

    expect(socket.destroyed).toBe(false);
    expect([socket.listenerCount('error'), socket.listenerCount('connect')]).toEqual([0, 0]);
    socket.destroy();
    await server.idle();
  });

  test.each([-1, 65_536, Number.NaN])('port %d is an error, not a crash', async (port) => {
    await expect(dial('127.0.0.1', port, quiet())).rejects.toThrow();
  });
});
