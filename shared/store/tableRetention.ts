import { odata } from '@azure/data-tables';
import type { Retention } from './resultStore.js';
import { expiredTables } from './retention.js';
import { bounded } from './tableCalls.js';
import type { TableClients } from './tableClients.js';

/** Deletes monthly tables in Table Storage. */
export class TableRetention implements Retention {
  readonly #clients: TableClients;
  readonly #deadlineMs: number;

  constructor(clients: TableClients, deadlineMs = 10_000) {
    this.#clients = clients;
    this.#deadlineMs = deadlineMs;
  }

  dropOldTables(now: number, retentionDays: number): Promise<readonly string[]> {
    return bounded('old tables of results not deleted', this.#deadlineMs, async (abortSignal) => {
      const service = await this.#clients.service();
      const filter = odata`TableName ge ${'Results'} and TableName lt ${'Results:'}`;
      const names: string[] = [];
      let storageNow = now;
      const onResponse = (response: { readonly headers: { get(name: string): string | undefined } }) => {
        storageNow = Date.parse(response.headers.get('date') ?? '') || now;
      };
      for await (const { name } of service.listTables({ queryOptions: { filter }, abortSignal, onResponse })) {
        if (name !== undefined) names.push(name);
      }
      // A clock of ours that has run ahead must not cost anybody the history.
      const expired = expiredTables(names, Math.min(now, storageNow), retentionDays);
      for (const name of expired) await service.deleteTable(name, { abortSignal });
      return expired;
    });
  }
}
