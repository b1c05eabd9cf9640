import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChildProgram, type Environment } from './childProgram.js';
import type { HostLog } from './host/hostLog.js';

/** Where Azurite is installed, what it may see and where its data lie. */
export interface AzuriteOptions {
  /** The project's folder, with node_modules. */
  readonly root: string;
  readonly folder: string;
  readonly parentEnv: Environment;
  readonly log: HostLog;
  /** Gives up waiting for the first start. */
  readonly signal?: AbortSignal | undefined;
}

interface Ports {
  readonly blob: number;
  readonly table: number;
}

const account = 'edgeprobes';
const readyWithinMs = 20_000;
const restartAfterMs = 1_000;
const mostRestarts = 5;

/** Tables and blobs on this machine: Azurite as a child on free loopback ports, brought back when it dies (five times at most). */
export class Azurite {
  readonly #options: AzuriteOptions;
  /** A key of its own: with the published one every local program and web page could sign requests. */
  readonly #key = randomBytes(64).toString('base64');
  #child: ChildProgram;
  #ports: Ports = { blob: 0, table: 0 };
  #stopped = false;

  private constructor(options: AzuriteOptions) {
    this.#options = options;
    this.#child = this.#spawn();
  }

  /** Resolves once it listens. Throws with what Azurite said. */
  static async start(options: AzuriteOptions): Promise<Azurite> {
    const azurite = new Azurite(options);
    try {
      await azurite.#listen();
    } catch (cause) {
      azurite.kill();
      throw new Error(
        `the local storage (Azurite, data in ${options.folder}) did not start: ${(cause as Error).message}`,
        { cause },
      );
    }
    void azurite.#keepUp();
    return azurite;
  }

  get tablesUrl(): string {
    return `http://127.0.0.1:${this.#ports.table}/${account}`;
  }

  get connectionString(): string {
    const blobs = `http://127.0.0.1:${this.#ports.blob}/${account}`;
    return [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${this.#key}`,
      `BlobEndpoint=${blobs}`,
      `TableEndpoint=${this.tablesUrl}`,
    ].join(';');
  }

  /** Lets it write its data and end. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child.end();
  }

  /** Ends it now; rows of the last seconds may be lost. */
  kill(): void {
    this.#stopped = true;
    this.#child.kill();
  }

  #spawn(): ChildProgram {
    const { root, folder, parentEnv } = this.#options;
    const { blob, table } = this.#ports;
    const listen = ['--blobPort', `${blob}`, '--tablePort', `${table}`, '--queuePort', '0'];
    return new ChildProgram(join(root, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'), {
      args: ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', folder, ...listen],
      tie: 'ipc',
      parentEnv,
      env: { AZURITE_ACCOUNTS: `${account}:${this.#key}` },
      nodeOptions: ['--import', pathToFileURL(join(root, 'shared', 'local', 'host', 'endWithParent.mjs')).href],
    });
  }

  async #listen(): Promise<void> {
    this.#ports = await this.#child.waitForOutput(readPorts, readyWithinMs, this.#options.signal);
  }

  async #keepUp(): Promise<void> {
    for (let restarts = 0; ; restarts += 1) {
      await this.#child.exited;
      if (this.#stopped) return;
      const goOn = restarts < mostRestarts;
      const what = goOn ? 'it is started again' : 'it stays away: stop and start again';
      this.#options.log({ level: 'error', source: 'host', text: `the local storage (Azurite) has ended: ${what}` });
      if (!goOn) return;
      await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      if (this.#stopped) return;
      this.#child = this.#spawn();
      await this.#listen().catch(() => this.#child.kill());
    }
  }
}

/** Azurite says on which ports it listens, which is how port 0 becomes known. */
function readPorts(output: string): Ports | undefined {
  const port = (service: string) =>
    new RegExp(`${service} service is successfully listening at http://127\\.0\\.0\\.1:(\\d+)`).exec(output)?.[1];
  const [blob, table] = [port('Blob'), port('Table')];
  return blob === undefined || table === undefined ? undefined : { blob: Number(blob), table: Number(table) };
}
