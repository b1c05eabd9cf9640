import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../../../shared/compose.js';
import { type Clock, systemClock } from '../../../shared/domain/clock.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { Secret } from '../../../shared/domain/secret.js';
import type { Service } from '../../../shared/service.js';
import type { StatusDocument } from '../../../shared/status/statusDocument.js';
import { dayOf } from '../../../shared/store/keys.js';
import type { LatestRow } from '../../../shared/store/resultStore.js';
import { tableClients } from '../../../shared/store/tableClients.js';
import { TableResultStore } from '../../../shared/store/tableResultStore.js';
import { type Azurite, startAzurite } from '../../contract/azurite.js';
import { type FaultyProxy, startFaultyProxy } from '../../contract/faultyProxy.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';

const slotMs = 10_000;

/** The deployed service against a simulated Edge, on storage that can be troubled: a run in every slot of ten seconds, without the wait. */
export class OutageWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'edge-probes-outage-'));
  readonly lines: string[] = [];
  /** `scheduledAt` of every run, whatever became of it. */
  readonly ran: string[] = [];
  readonly #simulator: EdgeSimulator;
  readonly #clock: Clock & { skip(): void };
  #azurite: Azurite;
  readonly proxy: FaultyProxy;
  #service: Service;

  private constructor(simulator: EdgeSimulator, azurite: Azurite, proxy: FaultyProxy) {
    this.#simulator = simulator;
    this.#azurite = azurite;
    this.proxy = proxy;
    this.#clock = slotClock();
    writeFileSync(join(this.folder, 'ca.pem'), simulator.ca);
    writeFileSync(join(this.folder, 'probes.json'), JSON.stringify(configuration(simulator)));
    this.#service = this.#compose();
  }

  static async start(): Promise<OutageWorld> {
    const data = mkdtempSync(join(tmpdir(), 'edge-probes-azurite-'));
    const [simulator, azurite] = await Promise.all([startEdgeSimulator(), startAzurite({ folder: data })]);
    const proxy = await startFaultyProxy(() => azurite.port);
    const world = new OutageWorld(simulator, azurite, proxy);
    world.#data = data;
    return world;
  }

  #data = '';
  #hostStorage: string | undefined;

  get spoolFolder(): string {
    return join(this.folder, 'spool');
  }

  get spooled(): readonly string[] {
    try {
      return readdirSync(this.spoolFolder);
    } catch {
      return [];
    }
  }

  get azuritePid(): number {
    return this.#azurite.pid;
  }

  /** So many runs of the transaction, each in the next slot; what could not be recorded at all is rejected. */
  async runs(count: number): Promise<readonly TransactionResult[]> {
    const results: TransactionResult[] = [];
    for (let run = 0; run < count; run++) {
      this.#clock.skip();
      const [planned] = this.#service.plan;
      if (planned === undefined) throw new Error('nothing is planned');
      results.push(await this.#service.runScheduled(planned, (line) => this.lines.push(line)));
      this.ran.push(results.at(-1)?.scheduledAt ?? '');
    }
    return results;
  }

  /** Another process in place of the first; `hostStorage` has its spool in blobs from then on. */
  restartProcess(hostStorage?: string): void {
    this.#hostStorage = hostStorage;
    this.#service = this.#compose();
  }

  /** One run of another process, in a slot of its own. */
  secondProcess(): () => Promise<void> {
    const service = this.#compose();
    return async () => {
      this.#clock.skip();
      const [planned] = service.plan;
      if (planned === undefined) throw new Error('nothing is planned');
      const { scheduledAt } = await service.runScheduled(planned, (line) => this.lines.push(line));
      this.ran.push(scheduledAt);
      this.ran.sort();
    };
  }

  async stopStorage(): Promise<void> {
    await this.#azurite.close();
  }

  async startStorage(): Promise<void> {
    this.#azurite = await startAzurite({ folder: this.#data, port: this.#azurite.port });
  }

  async deleteTable(name: string): Promise<void> {
    await (await this.#tables().table(name)).deleteTable();
  }

  async status(): Promise<StatusDocument> {
    // Past the two seconds for which the last document is good enough.
    this.#clock.skip();
    const answer = await this.#service.status((line) => this.lines.push(line));
    if (answer.kind !== 'json') throw new Error('the status is no document');
    return answer.document as StatusDocument;
  }

  /** `scheduledAt` of all rows, the oldest first. */
  async rows(): Promise<readonly string[]> {
    const days = [...new Set(this.ran.map(dayOf))].sort();
    const store = new TableResultStore(this.#tables());
    const found: string[] = [];
    for (const day of days.reverse()) {
      for await (const row of store.newestFirst({ edge: 'contoso', transaction: 'registration' }, day)) {
        found.push(row.scheduledAt);
      }
    }
    return found.reverse();
  }

  async latest(): Promise<LatestRow | undefined> {
    return (await new TableResultStore(this.#tables()).latest('contoso'))[0];
  }

  async fault(name: string): Promise<void> {
    await this.#simulator.setFault(name);
  }

  async stop(): Promise<void> {
    await this.#service.stop();
    this.proxy.stop();
    await this.#azurite.stop();
    await this.#simulator.close();
    for (const folder of [this.folder, this.#data]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #tables() {
    return tableClients({ connectionString: new Secret(this.#azurite.connectionString) });
  }

  #compose(): Service {
    return compose(
      {
        EDGE_PROBES_CONFIG: join(this.folder, 'probes.json'),
        ...(this.#hostStorage
          ? { AzureWebJobsStorage: this.#hostStorage }
          : { EDGE_PROBES_SPOOL_DIR: this.spoolFolder }),
        RESULTS_CONNECTION_STRING: this.proxy.connectionString,
        PILAR_PASSWORD: this.#simulator.users.pilar.password.reveal(),
      },
      this.#clock,
    );
  }
}

/** The system's clock, ahead by a slot more at every `skip`. */
function slotClock(): Clock & { skip(): void } {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    skip: () => {
      ahead += slotMs;
    },
  };
}

function configuration({ host, address, port, domain, users }: EdgeSimulator) {
  const { sipAddress, userName } = users.pilar;
  const edge = {
    name: 'contoso',
    dialect: 'rfc',
    sipDomain: domain,
    accessEdge: { host, address, port },
    accounts: { first: { sipAddress, userName, password: { env: 'PILAR_PASSWORD' } } },
    transactions: { registration: { schedule: '*/10 * * * * *' } },
  };
  return { tls: { caFile: 'ca.pem' }, edges: [edge] };
}
