// Runs as a process of its own: Node reads NODE_EXTRA_CA_CERTS once, at its start. Loads the telemetry as the main bundle does.

import https from 'node:https';
// Runs as a process of its own: Node reads NODE_EXTRA_CA_CERTS once, at its start. Loads the telemetry as the main bundle does.
import Module, { createRequire } from 'node:module';
import net from 'node:net';

const file = process.argv[2];
const unhandled = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
process.on('uncaughtException', (error) => unhandled.push(String(error)));

/** Every address that anything in this process connects to. */
const connections = new Set();
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  connections.add(`${options.host ?? options.path}:${options.port ?? ''}`);
  return connect.apply(this, args);
};

/** What collectors replace or listen to. */
const watched = () => [
  Module.prototype.require,
  Module._load,
  ...['log', 'info', 'warn', 'error'].map((name) => console[name]),
  https.request,
  process.listenerCount('uncaughtException'),
  process.listenerCount('unhandledRejection'),
];

const before = watched();
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
const { openApplicationInsights } = createRequire(import.meta.url)(file);
let sink;
const unawaited = [];

/** One order at a time: `open`, `send`, `look`. */
async function carryOut({ kind, ...order }) {
  if (kind === 'open') {
    const connectionString = { reveal: () => order.connectionString };
    const address = { connectionString, ...(order.identity ? { identity: order.identity } : {}) };
    sink = await openApplicationInsights({ address, roleName: order.roleName, region: 'westeurope', clock });
    return {};
  }
  if (kind === 'look') {
    const after = watched();
    return {
      unhandled,
      connections: [...connections],
      replaced: before.filter((value, index) => value !== after[index]).length,
    };
  }
  // Each flushed for itself, at the same time: as runs that end together do.
  for (const { result, operation } of order.together ?? []) {
    sink.result(result, operation);
    unawaited.push(sink.flush());
    await Promise.resolve();
  }
  for (const { result, operation } of order.runs ?? []) sink.result(result, operation);
  for (const { name, message, operation } of order.errors ?? []) {
    sink.error(Object.assign(new Error(message), { name }), operation);
  }
  const begun = performance.now();
  await Promise.all(unawaited.splice(0));
  const trouble = order.together ? undefined : await sink.flush();
  return { trouble: trouble ?? null, tookMs: performance.now() - begun };
}

process.on('message', (order) => {
  carryOut(order).then(
    (done) => process.send(done),
    (error) => process.send({ failed: String(error) }),
  );
});
