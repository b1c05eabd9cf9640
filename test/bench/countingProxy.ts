import { Agent, createServer, request } from 'node:http';

/** A loopback address that passes HTTP requests on and counts them. */
export interface CountingProxy {
  readonly port: number;
  count(): number;
  end(): Promise<void>;
}

/** Passes everything on to a port of 127.0.0.1; connections are kept, as the storage SDK keeps its own. */
export async function startCountingProxy(target: number): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method, url, headers } = incoming;
    const passed = request({ host: '127.0.0.1', port: target, method, path: url, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    count: () => count,
    async end() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
