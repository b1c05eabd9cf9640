import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { readTime } from './columns.js';
import { stateTable } from './keys.js';
import { StoreError } from './resultStore.js';
import type { Change, StateRows, StoredRow } from './stateRows.js';
import { creatingTable, isConflict, isTableMissing } from './tableCalls.js';
import type { TableClients } from './tableClients.js';

/** The rows of the table `EdgeState` over the wire. */
export class TableStateRows implements StateRows {
  readonly #clients: TableClients;

  constructor(clients: TableClients) {
    this.#clients = clients;
  }

  async read(
    partition: string,
    rowKeys: readonly string[],
    abortSignal: AbortSignal,
  ): Promise<ReadonlyMap<string, StoredRow>> {
    const table = await this.#table();
    const wanted = rowKeys.map((rowKey) => odata`RowKey eq ${rowKey}`).join(' or ');
    const filter = `${odata`PartitionKey eq ${partition}`} and (${wanted})`;
    let answeredAt = Number.NaN;
    const onResponse = (response: { readonly headers: { get(name: string): string | undefined } }) => {
      answeredAt = Date.parse(response.headers.get('date') ?? '');
    };
    const found = new Map<string, StoredRow>();
    try {
      for await (const row of table.listEntities({ queryOptions: { filter }, abortSignal, onResponse })) {
        const { rowKey, etag } = row;
        if (rowKey === undefined) continue;
        found.set(rowKey, { row, etag, ageMs: ageOf(row, answeredAt) });
      }
    } catch (error) {
      if (!isTableMissing(error)) throw error;
    }
    return found;
  }

  async submit(
    partition: string,
    changes: readonly Change[],
    abortSignal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const table = await this.#table();
    const actions = changes.map((change) => toAction(partition, change));
    try {
      const answer = await creatingTable(table, abortSignal, () => table.submitTransaction(actions, { abortSignal }));
      // In the order of the changes: not every service names the row in its part of the answer.
      const written = changes.flatMap((change, index): [string, string][] => {
        const etag = answer.subResponses[index]?.etag;
        return change.kind === 'remove' || etag === undefined ? [] : [[change.entity.rowKey, etag]];
      });
      return new Map(written);
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  }

  async remove(partition: string, rowKey: string, etag: string, abortSignal: AbortSignal): Promise<boolean> {
    const table = await this.#table();
    try {
      await table.deleteEntity(partition, rowKey, { etag, abortSignal });
      return true;
    } catch (error) {
      if (isConflict(error) || isTableMissing(error)) return false;
      throw error;
    }
  }

  #table(): Promise<TableClient> {
    return this.#clients.table(stateTable);
  }
}

/** The service tells its time in every answer, and the time of writing in every row: a difference that no clock of ours enters. */
function ageOf(row: object, answeredAt: number): number {
  const writtenAt = Date.parse(readTime({ ...row }, 'timestamp'));
  if (Number.isNaN(answeredAt)) throw new StoreError(`${stateTable}: the answer of the table service has no date`);
  return answeredAt - writtenAt;
}

function toAction(partition: string, change: Change): TransactionAction {
  switch (change.kind) {
    case 'create':
      return ['create', change.entity];
    case 'replace':
      return ['update', change.entity, 'Replace', { etag: change.etag }];
    case 'remove':
      return ['delete', { partitionKey: partition, rowKey: change.rowKey }];
  }
}
