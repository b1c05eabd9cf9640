// The part of the Functions worker that an app meets, played in a process of its own so that it can be any Node. Written from
// what the worker does and apart from the embedded host, so that the two check each other.
const { randomUUID } = require('node:crypto');
const Module = require('node:module');
const { join } = require('node:path');

const functions = new Map();
const hooks = [];
const lines = [];
const unhandled = [];
let model;
let indexed = false;

class Disposable {
  dispose() {}
}

const core = {
  version: '3.10.0-test',
  hostVersion: '4.1000.0-test',
  Disposable,
  registerFunction(metadata, callback) {
    if (indexed) throw new Error(`${metadata.name}: registered after the app was indexed`);
    if (functions.has(metadata.name)) throw new Error(`${metadata.name}: registered twice`);
    functions.set(metadata.name, { metadata, callback });
    return new Disposable();
  },
  registerHook(name, callback) {
    hooks.push({ name, callback });
    return new Disposable();
  },
  setProgrammingModel(given) {
    model = given;
  },
  getProgrammingModel: () => model,
  log: (level, category, message) => lines.push(`${level} ${category} ${message}`),
};

// As the worker does it: by a proxy on the method behind `require`.
Module.prototype.require = new Proxy(Module.prototype.require, {
  apply: (target, self, args) => (args[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, args)),
});

process.on('unhandledRejection', (reason) => unhandled.push(String(reason?.stack ?? reason)));
process.on('uncaughtException', (error) => unhandled.push(String(error.stack)));

async function runHooks(name, context) {
  for (const hook of hooks) if (hook.name === name) await hook.callback(context);
  return context;
}

async function load(folder) {
  const begun = performance.now();
  require(join(folder, require(join(folder, 'package.json')).main));
  const loadMs = performance.now() - begun;
  if (model === undefined) throw new Error('the app registered nothing');
  await runHooks('appStart', { hookData: {}, appHookData: {} });
  indexed = true;
  const found = [...functions.values()].map(({ metadata: { name, bindings } }) => ({ name, bindings }));
  return { functions: found, capabilities: await model.getCapabilities({}), loadMs };
}

async function invoke({ name, data, traceParent }) {
  const { metadata, callback } = functions.get(name);
  const trigger = Object.keys(metadata.bindings).find((binding) => binding !== '$return');
  const context = {
    invocationId: randomUUID(),
    request: {
      inputData: [{ name: trigger, data: toTypedData(data) }],
      ...(traceParent ? { traceContext: { traceParent, traceState: '', attributes: {} } } : {}),
    },
    metadata,
    state: undefined,
    log: (level, category, message) => lines.push(`${level} ${category} ${message}`),
  };
  const invocation = model.getInvocationModel(context);
  const { context: invocationContext, inputs } = await invocation.getArguments();
  const hookContext = { hookData: {}, appHookData: {}, invocationContext, inputs };
  context.state = 'preInvocationHooks';
  const before = await runHooks('preInvocation', { ...hookContext, functionCallback: callback });
  context.state = 'invocation';
  const result = await invocation.invokeFunction(invocationContext, before.inputs, before.functionCallback);
  context.state = 'postInvocationHooks';
  const after = await runHooks('postInvocation', { ...hookContext, result, error: null });
  const { returnValue } = await invocation.getResponse(invocationContext, after.result);
  const http = returnValue?.http;
  return http ? { status: Number(http.statusCode), headers: http.headers, body: textOf(http.body) } : {};
}

function toTypedData({ timer, http }) {
  if (timer) return { json: JSON.stringify(timer) };
  const values = (map = {}) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, { value }]));
  const { method, url, params, headers, query } = http;
  return {
    http: {
      method,
      url,
      nullableParams: values(params),
      nullableHeaders: values(headers),
      nullableQuery: values(query),
      body: null,
    },
  };
}

function textOf(body) {
  if (body?.bytes) return Buffer.from(body.bytes).toString('utf8');
  return body?.string ?? body?.json ?? '';
}

const orders = {
  load: ({ folder }) => load(folder),
  invoke,
  look: async () => ({
    node: process.versions.node,
    lines,
    unhandled,
    loaded: Object.keys(require.cache).map((path) => path.split(/[\\/]/).at(-1)),
  }),
  terminate: async () => {
    await runHooks('appTerminate', { hookData: {}, appHookData: {} });
    return {};
  },
};

process.on('message', async ({ kind, ...order }) => {
  try {
    process.send({ done: await orders[kind](order) });
  } catch (error) {
    process.send({ failed: String(error.stack ?? error) });
  }
});
