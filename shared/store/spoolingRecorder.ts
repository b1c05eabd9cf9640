import type { Clock } from '../domain/clock.js';
import type { TransactionResult } from '../domain/result.js';
import { StoreError } from './resultStore.js';
import type { Spool } from './spool.js';
import { drainedLine, isRefusal, reasonOf, waiting } from './spoolWords.js';

/** What a recorder works with. */
export interface RecorderParts {
  /** Stores a result of the past. Throws `StoreError`. */
  readonly store: (result: TransactionResult) => Promise<void>;
  /** Undefined where there is no place to keep results. */
  readonly openSpool: (() => Promise<Spool>) | undefined;
  readonly clock: Clock;
}

/** The result of a run that has just ended. */
export interface Incoming {
  readonly result: TransactionResult;
  /** The result in one line. */
  readonly summary: string;
  /** Why the run itself found the storage out of reach: then it is not asked again, which would only take as long once more. */
  readonly storageAway?: string | undefined;
  /** Stores it and gives back what the run holds. Throws `StoreError`. */
  readonly store: () => Promise<void>;
  /** Only gives back what the run holds, because the result is stored later. May throw: what is held expires by itself. */
  readonly release: () => Promise<void>;
}

/** Takes one line for the log. */
export type Say = (line: string) => void;

// What waits is worth some seconds of a run, and never its whole interval: the next run goes on.
const drainForMs = 5_000;
const drainMost = 200;
// A spool that cannot be looked into must not hold up every run.
const lookAgainMs = 5 * 60_000;

/**
 * Stores results in the order of their schedule, whatever happens to the storage in between: what cannot be stored waits in the
 * spool, and as long as something waits, what is new waits behind it. A healthy run makes no call to the spool: it is looked into
 * once, after the first run of the process, and as long as something is known to wait there.
 */
export class SpoolingRecorder {
  readonly #parts: RecorderParts;
  #spool: Promise<Spool> | undefined;
  #looked: Promise<void> | undefined;
  #lookAgainAt = 0;
  #waiting = 0;
  /** How often something was kept: whoever counts what waits learns by it that more has come meanwhile. */
  #kept = 0;
  #isDraining = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Stores the result or keeps it for later, and stores what was kept. Throws `StoreError` when the result is lost. */
  async record(incoming: Incoming, say: Say): Promise<void> {
    await this.#look(say);
    // Results of on-demand runs have no order to keep.
    const hasToWait = this.#waiting > 0 && incoming.result.trigger === 'schedule';
    if (hasToWait || incoming.storageAway !== undefined) return this.#keepFirst(incoming, say);
    const notStored = await failureOf(incoming.store());
    if (notStored === undefined) {
      if (this.#waiting > 0) await this.#drain(say);
      return;
    }
    const notKept = await failureOf(this.#keep(incoming.result, say));
    if (notKept !== undefined) throw lost(incoming, notStored, notKept, say);
    say(this.#keptLine(incoming, reasonOf(notStored)));
  }

  /** How many results wait. Counted where storage fails or something is known to wait; never throws. */
  async backlog(storageAvailable: boolean): Promise<number> {
    if (this.#parts.openSpool !== undefined && (!storageAvailable || this.#waiting > 0)) {
      // Where it cannot be counted, the last number stands: the runs say what is wrong.
      await failureOf(this.#count());
    }
    return this.#waiting;
  }

  async #keepFirst(incoming: Incoming, say: Say): Promise<void> {
    const { result, storageAway } = incoming;
    const released = failureOf(incoming.release());
    const notKept = await failureOf(this.#keep(result, say));
    if (notKept !== undefined) {
      // Out of order is better than lost.
      const notStored = await failureOf(this.#parts.store(result));
      if (notStored !== undefined) throw lost(incoming, notStored, notKept, say);
    }
    if (notKept === undefined && storageAway !== undefined) say(this.#keptLine(incoming, storageAway));
    else await this.#drain(say);
    await released;
  }

  #keptLine({ result }: Incoming, why: string): string {
    return `${result.runId} kept in the spool, ${waiting(this.#waiting)}: ${why}`;
  }

  async #keep(result: TransactionResult, say: Say): Promise<void> {
    const gone = await (await this.#open()).keep(result);
    this.#kept += 1;
    this.#waiting = Math.max(this.#waiting + 1 - gone.length, 1);
    for (const name of gone) say(`lost, because the spool is full: ${name}`);
  }

  /** One drain at a time; what others keep meanwhile is part of it. */
  async #drain(say: Say): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      const spool = await this.#open();
      const endsAt = this.#parts.clock.monotonic() + drainForMs;
      let stored = 0;
      const goOn = () => stored < drainMost && this.#parts.clock.monotonic() < endsAt;
      for (let more = true; more; ) {
        const kept = this.#kept;
        const drained = await spool.drain(async (result) => {
          const became = await this.#tryToStore(result);
          if (became === 'stored') stored += 1;
          return became;
        }, goOn);
        this.#waiting = drained.left + this.#kept - kept;
        for (const name of drained.refused) say(`lost, because the storage takes others and refuses this one: ${name}`);
        for (const name of drained.unreadable) say(`left in the spool, because this version cannot read it: ${name}`);
        more = drained.stoppedBy === undefined && goOn() && (drained.stored > 0 || this.#kept > kept);
        const line = more ? undefined : drainedLine({ ...drained, stored, left: this.#waiting });
        if (line !== undefined) say(line);
      }
    } finally {
      this.#isDraining = false;
    }
  }

  async #tryToStore(result: TransactionResult): Promise<'stored' | 'refused'> {
    try {
      await this.#parts.store(result);
      return 'stored';
    } catch (error) {
      if (isRefusal(error)) return 'refused';
      throw error;
    }
  }

  /** What an earlier process left behind is found once, when the first run has ended: it must not disturb its measurements. */
  async #look(say: Say): Promise<void> {
    const { openSpool, clock } = this.#parts;
    if (openSpool === undefined || clock.monotonic() < this.#lookAgainAt) return;
    this.#looked ??= this.#count().catch((error: unknown) => {
      this.#looked = undefined;
      this.#lookAgainAt = clock.monotonic() + lookAgainMs;
      say(`nobody knows whether results wait: ${reasonOf(error)}`);
    });
    await this.#looked;
  }

  async #count(): Promise<void> {
    const kept = this.#kept;
    const size = await (await this.#open()).size();
    this.#waiting = this.#kept === kept ? size : Math.max(size, 1);
  }

  #open(): Promise<Spool> {
    const { openSpool = noSpool } = this.#parts;
    this.#spool ??= openSpool().catch((error: unknown) => {
      this.#spool = undefined;
      throw error;
    });
    return this.#spool;
  }
}

async function noSpool(): Promise<never> {
  throw new StoreError('there is no spool: neither AzureWebJobsStorage nor EDGE_PROBES_SPOOL_DIR is set');
}

function lost({ result, summary }: Incoming, notStored: unknown, notKept: unknown, say: Say): StoreError {
  say(`lost: ${result.runId}: ${summary}: ${reasonOf(notStored)}; ${reasonOf(notKept)}`);
  return new StoreError(`${result.runId}: neither stored nor kept in the spool`, { cause: notStored });
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error ?? new Error('failed without a reason'),
  );
}
