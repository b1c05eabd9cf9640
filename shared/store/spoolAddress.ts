import type { BlobAddress } from './blobService.js';
import { BoundedSpool, type Spool } from './spool.js';

/** Where results wait: a folder of this machine, or the host's own storage. */
export type SpoolAddress = { readonly kind: 'folder'; readonly path: string } | BlobAddress;

/** The spool at an address. What it takes is loaded here, because a healthy run never needs it. Throws `StoreError`. */
export async function openSpool(address: SpoolAddress): Promise<Spool> {
  if (address.kind === 'folder') {
    const { FileSpoolPlace } = await import('./fileSpool.js');
    return new BoundedSpool(new FileSpoolPlace(address.path));
  }
  const { BlobSpoolPlace } = await import('./blobSpool.js');
  return new BoundedSpool(await BlobSpoolPlace.open(address));
}
