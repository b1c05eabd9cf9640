import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** The table service of Azurite on a loopback port of its own, with its data in memory. */
export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

// The development key that Azurite's documentation publishes; it opens nothing but an emulator.
const developmentKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const main = createRequire(import.meta.url).resolve('azurite/dist/src/table/main.js');

/** Starts Azurite and returns once it listens. A port that somebody takes in between costs another attempt, of three. */
export async function startAzurite(): Promise<Azurite> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = start(port);
    if (await listens(child, port)) {
      return { connectionString: connectionStringOf(port), stop: () => stop(child) };
    }
    await stop(child);
    if (attempt === 3) throw new Error(`Azurite did not listen on 127.0.0.1:${port}`);
  }
}

/** The connection string of an emulator on a port, whether or not one listens there. */
export function connectionStringOf(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/devstoreaccount1`;
  return `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${developmentKey};TableEndpoint=${endpoint};`;
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

function start(port: number): ChildProcess {
  const options = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--inMemoryPersistence'];
  const address = ['--tableHost', '127.0.0.1', '--tablePort', String(port)];
  return spawn(process.execPath, [main, ...options, ...address], { stdio: 'ignore' });
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
