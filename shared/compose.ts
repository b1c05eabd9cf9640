import { readEnvironment, type StorageAddress } from './config/environment.js';
import { loadSettings } from './config/loadSettings.js';
import { longestIntervalMs, previousOccurrence } from './config/ncrontab.js';
import type { ConfigProblem } from './config/problems.js';
import { regionProblem } from './config/regions.js';
import type { Variables } from './config/secrets.js';
import type { Settings } from './config/settings.js';
import { type Clock, systemClock } from './domain/clock.js';
import type { TransactionResult } from './domain/result.js';
import { type PlannedRun, planOf } from './plan.js';
import { openProber, type Prober } from './prober.js';
import type { Monitored } from './status/monitored.js';
import { problemPage, statusPage } from './status/page.js';
import type { Page } from './status/pageFrame.js';
import type { StatusReader } from './status/statusReader.js';
import type { ResultStore } from './store/resultStore.js';

/** A timer fires a little early now and then: an occurrence this near ahead, milliseconds, is the one that is meant. */
const earlyMs = 1_000;

const storageExpected =
  'is not set; expected the table endpoint of the results account (and RESULTS_BLOB_ENDPOINT), or RESULTS_CONNECTION_STRING';

/** Takes one line for the log of an invocation. */
export type Log = (line: string) => void;

/** An answer over HTTP, before it becomes the host's own form. */
export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly document: unknown }
  | { readonly kind: 'page'; readonly status: number; readonly page: Page };

/** What the functions call. With a wrong configuration the plan is empty and every answer says what is wrong. */
export interface Service {
  /** One run per timer, in the order of the file. */
  readonly plan: readonly PlannedRun[];
  /** What is configured and does not run in this version, in words. */
  readonly notRun: readonly string[];
  /** Runs once and stores the result. Rejects only when it cannot be stored. */
  runScheduled(planned: PlannedRun, log: Log): Promise<TransactionResult>;
  status(log: Log): Promise<Answer>;
  transactionStatus(edge: string, transaction: string, log: Log): Promise<Answer>;
  page(log: Log): Promise<Answer>;
  /** Ends the runs in flight, each with its clean-up. */
  stop(): void;
}

/** Reads environment and configuration and joins the parts. Never throws; storage is opened on first use. */
export function compose(variables: Variables, clock: Clock = systemClock): Service {
  const { environment, problems } = readEnvironment(variables);
  if (problems) return faulty(problems);
  const loaded = loadSettings({ path: environment.configPath, region: environment.region });
  if (loaded.problems) return faulty(loaded.problems);
  const foreign = regionProblem(loaded.settings);
  if (foreign !== undefined) return faulty([{ path: 'PROBE_REGION', message: foreign }]);
  const { storage } = environment;
  if (!storage) return faulty([{ path: 'RESULTS_TABLE_ENDPOINT', message: storageExpected }]);
  return working(loaded.settings, storage, variables, clock);
}

function working(settings: Settings, storage: StorageAddress, variables: Variables, clock: Clock): Service {
  const { runs: plan, unavailable } = planOf(settings);
  const stopping = new AbortController();
  const openedStore = once(() => openStore(storage));
  let prober: Prober | undefined;
  let logStoreError: Log = () => {};
  const openedReader = once(() =>
    openReader(openedStore(), clock, monitoredOf(settings, plan), (error) => logStoreError(stackOf(error))),
  );
  const reader = (log: Log) => {
    logStoreError = log;
    return openedReader();
  };

  return {
    plan,
    notRun: unavailable.map(({ edge, transaction, reason }) => `${edge}/${transaction} does not run: ${reason}`),
    async runScheduled(planned, log) {
      prober ??= openProber(settings, { variables, clock, onUnexpected: (error) => log(stackOf(error)) });
      const now = clock.now();
      const scheduledAt = previousOccurrence(planned.schedule, now + earlyMs) ?? now;
      const options = { trigger: 'schedule', region: settings.ownRegion, scheduledAt, stop: stopping.signal } as const;
      const result = await prober.run(planned, options);
      log(summary(result));
      await (await openedStore()).save(result);
      return result;
    },
    async status(log) {
      return { kind: 'json', status: 200, document: await (await reader(log)).document() };
    },
    async transactionStatus(edge, transaction, log) {
      const document = await (await reader(log)).transaction(edge, transaction);
      if (document) return { kind: 'json', status: 200, document };
      return { kind: 'json', status: 404, document: { error: 'no such edge or transaction' } };
    },
    async page(log) {
      return { kind: 'page', status: 200, page: statusPage(await (await reader(log)).document()) };
    },
    stop: () => stopping.abort(new Error('the process is being stopped')),
  };
}

/** The problems name settings and what was expected of them, never their values, so that anybody may see them. */
function faulty(problems: readonly ConfigProblem[]): Service {
  const document: Answer = { kind: 'json', status: 503, document: { schema: 1, state: 'unknown', problems } };
  const page = problemPage({
    headline: 'Nothing is monitored: the configuration is wrong',
    text: 'Correct what is listed here and restart. The command "edge-probes check-config" tells the same.',
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
  });
  return {
    plan: [],
    notRun: [],
    runScheduled: () => Promise.reject(new Error('nothing can run: the configuration is wrong')),
    status: async () => document,
    transactionStatus: async () => document,
    page: async () => ({ kind: 'page', status: 503, page }),
    stop: () => {},
  };
}

/** Storage and status are loaded when first needed: a timer's cold start should not pay for them before its run. */
async function openStore(storage: StorageAddress): Promise<ResultStore> {
  const [{ tableClients }, { TableResultStore }] = await Promise.all([
    import('./store/tableClients.js'),
    import('./store/tableResultStore.js'),
  ]);
  const address =
    storage.kind === 'identity' ? { endpoint: storage.tableEndpoint } : { connectionString: storage.connectionString };
  return new TableResultStore(tableClients(address));
}

async function openReader(
  store: Promise<ResultStore>,
  clock: Clock,
  monitored: Monitored,
  onStoreError: (error: unknown) => void,
): Promise<StatusReader> {
  const { StatusReader } = await import('./status/statusReader.js');
  return new StatusReader({ store: await store, clock, monitored, onStoreError });
}

function monitoredOf(settings: Settings, plan: readonly PlannedRun[]): Monitored {
  const { regions, quorum, downAfterRuns, edges } = settings;
  return {
    regions,
    quorum,
    downAfterRuns,
    edges: edges.map(({ edge }) => ({
      name: edge.name,
      title: edge.title,
      transactions: plan
        .filter((planned) => planned.edge.edge.name === edge.name)
        .map(({ transaction, settings: own, schedule }) => ({
          name: transaction.name,
          title: own.title,
          group: own.group,
          intervalMs: longestIntervalMs(schedule),
          degradedAboveMs: own.degradedAboveMs,
        })),
    })),
  };
}

/** Keeps the first call's promise, unless it rejects: then the next call tries again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** `contoso/registration  success  41 ms`, and on trouble the code and the error. */
function summary({ edge, transaction, outcome, latencyMs, diagnosis }: TransactionResult): string {
  const line = `${edge}/${transaction}  ${outcome}  ${Math.round(latencyMs)} ms`;
  return diagnosis ? `${line}  ${diagnosis.code}: ${diagnosis.error}` : line;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
