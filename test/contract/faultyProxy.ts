import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectionStringOf } from './azurite.js';

/** What happens to requests: passed on late, refused with a status, passed on without their answer coming back, or never answered. */
export type Trouble =
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'answer-lost' }
  | { readonly kind: 'silent' };

/** A table service that has troubles of a test's choice. */
export interface FaultyProxy {
  /** Leads through the proxy. */
  readonly connectionString: string;
  /** Undefined passes everything on. */
  trouble: Trouble | undefined;
  stop(): void;
}

/** Starts one before a table service, on a free loopback port. The signatures of requests cover the path, but not the port. */
export async function startFaultyProxy(tablePort: () => number): Promise<FaultyProxy> {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  const proxy: FaultyProxy = {
    get connectionString() {
      return connectionStringOf((server.address() as AddressInfo).port);
    },
    trouble: undefined,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { trouble } = proxy;
    if (trouble?.kind === 'silent') return;
    if (trouble?.kind === 'status') {
      // What throttled storage says, in its own shape.
      const body = JSON.stringify({ 'odata.error': { code: 'ServerBusy', message: { lang: 'en-US', value: 'busy' } } });
      incoming.resume();
      outgoing.writeHead(trouble.status, { 'content-type': 'application/json' }).end(body);
      return;
    }
    if (trouble?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, trouble.ms));
    passOn(incoming, outgoing, trouble?.kind === 'answer-lost');
  }
  function passOn(incoming: IncomingMessage, outgoing: ServerResponse, loseAnswer: boolean): void {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const passed = request({ host: '127.0.0.1', port: tablePort(), method, path, headers }, (answered) => {
      if (loseAnswer) {
        answered.resume().on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return proxy;
}
