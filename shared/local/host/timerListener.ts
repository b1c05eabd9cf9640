import type { Clock } from '../../domain/clock.js';
import type { TypedData } from './coreTypes.js';
import type { MonitorEntry } from './scheduleMonitor.js';
import { isOwed, monitorEntry, toTimerData } from './timerData.js';

/** One timer function, as the listener needs it. */
export interface TimerFunction {
  readonly schedule: string;
  /** The smallest gap between two occurrences, milliseconds. */
  readonly shortestIntervalMs: number;
  /** The first occurrence after a time, both in epoch milliseconds; `undefined` when there is none. */
  nextAfter(atMs: number): number | undefined;
  /** Runs the function; resolves when it has ended or timed out, never rejects. */
  run(data: TypedData): Promise<void>;
  /** What is remembered from the last start. */
  remembered(): MonitorEntry | undefined;
  /** Remembers; best effort, never throws. */
  remember(entry: MonitorEntry): void;
}

/** A clock may step, and setTimeout cannot wait longer than 24.8 days: look at the clock at least this often. */
const longestSleepMs = 30_000;
/** Azure keeps no memory of a timer that can fire more than once a minute. */
const monitoredFromMs = 60_000;

/** Fires one timer function by its schedule. Runs never overlap: what falls due during a run is dropped, as in Azure. */
export class TimerListener {
  readonly #timer: TimerFunction;
  readonly #clock: Clock;
  readonly #monitored: boolean;
  #status: MonitorEntry | undefined;
  #nextMs: number | undefined;
  #seenMs: number;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(timer: TimerFunction, clock: Clock) {
    this.#timer = timer;
    this.#clock = clock;
    this.#seenMs = clock.now();
    this.#monitored = timer.shortestIntervalMs >= monitoredFromMs;
  }

  /** When it will fire, epoch milliseconds. */
  get next(): number | undefined {
    return this.#nextMs;
  }

  start(): void {
    const now = this.#clock.now();
    const remembered = this.#monitored ? this.#timer.remembered() : undefined;
    this.#status = remembered?.schedule === this.#timer.schedule ? remembered : undefined;
    if (isOwed(remembered, this.#timer.schedule, now)) {
      void this.#fire(true);
    } else {
      this.#arm(undefined);
    }
  }

  /** Nothing is fired from now on; a run that has begun goes on. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #arm(lastMs: number | undefined): void {
    const nowMs = this.#clock.now();
    this.#seenMs = nowMs;
    this.#nextMs = this.#timer.nextAfter(nowMs);
    if (this.#nextMs === undefined) return;
    if (this.#monitored && (lastMs !== undefined || this.#status === undefined)) {
      this.#status = monitorEntry(this.#timer.schedule, {
        ...(lastMs === undefined ? {} : { lastMs }),
        nextMs: this.#nextMs,
        nowMs,
      });
      this.#timer.remember(this.#status);
    }
    // A run that ended after the stop has been noted above: the next start must not take it for missed.
    if (!this.#stopped) this.#sleep(this.#nextMs);
  }

  #sleep(untilMs: number): void {
    const delay = Math.min(Math.max(untilMs - this.#clock.now(), 1), longestSleepMs);
    this.#cancel = this.#clock.after(delay, () => this.#wake(untilMs));
  }

  #wake(untilMs: number): void {
    if (this.#stopped) return;
    const now = this.#clock.now();
    if (now >= untilMs) {
      void this.#fire(false);
    } else if (now < this.#seenMs) {
      // The clock was set back: what was next may now be far away.
      this.#arm(undefined);
    } else {
      this.#seenMs = now;
      this.#sleep(untilMs);
    }
  }

  async #fire(isPastDue: boolean): Promise<void> {
    const firedMs = this.#clock.now();
    await this.#timer.run(toTimerData(this.#status, isPastDue));
    this.#arm(firedMs);
  }
}
