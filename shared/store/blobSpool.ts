import type { ContainerClient } from '@azure/storage-blob';
import { type BlobAddress, blobService, unless } from './blobService.js';
import type { SpoolPlace } from './spool.js';
import type { SpoolEntry } from './spoolEntry.js';
import { bounded } from './tableCalls.js';

const containerName = 'spool';
const ending = '.json';
// What we write is smaller by far; a larger blob is none of ours.
const mostBytes = 4 * 1024 * 1024;
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
    const service = await blobService(address, 'AzureWebJobsStorage');
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

// A listing gives ETags without the quotation marks that a condition must have.
function unquoted(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}

function quoted(etag: string): string {
  return `"${etag}"`;
}
