import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogLevel,
  ProgrammingModel,
} from './coreTypes.js';
import { hookNames } from './coreTypes.js';
import type { HostLog } from './hostLog.js';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** The names Azure takes; two that differ in case only are the same to it. */
const validName = /^[a-z][a-z0-9_-]{0,126}$/i;

/** What the Functions host knows of one app, and the module `@azure/functions-core` through which the app tells it. */
export class FunctionsCore {
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<HookName, Set<HookCallback>>(hookNames.map((name) => [name, new Set()]));
  readonly #log: HostLog;
  #model: ProgrammingModel | undefined;
  #open = true;
  /** Shared by the hooks of one app, as the worker does it. */
  readonly appHookData: Record<string, unknown> = {};

  constructor(log: HostLog) {
    this.#log = log;
  }

  /** In the order of registration. */
  get functions(): readonly RegisteredFunction[] {
    return [...this.#functions.values()];
  }

  /** The model the app's library brought; throws while no function was registered. */
  get model(): ProgrammingModel {
    if (this.#model === undefined) throw new Error('the app has registered no function');
    return this.#model;
  }

  get hasModel(): boolean {
    return this.#model !== undefined;
  }

  /** From now on nothing can be registered: Azure has made its list by then. */
  close(): void {
    this.#open = false;
  }

  /** Runs the hooks of a name one after the other; what one throws goes to the caller. */
  async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const callback of this.#hooks.get(name) ?? []) await callback(context);
  }

  /** What `require('@azure/functions-core')` answers to the app. */
  readonly module = {
    version: '4.0.0-embedded',
    hostVersion: '4.0.0-embedded',
    Disposable,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => this.#register(metadata, callback),
    registerHook: (name: string, callback: HookCallback) => this.#registerHook(name, callback),
    setProgrammingModel: (model: ProgrammingModel) => {
      this.#model = model;
    },
    getProgrammingModel: () => this.#model,
    log: (level: LogLevel, _category: string, message: string) => this.#log({ level, source: 'host', text: message }),
  };

  #register(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { name } = metadata;
    const key = name.toLowerCase();
    if (!this.#open) throw new Error(`function "${name}": a function can only be registered while the app is loaded`);
    if (!validName.test(name)) {
      throw new Error(`function "${name}": a name is a letter, then up to 126 letters, digits, "-" or "_"`);
    }
    if (this.#functions.has(key)) throw new Error(`function "${name}": there is another of that name`);
    this.#functions.set(key, { metadata, callback });
    return new Disposable(() => this.#functions.delete(key));
  }

  #registerHook(name: string, callback: HookCallback): Disposable {
    const known = hookNames.find((hook) => hook === name);
    const hooks = known && this.#hooks.get(known);
    if (hooks === undefined) {
      // The library turns exactly this kind of error into "needs a newer host".
      throw Object.assign(new RangeError(`unknown hook "${name}"`), { isAzureFunctionsSystemError: true });
    }
    hooks.add(callback);
    return new Disposable(() => hooks.delete(callback));
  }
}

/** The worker's way of taking something back; apps may build their own. */
class Disposable {
  #dispose: (() => unknown) | undefined;

  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }

  static from(...members: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const member of members) member.dispose();
    });
  }

  dispose(): void {
    const dispose = this.#dispose;
    this.#dispose = undefined;
    dispose?.();
  }
}
