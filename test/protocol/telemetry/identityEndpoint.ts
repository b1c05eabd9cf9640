import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The endpoint through which a function app gets tokens of its managed identity. */
export interface IdentityEndpoint {
  /** What App Service sets for the app. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  /** The query of every request. */
  readonly requests: readonly URLSearchParams[];
  stop(): Promise<void>;
}

const secretHeader = 'of-this-app-alone';

export async function startIdentityEndpoint({ hangs = false, refuses = false } = {}): Promise<IdentityEndpoint> {
  const token = 'token-of-the-identity';
  const requests: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    requests.push(new URL(request.url ?? '', 'http://127.0.0.1').searchParams);
    if (hangs) return;
    const known = !refuses && request.headers['x-identity-header'] === secretHeader;
    response.writeHead(known ? 200 : 401, { 'Content-Type': 'application/json' });
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    const granted = { access_token: token, expires_on: `${inAnHour}`, resource: '', token_type: 'Bearer' };
    response.end(JSON.stringify(known ? granted : { statusCode: 401, message: 'canary: no such identity' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: secretHeader },
    token,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
