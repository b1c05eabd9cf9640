import type { Environment, StorageAddress } from './config/environment.js';
import { previousOccurrence, type Schedule } from './config/ncrontab.js';
import type { Variables } from './config/secrets.js';
import type { Settings } from './config/settings.js';
import { type Clock, toIso } from './domain/clock.js';
import { summary, troubleText } from './logText.js';
import { OnDemand } from './onDemand.js';
import { monitoredOf, planOf } from './plan.js';
import { openProber, type ProbedRun, type Prober } from './prober.js';
import { openRecording } from './recording.js';
import { openReporting } from './reporting.js';
import { InFlight } from './run/inFlight.js';
import type { Log, Service } from './service.js';
import { statusPage } from './status/page.js';
import type { StatusReader, StatusSources } from './status/statusReader.js';
import { dropOldTables, openStorage, type Storage } from './storage.js';

/** A timer fires a little early now and then: an occurrence this near ahead, milliseconds, is the one that is meant. */
const earlyMs = 1_000;

type Complete = Environment & { readonly storage: StorageAddress };

/** Joins the parts of a process whose configuration is right; storage is opened on first use. */
export function workingService(settings: Settings, environment: Complete, variables: Variables, clock: Clock): Service {
  const plan = planOf(settings);
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

/** The status is loaded when first needed: a timer's cold start should not pay for it. */
async function openReader(storage: Promise<Storage>, sources: Omit<StatusSources, 'store'>): Promise<StatusReader> {
  const { StatusReader } = await import('./status/statusReader.js');
  return new StatusReader({ ...sources, store: (await storage).results });
}

function isFirstOfDay(schedule: Schedule, scheduledAt: number): boolean {
  const before = previousOccurrence(schedule, scheduledAt - 1);
  return before === undefined || toIso(before).slice(0, 10) !== toIso(scheduledAt).slice(0, 10);
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
