import type { StorageAddress } from './config/environment.js';
import type { Settings } from './config/settings.js';
import type { TransactionResult } from './domain/result.js';
import type { AccountLease } from './store/accountLease.js';
import type { BlobTraces } from './store/blobTraces.js';
import type { ResultStore, Retention } from './store/resultStore.js';
import type { TableAddress } from './store/tableClients.js';

/** What a prober keeps in Table Storage, and shares with those of the other regions. */
export interface Storage {
  readonly results: ResultStore;
  readonly retention: Retention;
  readonly lease: AccountLease;
  /** Keeps the wire trace of a run that did not succeed. Throws `StoreError`. */
  keepTrace(result: TransactionResult, trace: string): Promise<void>;
}

/** Opens it all. Loaded when first needed: what only asks for settings should not pay for it. Throws `StoreError`; nothing is sent yet. */
export async function openStorage(address: StorageAddress): Promise<Storage> {
  const [{ tableClients }, { TableResultStore }, { TableRetention }, { TableAccountLease }] = await Promise.all([
    import('./store/tableClients.js'),
    import('./store/tableResultStore.js'),
    import('./store/tableRetention.js'),
    import('./store/tableAccountLease.js'),
  ]);
  const clients = tableClients(toTableAddress(address));
  let traces: Promise<BlobTraces> | undefined;
  return {
    results: new TableResultStore(clients),
    retention: new TableRetention(clients),
    lease: new TableAccountLease(clients),
    async keepTrace({ scheduledAt, runId }, trace) {
      traces ??= openTraces(address);
      await (await traces).keep(scheduledAt.slice(0, 10).replaceAll('-', ''), runId, trace);
    },
  };
}

/** Loaded when the first run has failed: a healthy one never needs it. */
async function openTraces(address: StorageAddress): Promise<BlobTraces> {
  const { BlobTraces } = await import('./store/blobTraces.js');
  return BlobTraces.open(address.kind === 'identity' ? { ...address, clientId: undefined } : address);
}

/** For a command that writes nothing: knows which accounts are parked, and takes no lease. Throws `StoreError`. */
export async function openParkedAccounts(address: StorageAddress): Promise<AccountLease> {
  const [{ tableClients }, { TableStateRows }, { ReadOnlyLease }] = await Promise.all([
    import('./store/tableClients.js'),
    import('./store/tableStateRows.js'),
    import('./store/readOnlyLease.js'),
  ]);
  return new ReadOnlyLease(new TableStateRows(tableClients(toTableAddress(address))));
}

/** Deletes the tables of results that are older than the settings keep them; what fails is logged, and left to another day. */
export async function dropOldTables(
  storage: Promise<Storage>,
  { retentionDays }: Pick<Settings, 'retentionDays'>,
  now: number,
  log: (line: string) => void,
): Promise<void> {
  try {
    const { retention } = await storage;
    const dropped = await retention.dropOldTables(now, retentionDays);
    if (dropped.length > 0) log(`results older than ${retentionDays} days deleted: ${dropped.join(', ')}`);
  } catch (error) {
    log(String(error));
  }
}

function toTableAddress(address: StorageAddress): TableAddress {
  return address.kind === 'identity'
    ? { endpoint: address.tableEndpoint }
    : { connectionString: address.connectionString };
}
