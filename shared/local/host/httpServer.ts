import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TypedData } from './coreTypes.js';
import { isSameKey } from './functionKey.js';
import { isHostAllowed } from './hostHeader.js';
import { describeError, type HostLog } from './hostLog.js';
import { fromHttpData, type HttpOutput, toHttpData } from './httpMessages.js';
import { findEndpoint, type HttpEndpoint } from './httpRoutes.js';
import type { Invocation } from './invoke.js';
import { BodyTooLarge, readBody } from './readBody.js';

/** What the HTTP side of a host needs. */
export interface HttpWorld {
  readonly host: string;
  readonly port: number;
  /** Sorted by `sortEndpoints`. */
  readonly endpoints: readonly HttpEndpoint[];
  readonly key: string;
  invoke(endpoint: HttpEndpoint, data: TypedData): Promise<Invocation>;
  readonly log: HostLog;
}

const headersWithinMs = 10_000;
const requestWithinMs = 30_000;
const mostConnections = 200;

/** Starts to listen. Throws when the address is taken, with the setting to change. */
export async function listen(world: HttpWorld): Promise<Server> {
  const server = createServer(
    { headersTimeout: headersWithinMs, requestTimeout: requestWithinMs, connectionsCheckingInterval: 2_000 },
    (request, response) => void respond(world, request, response),
  );
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, world)));
    server.listen(world.port, world.host, resolve);
  });
  server.on('error', (error) => world.log({ level: 'error', source: 'host', text: `HTTP  ${describeError(error)}` }));
  return server;
}

/** The port that was really taken, where `PORT` said 0. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function explainListenError(error: NodeJS.ErrnoException, { host, port }: HttpWorld): Error {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is taken by another program: end it, or set PORT to a free port (0 picks one)`,
    EACCES: `port ${port} of ${host} may not be used by this user: set PORT to one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST to one (127.0.0.1 is the default)`,
    ENOTFOUND: `${host} is no address and no known name: set HOST to an address of this machine`,
  };
  return new Error(why[error.code ?? ''] ?? `HTTP cannot listen on ${host}:${port}: ${error.message}`, {
    cause: error,
  });
}

async function respond(world: HttpWorld, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    write(response, await answer(world, request));
  } catch (error) {
    // A client that went away, or was too slow, is no event.
    if (request.destroyed) return;
    world.log({ level: 'error', source: 'host', text: `HTTP  ${describeError(error)}` });
    write(response, plain(500, 'The answer could not be written.'));
  }
}

async function answer(world: HttpWorld, request: IncomingMessage): Promise<HttpOutput> {
  const { method = '', headers } = request;
  if (!isHostAllowed(headers.host, world.host)) return plain(421, 'This server does not answer for that host name.');
  const url = toUrl(request);
  if (url === undefined) return plain(400, 'The request target is no path.');
  const match = tryFind(world.endpoints, method, url.pathname);
  if (match === undefined) return plain(400, 'The path holds a broken escape.');
  if (match.kind === 'no-route') return plain(404, 'There is nothing here.');
  if (match.kind === 'no-method')
    return plain(405, `Use ${match.allowed.join(', ')}.`, { allow: match.allowed.join(', ') });
  const { endpoint, params } = match;
  if (endpoint.authLevel !== 'anonymous' && !isSameKey(singleHeader(headers['x-functions-key']), world.key)) {
    return plain(401, 'The header x-functions-key must hold the key.');
  }
  try {
    const body = await readBody(request);
    const invocation = await world.invoke(endpoint, toHttpData({ method, url, headers, params, body }));
    return toOutput(invocation);
  } catch (error) {
    if (error instanceof BodyTooLarge) return plain(413, error.message, { connection: 'close' });
    throw error;
  }
}

/** Only a path: `//host/` and absolute targets would otherwise bring in a name of the sender's choice. */
function toUrl({ url: target = '', headers }: IncomingMessage): URL | undefined {
  return target.startsWith('/') && URL.canParse(`http://${headers.host}${target}`)
    ? new URL(`http://${headers.host}${target}`)
    : undefined;
}

function tryFind(endpoints: readonly HttpEndpoint[], method: string, path: string) {
  try {
    return findEndpoint(endpoints, method, path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

const singleHeader = (value: string | string[] | undefined) => (Array.isArray(value) ? undefined : value);

function toOutput(invocation: Invocation): HttpOutput {
  switch (invocation.kind) {
    case 'success':
      return fromHttpData(invocation.returnValue);
    case 'failure':
      return plain(500, 'The function failed. The log says why.');
    case 'timed-out':
      return plain(504, 'The function did not end in time.');
  }
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): HttpOutput {
  const contentType = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { status, headers: { ...contentType, ...headers }, body: Buffer.from(`${text}\n`) };
}

function write(response: ServerResponse, { status, headers, body }: HttpOutput): void {
  if (response.headersSent || response.destroyed) return;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
