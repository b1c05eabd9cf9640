import { Agent } from 'node:http';
import { TableClient, TableServiceClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { Secret } from '../domain/secret.js';
import { stateTable } from './keys.js';
import { StoreError } from './resultStore.js';

/** How to reach Table Storage: with a key (a connection string) or with the identity of whoever runs the process. */
export type TableAddress = { readonly connectionString: Secret } | { readonly endpoint: string };

/** Hands out one client per table, and one for the tables as such. */
export interface TableClients {
  table(name: string): Promise<TableClient>;
  service(): Promise<TableServiceClient>;
}

// The deadline of a call lies with its caller; these keep a short hiccup from reaching it.
const retryOptions = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1000 };

/** Clients for an address. Throws `StoreError` when the address is none; nothing is sent yet. */
export function tableClients(address: TableAddress): TableClients {
  const open =
    'connectionString' in address ? withConnectionString(address.connectionString) : withIdentity(address.endpoint);
  const clients = new Map<string, Promise<TableClient>>();
  return {
    table(name) {
      const client = clients.get(name) ?? open.table(name);
      clients.set(name, client);
      // What could not be opened is tried again by the next call.
      client.catch(() => clients.delete(name));
      return client;
    },
    service: open.service,
  };
}

function withConnectionString(connectionString: Secret): TableClients {
  let url: URL;
  try {
    url = new URL(TableClient.fromConnectionString(connectionString.reveal(), stateTable).url);
  } catch (cause) {
    const form = 'DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…;TableEndpoint=…';
    throw new StoreError(`RESULTS_CONNECTION_STRING is not a storage connection string, expected ${form}`, { cause });
  }
  const local = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local) {
    throw new StoreError(
      `RESULTS_CONNECTION_STRING names ${url.protocol}//${url.host}, expected https: or a loopback address`,
    );
  }
  // An agent of its own keeps a proxy from the environment away from loopback.
  const options: TableServiceClientOptions = local
    ? { retryOptions, allowInsecureConnection: url.protocol === 'http:', agent: new Agent({ keepAlive: true }) }
    : { retryOptions };
  return {
    table: async (name) => TableClient.fromConnectionString(connectionString.reveal(), name, { ...options }),
    service: async () => TableServiceClient.fromConnectionString(connectionString.reveal(), { ...options }),
  };
}

function withIdentity(endpoint: string): TableClients {
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== 'https:') {
    throw new StoreError(`RESULTS_TABLE_ENDPOINT is "${endpoint}", expected https://<account>.table.core.windows.net`);
  }
  let credential: Promise<InstanceType<typeof import('@azure/identity').DefaultAzureCredential>> | undefined;
  const identity = () => {
    // Loaded on first use: it costs more than everything else that a cold start loads.
    credential ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
    return credential;
  };
  return {
    table: async (name) => new TableClient(endpoint, name, await identity(), { retryOptions }),
    service: async () => new TableServiceClient(endpoint, await identity(), { retryOptions }),
  };
}

/** Is it this machine? Host names as a URL has them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
