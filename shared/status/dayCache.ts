import type { Clock } from '../domain/clock.js';
import type { ResultStore, RunOutcome, Series } from '../store/resultStore.js';
import { type DayRollup, isFinal, lastDays, rollUpDay } from './days.js';
import { type RouteSpan, spansOfDay } from './failovers.js';

const windowDays = 7;
const freshForMs = 10_000;
// Enough to hide a round trip, too few to crowd out the runs' own writes.
const readers = 4;

interface Entry {
  readonly rollup: DayRollup;
  readonly spans: readonly RouteSpan[];
  /** Milliseconds of the clock that only goes forward. */
  readonly readAt: number;
  /** Nothing will be added to this day. */
  readonly final: boolean;
}

interface Due {
  readonly series: Series;
  readonly day: string;
  readonly key: string;
}

/** The roll-ups of the last seven days: a day that is over is read once, the present one every ten seconds at most. */
export class DayCache {
  readonly #store: ResultStore;
  readonly #clock: Clock;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #reading: Promise<void> | undefined;

  constructor(store: ResultStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads what is missing or old; one reading at a time, whoever asks. Throws what the store throws. */
  refresh(all: readonly Series[]): Promise<void> {
    this.#reading ??= this.#readDue(all).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** What is known of a series, the oldest day first; a day that was not read yet is left out. */
  days(series: Series, now: number): readonly DayRollup[] {
    return lastDays(now, windowDays)
      .map((day) => this.#entries.get(keyOf(series, day))?.rollup)
      .filter((rollup) => rollup !== undefined);
  }

  /** Which targets were active in those days, as far as they were read. */
  spans(series: Series, now: number): readonly RouteSpan[] {
    return lastDays(now, windowDays).flatMap((day) => this.#entries.get(keyOf(series, day))?.spans ?? []);
  }

  async #readDue(all: readonly Series[]): Promise<void> {
    const days = lastDays(this.#clock.now(), windowDays).toReversed();
    const wanted = days.flatMap((day) => all.map((series) => ({ series, day, key: keyOf(series, day) })));
    this.#entries = new Map(
      wanted.flatMap(({ key }) => {
        const entry = this.#entries.get(key);
        return entry === undefined ? [] : [[key, entry]];
      }),
    );
    const due = wanted.filter(({ key }) => this.#isDue(this.#entries.get(key)));
    try {
      await Promise.all(Array.from({ length: readers }, () => this.#readAll(due)));
    } finally {
      // When one fails, the others stop as well: each would wait for the same deadline.
      due.length = 0;
    }
  }

  #isDue(entry: Entry | undefined): boolean {
    if (entry === undefined) return true;
    return !entry.final && this.#clock.monotonic() - entry.readAt >= freshForMs;
  }

  /** One of several readers: takes the next day as long as there is one. */
  async #readAll(due: Due[]): Promise<void> {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      const { series, day, key } = next;
      const entry = { readAt: this.#clock.monotonic(), final: isFinal(day, this.#clock.now()) };
      const outcomes: RunOutcome[] = [];
      for await (const outcome of this.#store.outcomes(series, day.replaceAll('-', ''))) outcomes.push(outcome);
      this.#entries = new Map(this.#entries).set(key, {
        ...entry,
        rollup: rollUpDay(day, outcomes),
        spans: spansOfDay(outcomes),
      });
    }
  }
}

// No name contains a line break.
function keyOf(series: Series, day: string): string {
  return [series.edge, series.transaction, day].join('\n');
}
