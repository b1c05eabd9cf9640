import { Agent } from 'node:http';
import { BlobServiceClient, RestError, type StoragePipelineOptions } from '@azure/storage-blob';
import type { Secret } from '../domain/secret.js';
import { StoreError } from './resultStore.js';
import { isLoopback } from './tableClients.js';

/** A blob service: by connection string, or by the identity of the process (a user-assigned one by its client id). */
export type BlobAddress =
  | { readonly kind: 'connection-string'; readonly connectionString: Secret }
  | { readonly kind: 'identity'; readonly blobEndpoint: string; readonly clientId: string | undefined };

// A try that hangs is given up while there is time for another.
const retryOptions = { maxTries: 2, tryTimeoutInMs: 4_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** A client of the service. Nothing is sent yet. Throws `StoreError`, which names the `setting`, when the address is none. */
export async function blobService(address: BlobAddress, setting: string): Promise<BlobServiceClient> {
  if (address.kind === 'connection-string') return withConnectionString(address.connectionString, setting);
  // Loaded on first use: it costs more than everything else that a cold start loads.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { clientId } = address;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new BlobServiceClient(address.blobEndpoint, credential, { retryOptions });
}

function withConnectionString(connectionString: Secret, setting: string): BlobServiceClient {
  const open = (options: StoragePipelineOptions) =>
    BlobServiceClient.fromConnectionString(connectionString.reveal(), options);
  let url: URL;
  try {
    url = new URL(open({ retryOptions }).url);
  } catch (cause) {
    throw new StoreError(`${setting} is not a storage connection string with a blob service`, { cause });
  }
  if (isLoopback(url.hostname)) {
    // An agent of its own keeps a proxy from the environment away from loopback.
    const direct: StoragePipelineOptions & { agent: Agent } = { retryOptions, agent: new Agent({ keepAlive: true }) };
    return open(direct);
  }
  if (url.protocol === 'https:') return open({ retryOptions });
  throw new StoreError(`${setting} names ${url.protocol}//${url.host}, expected https: or a loopback address`);
}

/** What `work` returns, or undefined where the service refuses with one of these statuses. */
export async function unless<T>(statuses: readonly number[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RestError && statuses.includes(error.statusCode ?? 0)) return undefined;
    throw error;
  }
}
