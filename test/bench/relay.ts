import { type AddressInfo, connect, createServer, type ListenOptions, type Socket } from 'node:net';

/** Passes connections on to a port of 127.0.0.1 and holds the first bytes of the answer back: in TLS, the server's hello. */
export async function startRelay(target: number, helloDelayMs: number, options: ListenOptions = {}): Promise<number> {
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    client.pipe(upstream);
    upstream.once('readable', () => setTimeout(() => upstream.pipe(client), helloDelayMs));
    closeTogether(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', ...options }, resolve));
  return (server.address() as AddressInfo).port;
}

function closeTogether(one: Socket, other: Socket): void {
  for (const socket of [one, other]) {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      one.destroy();
      other.destroy();
    });
  }
}
