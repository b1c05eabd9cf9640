import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** One service of Azurite on a loopback port of its own. */
export interface Azurite {
  readonly connectionString: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it at once: what it has not written to disk by then is gone. */
  stop(): Promise<void>;
  /** Lets it write its data to disk and end. */
  close(): Promise<void>;
}

/** What to start: tables in memory, on any free port, unless something else is said. */
export interface AzuriteOptions {
  readonly service?: Service;
  /** Where its data outlive it. */
  readonly folder?: string;
  readonly port?: number;
}

type Service = 'table' | 'blob';

// The development key that Azurite's documentation publishes; it opens nothing but an emulator.
const developmentKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const mainOf = (service: Service) => createRequire(import.meta.url).resolve(`azurite/dist/src/${service}/main.js`);

/** Starts Azurite and returns once it listens. A port that somebody takes in between costs another attempt, of three. */
export async function startAzurite({ service = 'table', folder, port: wanted }: AzuriteOptions = {}): Promise<Azurite> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const child = start(service, port, folder);
    if (await listens(child, port)) {
      const connectionString = connectionStringOf(port, service);
      return {
        connectionString,
        port,
        pid: child.pid ?? 0,
        stop: () => stop(child),
        close: () => stop(child, 'SIGINT'),
      };
    }
    await stop(child);
    if (attempt === 3) throw new Error(`Azurite did not listen on 127.0.0.1:${port}`);
  }
}

/** The connection string of an emulator on a port, whether or not one listens there. */
export function connectionStringOf(port: number, service: Service = 'table'): string {
  const endpoint = `${service === 'table' ? 'Table' : 'Blob'}Endpoint=http://127.0.0.1:${port}/devstoreaccount1`;
  return `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${developmentKey};${endpoint};`;
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function start(service: Service, port: number, folder: string | undefined): ChildProcess {
  const options = ['--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const data = folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder];
  const address = [`--${service}Host`, '127.0.0.1', `--${service}Port`, String(port)];
  return spawn(process.execPath, [mainOf(service), ...options, ...data, ...address], { stdio: 'ignore' });
}

async function listens(child: ChildProcess, port: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (await accepts(port)) return true;
    await wait(100);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
