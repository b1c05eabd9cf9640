import { type Environment, readEnvironment, type StorageAddress } from './config/environment.js';
import { loadSettings } from './config/loadSettings.js';
import { longestIntervalMs, previousOccurrence, type Schedule } from './config/ncrontab.js';
import type { ConfigProblem } from './config/problems.js';
import { regionProblem } from './config/regions.js';
import type { Variables } from './config/secrets.js';
import type { Settings } from './config/settings.js';
import { type Clock, systemClock, toIso } from './domain/clock.js';
import type { TransactionResult } from './domain/result.js';
import { type JsonAnswer, OnDemand, type OnDemandRun, type RunRequest } from './onDemand.js';
import { type PlannedRun, planOf } from './plan.js';
import { openProber, type ProbedRun, type Prober } from './prober.js';
import { openRecording } from './recording.js';
import { openReporting } from './reporting.js';
import { InFlight } from './run/inFlight.js';
import type { Monitored } from './status/monitored.js';
import { problemPage, statusPage } from './status/page.js';
import type { Page } from './status/pageFrame.js';
import type { StatusReader, StatusSources } from './status/statusReader.js';
import { dropOldTables, openStorage, type Storage } from './storage.js';

/** A timer fires a little early now and then: an occurrence this near ahead, milliseconds, is the one that is meant. */
const earlyMs = 1_000;

const storageExpected =
  'is not set; expected the table endpoint of the results account (and RESULTS_BLOB_ENDPOINT), or RESULTS_CONNECTION_STRING';

/** Takes one line for the log of an invocation. */
export type Log = (line: string) => void;

/** An answer over HTTP, before it becomes the host's own form. */
export type Answer = JsonAnswer | { readonly kind: 'page'; readonly status: number; readonly page: Page };

export interface OnDemandOptions {
  readonly force: boolean;
  readonly log: Log;
}

/** What the functions call. With a wrong configuration the plan is empty and every answer says what is wrong. */
export interface Service {
  /** One run per timer, in the order of the file. */
  readonly plan: readonly PlannedRun[];
  /** What is configured and does not run in this version, in words. */
  readonly notRun: readonly string[];
  /** Runs once, stores the result and tells of it under the operation that `traceParent` names. Rejects only when it cannot be stored. */
  runScheduled(planned: PlannedRun, log: Log, traceParent?: string): Promise<TransactionResult>;
  /**
   * Runs once, now, because somebody asked; `force` uses an account although it is parked. Busy where another run has its accounts for
   * too long. A result that cannot be stored is returned all the same.
   */
  runOnDemand(planned: PlannedRun, options: OnDemandOptions): Promise<OnDemandRun>;
  /** The same for a caller over HTTP, who may be told that there is no such run, that it has to wait, or the whole result. */
  answerRun(request: RunRequest, log: Log): Promise<Answer>;
  status(log: Log): Promise<Answer>;
  transactionStatus(edge: string, transaction: string, log: Log): Promise<Answer>;
  page(log: Log): Promise<Answer>;
  /** Ends the runs in flight and resolves when each has cleaned up and is stored: the worker exits then. Never rejects. */
  stop(): Promise<void>;
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
  return working(loaded.settings, { ...environment, storage }, variables, clock);
}

type Complete = Environment & { readonly storage: StorageAddress };

function working(settings: Settings, environment: Complete, variables: Variables, clock: Clock): Service {
  const { runs: plan, unavailable } = planOf(settings);
  const stopping = new AbortController();
  const inFlight = new InFlight();
  const onDemand = new OnDemand(plan, clock);
  const openedStorage = once(() => openStorage(environment.storage));
  const recording = openRecording(openedStorage, environment.spool, clock);
  const reporter = openReporting(environment, settings.ownRegion, clock);
  let prober: Prober | undefined;
  const openedProber = (log: Log) => {
    const lease = async () => (await openedStorage()).lease;
    prober ??= openProber(settings, { variables, clock, lease, onUnexpected: (error) => log(troubleText(error)) });
    return prober;
  };
  let logStoreError: Log = () => {};
  const openedReader = once(() =>
    openReader(openedStorage(), {
      clock,
      monitored: monitoredOf(settings, plan),
      backlog: recording.backlog,
      onStoreError: (error) => logStoreError(troubleText(error)),
    }),
  );
  const reader = (log: Log) => {
    logStoreError = log;
    return openedReader();
  };

  /** What the wire said of a run that did not succeed; the run itself is stored already, so that a failure here is only told. */
  const keepTrace = async ({ result, trace, storageAway }: ProbedRun, log: Log) => {
    if (trace === undefined || storageAway !== undefined) return;
    await openedStorage()
      .then((storage) => storage.keepTrace(result, trace))
      .catch((error) => log(troubleText(error)));
  };

  const service: Service = {
    plan,
    notRun: unavailable.map(({ edge, transaction, reason }) => `${edge}/${transaction} does not run: ${reason}`),
    async runScheduled(planned, log, traceParent) {
      const now = clock.now();
      const scheduledAt = previousOccurrence(planned.schedule, now + earlyMs) ?? now;
      const report = await reporter.begin(traceParent, log);
      const finished = await openedProber(log).run(planned, {
        trigger: 'schedule',
        region: settings.ownRegion,
        scheduledAt,
        stop: stopping.signal,
        onUnexpected: (error) => {
          log(troubleText(error));
          report.error(error);
        },
      });
      const { result } = finished;
      log(summary(result));
      await report.end(result, (onError) => recording.record(finished, summary(result), log, onError));
      await keepTrace(finished, log);
      if (isFirstOfDay(planned.schedule, scheduledAt)) await dropOldTables(openedStorage(), settings, clock.now(), log);
      return result;
    },
    async runOnDemand(planned, { force, log }) {
      const options = { trigger: 'on-demand', region: settings.ownRegion, force, stop: stopping.signal } as const;
      const finished = await openedProber(log).run(planned, options);
      const { result } = finished;
      if (result.diagnosis?.code === 'PROBER_ACCOUNT_BUSY') return { kind: 'busy' };
      log(summary(result));
      await recording.record(finished, summary(result), log).catch((error) => log(troubleText(error)));
      await keepTrace(finished, log);
      return { kind: 'result', result };
    },
    answerRun: (request, log) =>
      onDemand.answer(request, (planned, force) => service.runOnDemand(planned, { force, log })),
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
    async stop() {
      stopping.abort(new Error('the process is being stopped'));
      await inFlight.ended();
      await reporter.stop();
    },
  };
  return {
    ...service,
    runScheduled: (...args) => inFlight.track(() => service.runScheduled(...args)),
    runOnDemand: (planned, options) => inFlight.track(() => service.runOnDemand(planned, options)),
    answerRun: (request, log) => inFlight.track(() => service.answerRun(request, log)),
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
    runOnDemand: () => Promise.reject(new Error('nothing can run: the configuration is wrong')),
    answerRun: async () => document,
    status: async () => document,
    transactionStatus: async () => document,
    page: async () => ({ kind: 'page', status: 503, page }),
    stop: async () => {},
  };
}

/** The status is loaded when first needed: a timer's cold start should not pay for it. */
async function openReader(storage: Promise<Storage>, sources: Omit<StatusSources, 'store'>): Promise<StatusReader> {
  const { StatusReader } = await import('./status/statusReader.js');
  return new StatusReader({ ...sources, store: (await storage).results });
}

function isFirstOfDay(schedule: Schedule, scheduledAt: number): boolean {
  const before = previousOccurrence(schedule, scheduledAt - 1);
  return before === undefined || toIso(before).slice(0, 10) !== toIso(scheduledAt).slice(0, 10);
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

/** Trouble with the storage is told in a line; anything else is a defect, and its stack says where. */
function troubleText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== 'StoreError') return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
