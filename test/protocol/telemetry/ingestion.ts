import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { makeAuthority } from '../../edge-simulator/certificates.js';
import type { Envelope } from './envelopeShape.js';

/** What a request is answered with; `hang` is never answered. */
export type IngestionAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang';

export interface ReceivedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly items: readonly Envelope[];
}

/** An ingestion endpoint of Application Insights on 127.0.0.1, as far as a sender can tell. */
export interface Ingestion {
  readonly connectionString: string;
  /** PEM of the authority that vouches for it. */
  readonly ca: string;
  readonly requests: readonly ReceivedRequest[];
  /** Everything received, in the order of arrival. */
  items(): Envelope[];
  /** From now on every request is answered so; `undefined` accepts everything. */
  answer(answer: IngestionAnswer | undefined): void;
  stop(): Promise<void>;
}

export const instrumentationKey = '11111111-2222-3333-4444-555555555555';

export async function startIngestion(): Promise<Ingestion> {
  const authority = await makeAuthority();
  const { key, cert } = await authority.issue({ names: ['127.0.0.1'] });
  const requests: ReceivedRequest[] = [];
  let next: IngestionAnswer | undefined;
  const server = createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
    const items: Envelope[] = JSON.parse(text);
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization, items });
    const all = { itemsReceived: items.length, itemsAccepted: items.length, errors: [] };
    const answer = next ?? { status: 200, body: JSON.stringify(all) };
    if (answer === 'hang') return;
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers });
    response.end(answer.body ?? '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=https://127.0.0.1:${port}/`,
    ca: authority.ca,
    requests,
    items: () => requests.flatMap(({ items }) => items),
    answer: (answer) => {
      next = answer;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
