import { odata, type TableClient } from '@azure/data-tables';
import type { TransactionResult } from '../domain/result.js';
import type { LeaseEnding } from './accountLease.js';
import type { Row } from './columns.js';
import { dayOf, latestRange, partitionKeyOf, statePartitionOf, stateTable, tableOf } from './keys.js';
import { fromLatestEntity } from './latestEntity.js';
import { fromEntity, outcomeColumns, toEntity, toOutcome } from './resultEntity.js';
import type { LatestRow, ResultStore, RunOutcome, Series } from './resultStore.js';
import { release, StateWriter } from './stateWriter.js';
import { bounded, creatingTable, isTableMissing } from './tableCalls.js';
import type { TableClients } from './tableClients.js';
import { TableStateRows } from './tableStateRows.js';

/** Results in Table Storage; keys and columns are decided in the pure files beside this one. */
export class TableResultStore implements ResultStore {
  readonly #clients: TableClients;
  readonly #stateRows: TableStateRows;
  readonly #state: StateWriter;
  readonly #deadlineMs: number;

  /** `deadlineMs` bounds each of the two writes of a save, and every page of a reading. */
  constructor(clients: TableClients, deadlineMs = 5000) {
    this.#clients = clients;
    this.#stateRows = new TableStateRows(clients);
    this.#state = new StateWriter(this.#stateRows);
    this.#deadlineMs = deadlineMs;
  }

  async save(result: TransactionResult, ending?: LeaseEnding): Promise<void> {
    try {
      await this.#saveRow(result);
      await bounded(`${stateTable}: latest row for ${result.runId} not written`, this.#deadlineMs, (signal) =>
        this.#state.finish(result, ending, signal),
      );
    } catch (error) {
      // Other runs must not wait until the lease expires because a row could not be written.
      if (ending) await this.#release(ending).catch(() => undefined);
      throw error;
    }
  }

  async latest(edge: string): Promise<readonly LatestRow[]> {
    const filter = odata`PartitionKey eq ${statePartitionOf(edge)} and RowKey ge ${latestRange.from} and RowKey lt ${latestRange.before}`;
    const rows: LatestRow[] = [];
    for await (const row of this.#rows(stateTable, { filter }, `latest rows of ${edge}`)) {
      const latest = fromLatestEntity(row);
      if (latest !== undefined) rows.push(latest);
    }
    return rows;
  }

  async *newestFirst(series: Series, day: string): AsyncIterable<TransactionResult> {
    for await (const row of this.#day(series, day)) {
      const result = fromEntity(row);
      if (result !== undefined) yield result;
    }
  }

  async *outcomes(series: Series, day: string): AsyncIterable<RunOutcome> {
    for await (const row of this.#day(series, day, [...outcomeColumns])) {
      const outcome = toOutcome(row);
      if (outcome !== undefined) yield outcome;
    }
  }

  async #saveRow(result: TransactionResult): Promise<void> {
    const name = tableOf(dayOf(result.scheduledAt));
    const entity = toEntity(result);
    await bounded(`${name}: row of ${result.runId} not written`, this.#deadlineMs, async (abortSignal) => {
      const table = await this.#clients.table(name);
      // Upsert, not create: the SDK repeats a write whose answer was lost, and a repeat must not fail.
      await creatingTable(table, abortSignal, () => table.upsertEntity(entity, 'Replace', { abortSignal }));
    });
  }

  #release(ending: LeaseEnding): Promise<void> {
    const message = `${stateTable}: accounts of ${ending.lease.edge} not released`;
    return bounded(message, this.#deadlineMs, (signal) => release(this.#stateRows, ending, signal));
  }

  #day(series: Series, day: string, select?: string[]): AsyncIterable<Row> {
    const filter = odata`PartitionKey eq ${partitionKeyOf(series, day)}`;
    const query = select === undefined ? { filter } : { filter, select };
    return this.#rows(tableOf(day), query, `rows of ${series.edge}/${series.transaction} on ${day}`);
  }

  /** Page by page, each with a deadline of its own: the time that the reader takes between pages does not count. */
  async *#rows(name: string, queryOptions: Query, what: string): AsyncIterable<Row> {
    let continuationToken: string | undefined;
    do {
      const page = await bounded(`${name}: ${what} not read`, this.#deadlineMs, async (abortSignal) => {
        const table = await this.#clients.table(name);
        return nextPage(table, queryOptions, continuationToken, abortSignal);
      });
      yield* page.rows;
      continuationToken = page.continuationToken;
    } while (continuationToken !== undefined);
  }
}

interface Query {
  readonly filter: string;
  readonly select?: string[];
}

interface Page {
  readonly rows: readonly Row[];
  readonly continuationToken: string | undefined;
}

async function nextPage(
  table: TableClient,
  queryOptions: Query,
  token: string | undefined,
  abortSignal: AbortSignal,
): Promise<Page> {
  try {
    const pages = table
      .listEntities({ queryOptions, abortSignal })
      .byPage(token === undefined ? {} : { continuationToken: token });
    const { value } = await pages.next();
    return { rows: value ?? [], continuationToken: value?.continuationToken };
  } catch (error) {
    // A month without results has no table.
    if (isTableMissing(error)) return { rows: [], continuationToken: undefined };
    throw error;
  }
}
