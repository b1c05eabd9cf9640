import type { ContainerClient } from '@azure/storage-blob';
import { type BlobAddress, blobService, unless } from './blobService.js';
import { bounded } from './tableCalls.js';

const containerName = 'runs';

/** The wire traces of runs that did not succeed, `<day>/<runId>.trace.txt` in the container `runs` of the results account. */
export class BlobTraces {
  readonly #container: ContainerClient;
  readonly #deadlineMs: number;

  private constructor(container: ContainerClient, deadlineMs: number) {
    this.#container = container;
    this.#deadlineMs = deadlineMs;
  }

  /** Nothing is sent yet. Throws `StoreError` when the address is none. */
  static async open(address: BlobAddress, deadlineMs = 5_000): Promise<BlobTraces> {
    const service = await blobService(address, 'RESULTS_CONNECTION_STRING');
    return new BlobTraces(service.getContainerClient(containerName), deadlineMs);
  }

  /** Keeps a trace from which everything that authenticates was left out; `day` as in `20261120`. Throws `StoreError`. */
  async keep(day: string, runId: string, text: string): Promise<void> {
    await bounded(`${containerName}: trace of ${runId} not kept`, this.#deadlineMs, async (abortSignal) => {
      const blob = this.#container.getBlockBlobClient(`${day}/${runId}.trace.txt`);
      const upload = () => blob.upload(text, Buffer.byteLength(text), { abortSignal });
      if ((await unless([404], upload)) !== undefined) return;
      await this.#container.createIfNotExists({ abortSignal });
      await upload();
    });
  }
}
