import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { type AppSettings, isDisabled } from './appSettings.js';
import type { Binding, LogLevel, TypedData } from './coreTypes.js';
import { TimedOut, withDeadline } from './deadline.js';
import type { FunctionsCore, RegisteredFunction } from './functionsCore.js';
import type { HostJson } from './hostJson.js';
import { describeError, type HostLog } from './hostLog.js';
import { type HttpEndpoint, sortEndpoints, toEndpoint } from './httpRoutes.js';
import { listen } from './httpServer.js';
import { type Invocation, invoke } from './invoke.js';
import { shownPath } from './routes.js';
import { ScheduleMonitor } from './scheduleMonitor.js';
import type { TimerListener } from './timerListener.js';
import { createTimer } from './timers.js';

/** Where an app runs and what it is given. */
export interface HostOptions {
  /** The folder that is deployed: package.json, host.json and the bundle. */
  readonly appFolder: string;
  readonly settings: AppSettings;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** For the key and the memory of the timers. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** What a person wants to know of a function. */
export type FunctionInfo =
  | { readonly kind: 'timer'; readonly name: string; readonly nextMs: number | undefined }
  | { readonly kind: 'http'; readonly name: string; readonly route: string; readonly methods: readonly string[] }
  | { readonly kind: 'disabled'; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly why: string };

/** A run that is nearly done may end by itself; the others are told to. */
const endByThemselvesMs = 1_500;
/** Long enough for runs to give up their step and clean up after themselves (5.5 s), and to note their results. */
const terminateHooksWithinMs = 7_500;
const endAfterHooksWithinMs = 1_000;

/** The functions of a loaded app, brought to life. One that cannot be is left out and said so; the others run. */
export class FunctionHost {
  readonly #core: FunctionsCore;
  readonly #hostJson: HostJson;
  readonly #options: HostOptions;
  readonly #monitor: ScheduleMonitor;
  readonly #timers = new Map<string, TimerListener>();
  readonly #endpoints: HttpEndpoint[] = [];
  readonly #leftOut: FunctionInfo[] = [];
  readonly #running = new Set<Promise<Invocation>>();
  #server: Server | undefined;

  constructor(core: FunctionsCore, hostJson: HostJson, options: HostOptions) {
    this.#core = core;
    this.#hostJson = hostJson;
    this.#options = options;
    this.#monitor = new ScheduleMonitor(join(options.dataDir, 'timers.json'));
    for (const fn of core.functions) this.#admit(fn);
  }

  /** Listens, then arms the timers. Throws when it cannot listen. */
  async start(key: string): Promise<Server> {
    const { host, port, log } = this.#options;
    const server = await listen({
      host,
      port,
      key,
      log,
      endpoints: sortEndpoints(this.#endpoints),
      invoke: ({ fn, triggerName: name }, data) => this.#invoke(fn, { name, data }),
    });
    this.#server = server;
    for (const timer of this.#timers.values()) timer.start();
    return server;
  }

  /** Never rejects, and ends within about ten seconds whatever the app does. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) timer.stop();
    this.#server?.close();
    await withDeadline(this.#allEnded(), endByThemselvesMs).catch(() => undefined);
    if (this.#running.size > 0)
      this.#say('information', `ending ${this.#running.size} in progress, each with its clean-up ...`);
    const closed = this.#core.runHooks('appTerminate', { hookData: {}, appHookData: this.#core.appHookData });
    await this.#patiently('the app', closed, terminateHooksWithinMs);
    await this.#patiently('what is in progress', this.#allEnded(), endAfterHooksWithinMs);
    this.#server?.closeAllConnections();
  }

  functions(): readonly FunctionInfo[] {
    const timers = [...this.#timers].map(([name, timer]) => ({ kind: 'timer' as const, name, nextMs: timer.next }));
    const endpoints = sortEndpoints(this.#endpoints).map(({ fn, route, methods }) => ({
      kind: 'http' as const,
      name: fn.metadata.name,
      route: shownPath(route),
      methods,
    }));
    return [...timers, ...endpoints, ...this.#leftOut];
  }

  #admit(fn: RegisteredFunction): void {
    const { name } = fn.metadata;
    if (isDisabled(name, this.#options.settings)) {
      this.#leftOut.push({ kind: 'disabled', name });
      return;
    }
    try {
      this.#bind(fn, triggerOf(fn));
    } catch (error) {
      const why = (error as Error).message;
      this.#say('error', `${why}; it does not run`);
      this.#leftOut.push({ kind: 'refused', name, why });
    }
  }

  #bind(fn: RegisteredFunction, trigger: Trigger): void {
    const { name } = fn.metadata;
    if (trigger.binding.type.toLowerCase() === 'httptrigger') {
      this.#endpoints.push(toEndpoint(fn, trigger, this.#hostJson.routePrefix));
      return;
    }
    const run = async (data: TypedData) => {
      await this.#invoke(fn, { name: trigger.name, data });
    };
    const { settings, clock, log } = this.#options;
    const world = { settings, clock, log, monitor: this.#monitor };
    this.#timers.set(name, createTimer({ functionName: name, binding: trigger.binding, run }, world));
  }

  async #invoke(fn: RegisteredFunction, trigger: { name: string; data: TypedData }): Promise<Invocation> {
    const timeoutMs = this.#hostJson.functionTimeoutMs;
    const invocation = invoke(this.#core, fn, trigger, { timeoutMs, log: this.#options.log });
    this.#running.add(invocation);
    try {
      return await invocation;
    } finally {
      this.#running.delete(invocation);
    }
  }

  async #patiently(who: string, work: Promise<unknown>, limitMs: number): Promise<void> {
    try {
      await withDeadline(work, limitMs);
    } catch (error) {
      this.#say(
        'warning',
        `stopping without ${who}: ${error instanceof TimedOut ? error.message : describeError(error)}`,
      );
    }
  }

  /** Also of what was begun meanwhile, by a request over a connection that was open. */
  async #allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #say(level: LogLevel, text: string): void {
    this.#options.log({ level, source: 'host', text });
  }
}

interface Trigger {
  readonly name: string;
  readonly binding: Binding;
}

function triggerOf(fn: RegisteredFunction): Trigger {
  const triggers = Object.entries(fn.metadata.bindings).map(([name, binding]) => ({ name, binding }));
  const trigger = triggers.find(({ binding }) => /^(timer|http)Trigger$/i.test(binding.type));
  if (trigger !== undefined) return trigger;
  const types = triggers.map(({ binding }) => binding.type).join(', ');
  throw new Error(`function "${fn.metadata.name}": this host has timer and HTTP triggers, not ${types}`);
}
