import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectionStringOf } from './azurite.js';

/** Passes requests on to a table service, and keeps account of them. */
export interface CountingProxy {
  /** Leads through the proxy. */
  readonly connectionString: string;
  /** `POST $batch` and the like, in order; emptied by `take`. */
  take(): readonly string[];
  /** The answer to a request to come (1 is the next) gets lost, after the service has done what was asked. */
  loseAnswer(number: number): void;
  stop(): void;
}

/** Starts one on a free loopback port. The signatures of requests cover the path, but not the port. */
export async function startCountingProxy(connectionString: string): Promise<CountingProxy> {
  const target = new URL(/TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '');
  let seen: string[] = [];
  let untilLost = 0;
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${nameOf(incoming.url ?? '')}`);
    const { method = 'GET', url: path = '/', headers } = incoming;
    const isLost = untilLost === 1;
    untilLost -= 1;
    const passed = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      if (isLost) {
        answer.resume().once('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    connectionString: connectionStringOf((server.address() as AddressInfo).port),
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    loseAnswer: (number) => {
      untilLost = number;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `/devstoreaccount1/Results202611(PartitionKey=…)` as `Results202611`. */
function nameOf(url: string): string {
  return /^\/[^/]+\/(\$?\w+)/.exec(url)?.[1] ?? url;
}
