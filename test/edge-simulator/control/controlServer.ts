import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type FaultRow, UnknownFault, WrongDelay } from '../faults/switches.js';
import { readControlRequest } from './controlAnswer.js';

/** What the control address can reach of the simulator. */
export interface Controlled {
  faults(): readonly FaultRow[];
  setFault(name: string, delayMs?: number): Promise<void>;
  clearFault(name: string): Promise<void>;
  state(): object;
}

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the control address on a free loopback port. */
export async function startControlServer(controlled: Controlled): Promise<ControlServer> {
  let port = 0;
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    // Nothing here has a body to read.
    request.resume();
    void answer(controlled, request, response, port);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const listening = server.address();
  if (listening !== null && typeof listening === 'object') port = listening.port;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  const wish = readControlRequest({ method, url, host: headers.host }, port);
  try {
    switch (wish.kind) {
      case 'refused':
        if (wish.allow !== undefined) response.setHeader('Allow', wish.allow);
        return reply(response, wish.status, { error: wish.error });
      case 'state':
        return reply(response, 200, controlled.state());
      case 'list-faults':
        return reply(response, 200, controlled.faults());
      case 'set-fault':
        await controlled.setFault(wish.name, wish.delayMs);
        break;
      case 'clear-fault':
        await controlled.clearFault(wish.name);
        break;
    }
    reply(response, 200, controlled.faults().find((row) => row.name === wish.name) ?? {});
  } catch (cause) {
    reply(response, ...failureOf(cause));
  }
}

function failureOf(cause: unknown): readonly [number, object] {
  if (cause instanceof UnknownFault) return [404, { error: cause.message }];
  if (cause instanceof WrongDelay) return [400, { error: cause.message }];
  return [500, { error: 'the fault could not be switched: its port could not be opened again' }];
}

function reply(response: ServerResponse, status: number, document: object): void {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(text);
}
