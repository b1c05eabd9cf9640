/** What an echo through a relay came to. */
export interface EchoSample {
  readonly sent: number;
  /** How many reached the other allocation. */
  readonly arrived: number;
  /** How many came back. */
  readonly returned: number;
  readonly lossPercent: number;
  /** Of those that came back; absent where none did. */
  readonly roundTripMs?: {
    readonly min: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
    /** Mean difference of one round trip to the next. */
    readonly jitter: number;
  };
  /** That came back a second time. */
  readonly duplicates: number;
  /** That came back after a later one. */
  readonly reordered: number;
}

/** What was seen of the packets of an echo; round trips in the order of sending. */
export interface EchoCount {
  readonly sent: number;
  readonly arrived: number;
  readonly roundTripsMs: readonly number[];
  readonly duplicates: number;
  readonly reordered: number;
}

/** Loss and round-trip times, in tenths. */
export function toSample({ sent, arrived, roundTripsMs, duplicates, reordered }: EchoCount): EchoSample {
  const returned = roundTripsMs.length;
  const times = roundTripTimes(roundTripsMs);
  const lossPercent = sent === 0 ? 0 : tenths(((sent - returned) / sent) * 100);
  return { sent, arrived, returned, lossPercent, ...(times ? { roundTripMs: times } : {}), duplicates, reordered };
}

function roundTripTimes(times: readonly number[]): EchoSample['roundTripMs'] {
  const sorted = times.toSorted((one, other) => one - other);
  const rank = (percent: number) => tenths(sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0);
  if (sorted.length === 0) return undefined;
  const steps = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time)));
  const jitter = steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length;
  return { min: tenths(sorted[0] ?? 0), median: rank(50), p95: rank(95), max: rank(100), jitter: tenths(jitter) };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
