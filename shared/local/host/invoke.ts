import { randomBytes, randomUUID } from 'node:crypto';
import type { CoreInvocationContext, InvocationResponse, TypedData } from './coreTypes.js';
import { TimedOut, withDeadline } from './deadline.js';
import type { FunctionsCore, RegisteredFunction } from './functionsCore.js';
import { describeError, type HostLog } from './hostLog.js';

/** How one invocation ended. */
export type Invocation =
  | { readonly kind: 'success'; readonly returnValue: TypedData | undefined }
  | { readonly kind: 'failure'; readonly error: unknown }
  | { readonly kind: 'timed-out' };

/** Where an invocation happens. */
export interface InvokeOptions {
  /** The host's functionTimeout; `undefined` waits for ever. */
  readonly timeoutMs: number | undefined;
  readonly log: HostLog;
}

/** Runs a function once with its trigger's data, hooks included. Never throws; failures and time-outs are logged. */
export async function invoke(
  core: FunctionsCore,
  fn: RegisteredFunction,
  trigger: { readonly name: string; readonly data: TypedData },
  { timeoutMs, log }: InvokeOptions,
): Promise<Invocation> {
  const { name } = fn.metadata;
  const work = runThroughModel(core, fn, coreContext(fn, trigger, log));
  try {
    const response = await (timeoutMs === undefined ? work : withDeadline(work, timeoutMs));
    return { kind: 'success', returnValue: response.returnValue ?? undefined };
  } catch (error) {
    if (!(error instanceof TimedOut)) {
      log({ level: 'error', source: 'host', text: `${name}  failed  ${describeError(error)}` });
      return { kind: 'failure', error };
    }
    log({
      level: 'error',
      source: 'host',
      text: `${name}  timed out after ${timeoutMs} ms (functionTimeout in host.json)`,
    });
    // The worker is not told of a time-out: the handler goes on, and what becomes of it is only worth a line.
    work.catch((late) => log({ level: 'error', source: 'host', text: `${name}  failed late  ${describeError(late)}` }));
    return { kind: 'timed-out' };
  }
}

async function runThroughModel(
  core: FunctionsCore,
  fn: RegisteredFunction,
  context: CoreInvocationContext,
): Promise<InvocationResponse> {
  const model = core.model.getInvocationModel(context);
  const { context: invocationContext, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: core.appHookData, invocationContext };

  context.state = 'preInvocationHooks';
  const before = { ...shared, inputs, functionCallback: fn.callback };
  await core.runHooks('preInvocation', before);

  context.state = 'invocation';
  const after: { result: unknown; error: unknown } = { result: null, error: null };
  try {
    after.result = await model.invokeFunction(invocationContext, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error(`the handler threw ${error}`);
  }

  context.state = 'postInvocationHooks';
  const seen = { ...shared, inputs: before.inputs, ...after };
  await core.runHooks('postInvocation', seen);
  if (seen.error !== null && seen.error !== undefined) throw seen.error;
  return model.getResponse(invocationContext, seen.result);
}

function coreContext(
  fn: RegisteredFunction,
  trigger: { readonly name: string; readonly data: TypedData },
  log: HostLog,
): CoreInvocationContext {
  const invocationId = randomUUID();
  return {
    invocationId,
    // W3C trace context: what the handler sends elsewhere can be joined to this invocation.
    request: {
      invocationId,
      inputData: [trigger],
      traceContext: { traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` },
    },
    metadata: fn.metadata,
    state: undefined,
    log: (level, category, text) => log({ level, source: category === 'user' ? 'app' : 'host', text }),
  };
}
