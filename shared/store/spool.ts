import type { TransactionResult } from '../domain/result.js';
import {
  entryNameOf,
  fromSpoolText,
  inOrder,
  type SpoolEntry,
  type SpoolLimits,
  surplusOf,
  toSpoolText,
} from './spoolEntry.js';

/** Where results wait that could not be stored, until they can be. Outlives the process. */
export interface Spool {
  /** Keeps a result; the same run again takes the place of the first. Returns the names of what was lost for it. Throws `StoreError`. */
  keep(result: TransactionResult): Promise<readonly string[]>;
  /** Hands out what waits, the oldest first, as long as `goOn`, and forgets what was stored. Never throws. */
  drain(tryToStore: TryToStore, goOn: () => boolean): Promise<Drained>;
  /** How many wait. Throws `StoreError`. */
  size(): Promise<number>;
}

/** Stores one result: `refused` when the store took offence at this very result. Throws when it could not be tried. */
export type TryToStore = (result: TransactionResult) => Promise<'stored' | 'refused'>;

/** What became of the entries of one look into the spool. */
export interface Drained {
  readonly stored: number;
  readonly left: number;
  /** Names of entries that the store refuses while it takes others: removed. */
  readonly refused: readonly string[];
  /** Names of entries seen for the first time that this version cannot read: left where they are. */
  readonly unreadable: readonly string[];
  /** What kept the rest from being stored. */
  readonly stoppedBy?: unknown;
}

/** Named texts that outlive the process. Every call has a deadline and throws `StoreError`. */
export interface SpoolPlace {
  /** Every entry, in any order. */
  list(): Promise<readonly SpoolEntry[]>;
  /** Takes the place of an entry of that name; no reader ever sees half of it. */
  write(name: string, text: string): Promise<SpoolEntry>;
  /** Undefined when it is gone. */
  read(entry: SpoolEntry): Promise<string | undefined>;
  /** Removes the entry unless it was replaced since it was listed. One that is gone already is no error. */
  remove(entry: SpoolEntry): Promise<void>;
}

/** Days of results of some twenty transactions, and no more than any plan's storage can spare. */
const spoolLimits: SpoolLimits = { results: 10_000, bytes: 64 * 1024 * 1024 };

/**
 * A spool with bounds. Several processes may drain one place at once: rows are idempotent, the `latest` row only moves on, and
 * an entry is removed only after its row was written.
 */
export class BoundedSpool implements Spool {
  readonly #place: SpoolPlace;
  readonly #limits: SpoolLimits;
  readonly #unreadable = new Set<string>();
  /** By name: as last listed, and what was kept since. */
  #known: Map<string, SpoolEntry> | undefined;

  constructor(place: SpoolPlace, limits = spoolLimits) {
    this.#place = place;
    this.#limits = limits;
  }

  async keep(result: TransactionResult): Promise<readonly string[]> {
    const [name, text] = [entryNameOf(result), toSpoolText(result)];
    if (this.#known === undefined) await this.#list();
    const added = await this.#place.write(name, text);
    const known = this.#known ?? new Map<string, SpoolEntry>();
    const surplus = surplusOf(known.values(), added, this.#limits);
    known.set(name, added);
    // Forgotten before they are removed, so that of two keepers only one counts them as lost.
    for (const entry of surplus) known.delete(entry.name);
    const lost = await Promise.allSettled(surplus.map((entry) => this.#place.remove(entry)));
    // What could not be removed is found by the next listing, and goes then.
    return surplus.map((entry) => entry.name).filter((_, index) => lost[index]?.status === 'fulfilled');
  }

  async drain(tryToStore: TryToStore, goOn: () => boolean): Promise<Drained> {
    const tally: Tally = { stored: 0, left: 0, unreadable: [] };
    const refused: SpoolEntry[] = [];
    try {
      const waiting = inOrder((await this.#list()).values());
      tally.left = waiting.length;
      for (const entry of waiting) {
        if (!goOn()) break;
        if ((await this.#hand(entry, tryToStore, tally)) === 'refused') refused.push(entry);
      }
      // Only that the store takes others proves that it is for these results themselves that it will not take them.
      if (tally.stored === 0) return { ...tally, refused: [] };
      for (const entry of refused) await this.#remove(entry, tally);
      return { ...tally, refused: refused.map(({ name }) => name) };
    } catch (stoppedBy) {
      return { ...tally, refused: [], stoppedBy };
    }
  }

  async size(): Promise<number> {
    return (await this.#list()).size;
  }

  async #hand(entry: SpoolEntry, tryToStore: TryToStore, tally: Tally): Promise<'refused' | 'done'> {
    const text = await this.#place.read(entry);
    const result = text === undefined ? undefined : fromSpoolText(text);
    if (result === undefined) {
      tally.left -= 1;
      this.#known?.delete(entry.name);
      if (text === undefined) return 'done';
      this.#unreadable.add(idOf(entry));
      tally.unreadable.push(entry.name);
      return 'done';
    }
    if ((await tryToStore(result)) === 'refused') return 'refused';
    tally.stored += 1;
    await this.#remove(entry, tally);
    return 'done';
  }

  async #remove(entry: SpoolEntry, tally: Tally): Promise<void> {
    await this.#place.remove(entry);
    tally.left -= 1;
    this.#known?.delete(entry.name);
  }

  async #list(): Promise<Map<string, SpoolEntry>> {
    const before = new Set(this.#known?.keys());
    const listed = (await this.#place.list()).filter((entry) => !this.#unreadable.has(idOf(entry)));
    // What was kept while the listing was under way may not be in it.
    const since = [...(this.#known ?? [])].filter(([name]) => !before.has(name));
    this.#known = new Map([...listed.map((entry) => [entry.name, entry] as const), ...since]);
    return this.#known;
  }
}

interface Tally {
  stored: number;
  left: number;
  readonly unreadable: string[];
}

function idOf({ name, version }: SpoolEntry): string {
  return `${name} ${version}`;
}
