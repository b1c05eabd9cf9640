import { Agent } from 'node:http';
import { BlobServiceClient, type ContainerClient, RestError, type StoragePipelineOptions } from '@azure/storage-blob';
import type { Secret } from '../domain/secret.js';
import { StoreError } from './resultStore.js';
import type { SpoolPlace } from './spool.js';
import type { SpoolEntry } from './spoolEntry.js';
import { bounded } from './tableCalls.js';
import { isLoopback } from './tableClients.js';

/** A blob service: by connection string, or by the identity of the process (a user-assigned one by its client id). */
export type BlobAddress =
  | { readonly kind: 'connection-string'; readonly connectionString: Secret }
  | { readonly kind: 'identity'; readonly blobEndpoint: string; readonly clientId: string | undefined };

const containerName = 'spool';
const ending = '.json';
// What we write is smaller by far; a larger blob is none of ours.
const mostBytes = 4 * 1024 * 1024;
// A try that hangs is given up while there is time for another.
const retryOptions = { maxTries: 2, tryTimeoutInMs: 4_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** Entries as blobs, `<name>.json` in the container `spool`, which is made when first needed. */
export class BlobSpoolPlace implements SpoolPlace {
  readonly #container: ContainerClient;
  readonly #deadlineMs: number;

  private constructor(container: ContainerClient, deadlineMs: number) {
    this.#container = container;
    this.#deadlineMs = deadlineMs;
  }

  /** Nothing is sent yet. Throws `StoreError` when the address is none. */
  static async open(address: BlobAddress, deadlineMs = 5_000): Promise<BlobSpoolPlace> {
    const service = await serviceAt(address);
    return new BlobSpoolPlace(service.getContainerClient(containerName), deadlineMs);
  }

  async list(): Promise<readonly SpoolEntry[]> {
    return this.#bounded('not listed', async (abortSignal) => {
      const entries: SpoolEntry[] = [];
      await unless([404], async () => {
        for await (const { name, properties } of this.#container.listBlobsFlat({ abortSignal })) {
          const { contentLength: bytes = 0, etag: version } = properties;
          if (!name.endsWith(ending) || bytes > mostBytes) continue;
          entries.push({ name: name.slice(0, -ending.length), bytes, version: unquoted(version) });
        }
      });
      return entries;
    });
  }

  async write(name: string, text: string): Promise<SpoolEntry> {
    return this.#bounded(`${name} not kept`, async (abortSignal) => {
      const bytes = Buffer.byteLength(text);
      const upload = () => this.#blob(name).upload(text, bytes, { abortSignal });
      let written = await unless([404], upload);
      if (written === undefined) {
        await this.#container.createIfNotExists({ abortSignal });
        written = await upload();
      }
      return { name, bytes, version: unquoted(written.etag) };
    });
  }

  async read(entry: SpoolEntry): Promise<string | undefined> {
    return this.#bounded(`${entry.name} not read`, async (abortSignal) => {
      const conditions = { ifMatch: quoted(entry.version) };
      const read = () => this.#blob(entry.name).downloadToBuffer(0, entry.bytes, { abortSignal, conditions });
      // One that was replaced comes with the next listing.
      const bytes = await unless([404, 412], read);
      return bytes?.toString('utf8');
    });
  }

  async remove(entry: SpoolEntry): Promise<void> {
    await this.#bounded(`${entry.name} not removed`, async (abortSignal) => {
      const conditions = { ifMatch: quoted(entry.version) };
      await unless([404, 412], () => this.#blob(entry.name).delete({ abortSignal, conditions }));
    });
  }

  #blob(name: string) {
    return this.#container.getBlockBlobClient(`${name}${ending}`);
  }

  #bounded<T>(what: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    return bounded(`spool ${this.#container.url}: ${what}`, this.#deadlineMs, work);
  }
}

async function serviceAt(address: BlobAddress): Promise<BlobServiceClient> {
  if (address.kind === 'connection-string') return withConnectionString(address.connectionString);
  // Loaded on first use: it costs more than everything else that a cold start loads.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { clientId } = address;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new BlobServiceClient(address.blobEndpoint, credential, { retryOptions });
}

function withConnectionString(connectionString: Secret): BlobServiceClient {
  const open = (options: StoragePipelineOptions) =>
    BlobServiceClient.fromConnectionString(connectionString.reveal(), options);
  let url: URL;
  try {
    url = new URL(open({ retryOptions }).url);
  } catch (cause) {
    throw new StoreError('AzureWebJobsStorage is not a storage connection string with a blob service', { cause });
  }
  if (isLoopback(url.hostname)) {
    // An agent of its own keeps a proxy from the environment away from loopback.
    const direct: StoragePipelineOptions & { agent: Agent } = { retryOptions, agent: new Agent({ keepAlive: true }) };
    return open(direct);
  }
  if (url.protocol === 'https:') return open({ retryOptions });
  throw new StoreError(`AzureWebJobsStorage names ${url.protocol}//${url.host}, expected https: or a loopback address`);
}

/** What `work` returns, or undefined where the service refuses with one of these statuses. */
async function unless<T>(statuses: readonly number[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RestError && statuses.includes(error.statusCode ?? 0)) return undefined;
    throw error;
  }
}

// A listing gives ETags without the quotation marks that a condition must have.
function unquoted(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}

function quoted(etag: string): string {
  return `"${etag}"`;
}
