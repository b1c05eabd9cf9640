import type { TelemetryClient } from 'applicationinsights';
import type { Clock } from '../domain/clock.js';
import { finishEnvelopes } from './envelopes.js';
import { kindOf, troubleOf } from './ingestionAnswer.js';

type Config = TelemetryClient['config'];
type Options = NonNullable<Config['azureMonitorOpenTelemetryOptions']['azureMonitorExporterOptions']>;
/** A policy of the SDK's HTTP pipeline. */
type Policy = NonNullable<Options['additionalPolicies']>[number]['policy'];
/** Where the pipeline gets its tokens. */
export type Credential = NonNullable<Config['aadTokenCredential']>;

/** Work is given up after this long, milliseconds, whether or not somebody still waits for it. */
const giveUpMs = 10_000;

class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** The way of every request to the ingestion endpoint, and what went wrong on it. */
export class Delivery {
  readonly #clock: Clock;
  readonly #tags: Readonly<Record<string, string>>;
  #trouble: string | undefined;

  /** `tags` are added to every item. */
  constructor(clock: Clock, tags: Readonly<Record<string, string>>) {
    this.#clock = clock;
    this.#tags = tags;
  }

  /** To be taken around the request and its repeats. */
  readonly policy: Policy = {
    name: 'edgeProbesDelivery',
    sendRequest: async (request, next) => {
      if (typeof request.body === 'string') request.body = finishEnvelopes(request.body, this.#tags);
      const response = await this.#bounded('ingestion was not reached', (signal) => {
        request.abortSignal = signal;
        return next(request);
      });
      this.#note(troubleOf(response.status, response.bodyAsText ?? ''));
      return response;
    },
  };

  /** The same care for tokens: the pipeline asks for them before any policy of ours. */
  guarded(credential: Credential): Credential {
    return {
      getToken: (scopes, options) =>
        this.#bounded('the identity gave no token', (abortSignal) =>
          credential.getToken(scopes, { ...options, abortSignal }),
        ),
    };
  }

  /** What has gone wrong since the last call, in words; undefined when nothing has. */
  takeTrouble(): string | undefined {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    return trouble;
  }

  async #bounded<T>(failure: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    let stopTimer = () => {};
    const givenUp = new Promise<never>((_resolve, reject) => {
      stopTimer = this.#clock.after(giveUpMs, () => {
        const error = new GivenUp(`no answer within ${giveUpMs} ms`);
        reject(error);
        controller.abort(error);
      });
    });
    try {
      // Raced as well: not everything heeds the signal.
      return await Promise.race([work(controller.signal), givenUp]);
    } catch (error) {
      this.#note(`${failure}: ${error instanceof GivenUp ? error.message : kindOf(error)}`);
      throw error;
    } finally {
      stopTimer();
    }
  }

  #note(trouble: string | undefined): void {
    this.#trouble = trouble ?? this.#trouble;
  }
}
