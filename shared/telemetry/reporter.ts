import type { Clock } from '../domain/clock.js';
import type { TransactionResult } from '../domain/result.js';
import type { AvailabilitySink } from './availabilitySink.js';
import { toOperation } from './operation.js';

/** After it was told, the same or another trouble is not told again for this long, milliseconds. */
const quietMs = 600_000;

/** Takes a line for the log. */
type Log = (line: string) => void;

/** Tells of runs. Whatever becomes of telemetry, it neither fails a run nor holds it up. */
export interface Reporter {
  /** To be called before a run: what has to be loaded for telemetry holds up the event loop, and would be measured later. */
  begin(traceParent: string | undefined, log: Log): Promise<RunReport>;
  /** Sends what is left, within two seconds. */
  stop(): Promise<void>;
}

/** Tells of one run. */
export interface RunReport {
  /** Sends an error of our own. */
  error(error: unknown): void;
  /** Sends what the run came to while `store` works, and the errors that `store` meets; settles as `store` does, when all is sent or given up. */
  end(result: TransactionResult, store: (onError: (error: unknown) => void) => Promise<void>): Promise<void>;
}

/** Where there is nobody to tell. */
export const silentReporter: Reporter = {
  begin: async () => ({ error: () => {}, end: (_result, store) => store(() => {}) }),
  stop: async () => {},
};

export interface ReporterOptions {
  /** Loads and sets up the sink; called again after it has rejected. */
  readonly open: () => Promise<AvailabilitySink>;
  readonly clock: Clock;
  /** Letters and digits from a cryptographic source. */
  readonly token: (length: number) => string;
}

/** Tells a sink that is opened when the first run begins. */
export class SinkReporter implements Reporter {
  readonly #options: ReporterOptions;
  #sink: Promise<AvailabilitySink> | undefined;
  #toldAt: number | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  async begin(traceParent: string | undefined, log: Log): Promise<RunReport> {
    await this.#open(log);
    const operation = toOperation(traceParent, this.#options.token);
    const sent: Promise<void>[] = [];
    const sendError = (error: unknown) => {
      sent.push(this.#send(log, (sink) => sink.error(error, operation)));
    };
    return {
      error: sendError,
      end: async (result, store) => {
        sent.push(this.#send(log, (sink) => sink.result(result, operation)));
        const seen = new Set<unknown>();
        const onError = (error: unknown) => {
          if (!seen.has(error)) sendError(error);
          seen.add(error);
        };
        try {
          await store(onError);
        } catch (error) {
          onError(error);
          throw error;
        } finally {
          await Promise.all(sent);
        }
      },
    };
  }

  async stop(): Promise<void> {
    const nothing = () => {};
    if (this.#sink) await this.#send(nothing, nothing);
  }

  /** Hands something to the sink and has it sent. Never rejects. */
  async #send(log: Log, take: (sink: AvailabilitySink) => void): Promise<void> {
    const sink = await this.#open(log);
    if (!sink) return;
    try {
      take(sink);
    } catch (error) {
      this.#tell(textOf(error), log);
    }
    const trouble = await sink.flush().catch(textOf);
    if (trouble !== undefined) this.#tell(trouble, log);
  }

  async #open(log: Log): Promise<AvailabilitySink | undefined> {
    this.#sink ??= this.#options.open();
    try {
      return await this.#sink;
    } catch (error) {
      this.#sink = undefined;
      this.#tell(textOf(error), log);
      return undefined;
    }
  }

  #tell(trouble: string, log: Log): void {
    const now = this.#options.clock.monotonic();
    if (this.#toldAt !== undefined && now - this.#toldAt < quietMs) return;
    this.#toldAt = now;
    log(`telemetry: ${trouble}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
