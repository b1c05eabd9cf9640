import type { Clock } from '../domain/clock.js';
import type { LatestRow, ResultStore, Series } from '../store/resultStore.js';
import { DayCache } from './dayCache.js';
import { failovers } from './failovers.js';
import type { Monitored } from './monitored.js';
import { type StatusDocument, type StatusInput, statusDocument } from './statusDocument.js';
import { type TransactionDocument, transactionDocument } from './transactionDocument.js';

const freshForMs = 2000;
// A store has deadlines of its own; this one holds also for a store that does not keep them.
const latestWithinMs = 8000;
// States are worth waiting for, roll-ups are not: the next document has those that come later.
const daysWithinMs = 1500;
const backlogWithinMs = 1500;

/** What a reader works with. */
export interface StatusSources {
  readonly store: ResultStore;
  readonly clock: Clock;
  readonly monitored: Monitored;
  /** How many results wait to be stored. Never rejects. */
  readonly backlog?: (storageAvailable: boolean) => Promise<number>;
  /** Told what the store could not do: the documents only say that it failed. */
  onStoreError(error: unknown): void;
}

interface Snapshot {
  readonly input: StatusInput;
  readonly document: StatusDocument;
  /** Milliseconds of the clock that only goes forward. */
  readonly readAt: number;
}

/** Public status documents out of a store; however many read, the store is asked every two seconds at most. Never throws. */
export class StatusReader {
  readonly #sources: StatusSources;
  readonly #clock: Clock;
  readonly #days: DayCache;
  #snapshot: Snapshot | undefined;
  #reading: Promise<Snapshot> | undefined;

  constructor(sources: StatusSources) {
    this.#sources = sources;
    this.#clock = sources.clock;
    this.#days = new DayCache(sources.store, sources.clock);
  }

  /** The document of `/api/status`. */
  async document(): Promise<StatusDocument> {
    const snapshot = await this.#fresh();
    return { ...snapshot.document, ageSeconds: this.#ageSeconds(snapshot) };
  }

  /** The document of `/api/status/{edge}/{transaction}`; undefined for what is not configured. */
  async transaction(edge: string, name: string): Promise<TransactionDocument | undefined> {
    const snapshot = await this.#fresh();
    const document = transactionDocument(snapshot.input, edge, name);
    return document === undefined ? undefined : { ...document, ageSeconds: this.#ageSeconds(snapshot) };
  }

  async #fresh(): Promise<Snapshot> {
    const known = this.#snapshot;
    if (known !== undefined && this.#clock.monotonic() - known.readAt < freshForMs) return known;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    this.#snapshot = await this.#reading;
    return this.#snapshot;
  }

  async #read(): Promise<Snapshot> {
    const { monitored } = this.#sources;
    const found = await Promise.all(monitored.edges.map(({ name }) => this.#latest(name)));
    const latest = new Map(found.flat());
    const latestRead = latest.size === monitored.edges.length;
    // Where the latest rows cannot be read, the raw ones would only cost another wait.
    const storageAvailable = latestRead && (await this.#refreshDays());
    const backlog = await this.#backlog(storageAvailable);
    const now = this.#clock.now();
    const daysOf = (edge: string, transaction: string) => this.#days.days({ edge, transaction }, now);
    const failoversOf = (edge: string, transaction: string) => failovers(this.#days.spans({ edge, transaction }, now));
    const input = { monitored, now, latest, daysOf, failoversOf, storageAvailable, backlog };
    return { input, document: statusDocument(input), readAt: this.#clock.monotonic() };
  }

  /** The rows of an edge by its name; none when they cannot be read. */
  async #latest(edge: string): Promise<readonly (readonly [string, readonly LatestRow[]])[]> {
    const reading = this.#sources.store.latest(edge).then((rows) => [[edge, rows] as const]);
    return this.#within(latestWithinMs, this.#reported(reading, []), []);
  }

  #refreshDays(): Promise<boolean> {
    const reading = this.#days.refresh(this.#allSeries()).then(() => true);
    return this.#within(daysWithinMs, this.#reported(reading, false), true);
  }

  async #backlog(storageAvailable: boolean): Promise<number> {
    const { backlog } = this.#sources;
    return backlog ? this.#within(backlogWithinMs, backlog(storageAvailable), 0) : 0;
  }

  #reported<T>(work: Promise<T>, instead: T): Promise<T> {
    return work.catch((error: unknown) => {
      this.#sources.onStoreError(error);
      return instead;
    });
  }

  #within<T>(ms: number, work: Promise<T>, instead: T): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => resolve(instead));
      work.then(resolve, reject).finally(cancel);
    });
  }

  #allSeries(): readonly Series[] {
    return this.#sources.monitored.edges.flatMap((edge) =>
      edge.transactions.map((transaction) => ({ edge: edge.name, transaction: transaction.name })),
    );
  }

  #ageSeconds(snapshot: Snapshot): number {
    return Math.floor((this.#clock.monotonic() - snapshot.readAt) / 1000);
  }
}
