import type { Clock } from './domain/clock.js';
import type { TransactionResult } from './domain/result.js';
import type { PlannedRun } from './plan.js';
import { readRunRequest } from './run/runRequest.js';
import { SlidingWindow } from './run/slidingWindow.js';

/** Enough for a person at work, too little to load an Edge: of each edge, in each process. */
const rate = { most: 6, windowMs: 60_000 };

/** What a caller who holds the key asks for. */
export interface RunRequest {
  readonly edge: string;
  readonly transaction: string;
  /** The query parameter `force`, as it was written. */
  readonly force: string | undefined;
  readonly body: string;
}

/** An answer in JSON, before it becomes the host's own form. */
export interface JsonAnswer {
  readonly kind: 'json';
  readonly status: number;
  readonly document: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of a run that somebody asked for: `busy` where its accounts did not come free in time. */
export type OnDemandRun = { readonly kind: 'result'; readonly result: TransactionResult } | { readonly kind: 'busy' };

export type RunOnDemand = (planned: PlannedRun, force: boolean) => Promise<OnDemandRun>;

/** Answers requests for a run: 200 with the result whatever its outcome, 400, 404, 409 or 429 with what to do instead. */
export class OnDemand {
  readonly #plan: readonly PlannedRun[];
  readonly #window: SlidingWindow;
  readonly #running = new Set<string>();

  constructor(plan: readonly PlannedRun[], clock: Clock) {
    this.#plan = plan;
    this.#window = new SlidingWindow(rate, clock);
  }

  /** Waits for the run. Rejects only as `run` does. */
  async answer({ edge, transaction, force, body }: RunRequest, run: RunOnDemand): Promise<JsonAnswer> {
    const wish = readRunRequest(force, body);
    if (wish.kind === 'refused') return refusal(wish.status, wish.error);
    const planned = this.#plan.find((one) => one.edge.edge.name === edge && one.transaction.name === transaction);
    if (!planned) return this.#unknown(edge);
    const { functionName } = planned;
    if (this.#running.has(functionName)) return refusal(409, 'this transaction is being run on demand at this moment');
    const waitMs = this.#window.take(edge);
    if (waitMs > 0) return tooOften(waitMs);
    this.#running.add(functionName);
    try {
      const outcome = await run(planned, wish.force);
      if (outcome.kind === 'busy') return refusal(409, 'another run is using its test accounts: try again in a moment');
      return { kind: 'json', status: 200, document: outcome.result };
    } finally {
      this.#running.delete(functionName);
    }
  }

  #unknown(edge: string): JsonAnswer {
    const ofEdge = this.#plan.filter((one) => one.edge.edge.name === edge);
    const names = (ofEdge.length > 0 ? ofEdge : this.#plan).map(
      (one) => `${one.edge.edge.name}/${one.transaction.name}`,
    );
    const what = ofEdge.length > 0 ? 'no such transaction of this edge' : 'no such edge';
    return refusal(404, `${what}; there is ${names.join(', ') || 'nothing that can be run'}`);
  }
}

function tooOften(waitMs: number): JsonAnswer {
  const seconds = Math.ceil(waitMs / 1000);
  const error = `more than ${rate.most} runs a minute of one edge: try again in ${seconds} s`;
  return { ...refusal(429, error), headers: { 'Retry-After': `${seconds}` } };
}

function refusal(status: number, error: string): JsonAnswer {
  return { kind: 'json', status, document: { error } };
}
