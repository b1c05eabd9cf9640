import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingFor } from './availability.js';
import { RigError, UsageError } from './errors.js';
import { type Faults, faultsOf } from './faults.js';
import { writeConfigFolder } from './host/configFolder.js';
import { configure } from './host/configure.js';
import { endServers } from './host/endServers.js';
import { endWithProcess } from './host/endWithProcess.js';
import { callKamailio, registeredContacts } from './host/kamailioControl.js';
import { withLock } from './host/lock.js';
import { logFile, readTail } from './host/logs.js';
import { type ServerStatus, serverStatus } from './host/serverStatus.js';
import { startServers } from './host/servers.js';
import { createState, keptSettings, removeState } from './host/stateFolder.js';
import type { Contact } from './plan/contacts.js';
import { type Endpoints, endpointsOf } from './plan/endpoints.js';
import { planOf, type RigPlan } from './plan/rigPlan.js';
import type { EdgeNumber, ServiceName } from './plan/services.js';
import { contradictions, type RigOptions, settle } from './plan/settings.js';
import { findProjectRoot } from './projectRoot.js';

/** A rig that is up. */
export interface Rig {
  readonly endpoints: Endpoints;
  readonly fault: Faults;
  status(): readonly ServerStatus[];
  /** The last lines of a server's log, 40 unless told. */
  log(service: ServiceName, lines?: number): string;
  /** Writes probes.json, ca.pem and secrets.env for probing Edge 1. */
  writeConfig(folder: string): void;
  /** Every binding that Kamailio of an Edge (1 unless told) holds: empty means that nobody is left registered. */
  contacts(edge?: EdgeNumber): Promise<readonly Contact[]>;
  /** Runs one of Kamailio's RPC commands, such as `['core.uptime']`, and gives what it prints. */
  kamailio(command: readonly string[], edge?: EdgeNumber): Promise<string>;
  /** Ends every server and deletes the state folder. */
  down(): Promise<void>;
}

/**
 * Brings up a rig for a test: in a folder and, unless chosen, a loopback net of its own, so that any number of them
 * work side by side. It never outlives this process. Throws `RigError` when a server is missing or does not start.
 */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const state = options.state ?? mkdtempSync(join(tmpdir(), 'edge-rig-'));
  const net = options.net ?? randomNet();
  try {
    const { rig, keep } = await raiseRig({ base: 20_000, ...options, net, state });
    return { ...rig, down: () => rig.down().finally(keep) };
  } catch (error) {
    if (options.state === undefined) rmSync(state, { recursive: true, force: true });
    throw error;
  }
}

/** One of 65 000 loopback nets: two test runs on one machine do not meet. */
export function randomNet(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}`;
}

/**
 * Brings up the rig that `options` choose, or what of it does not run. One that is new ends with this process until
 * `keep` is called. Throws `RigError`; what was begun is then ended again.
 */
export function raiseRig(options: RigOptions): Promise<{ readonly rig: Rig; readonly keep: () => void }> {
  const state = stateOf(options);
  return withLock(state, async () => {
    const kept = keptSettings(state);
    const settings = kept ?? settle(options, state);
    const other = kept === undefined ? [] : contradictions(options, kept);
    if (other.length > 0)
      throw new UsageError(`the rig at ${state} is up with ${other.join(', ')}: keep that, or run down first`);
    const missing = missingFor(settings.services);
    if (missing.length > 0)
      throw new RigError(`missing: ${missing.join(', ')}; install them with: npm run rig -- install`);

    const plan = planOf(settings);
    const keep = kept === undefined ? beginState(plan) : () => {};
    try {
      await configure(plan, templateFolder());
      await startServers(plan, settings.services);
    } catch (error) {
      if (kept === undefined) await endRig(plan).finally(keep);
      throw error;
    }
    return { rig: rigOf(plan), keep };
  });
}

/** The rig that is up at the chosen state folder; `undefined` when there is none. */
export function attachRig(options: RigOptions): Rig | undefined {
  const settings = keptSettings(stateOf(options));
  return settings === undefined ? undefined : rigOf(planOf(settings));
}

function rigOf(plan: RigPlan): Rig {
  const { files, settings } = plan;
  const endpoints = endpointsOf(plan);
  return {
    endpoints,
    fault: faultsOf(plan, () => configure(plan, templateFolder())),
    status: () => serverStatus(files, settings.services),
    log: (service, lines = 40) => readTail(logFile(files, service), lines),
    writeConfig: (folder) => writeConfigFolder(folder, endpoints),
    contacts: (edge = 1) => registeredContacts(plan, edge),
    kamailio: (command, edge = 1) => callKamailio(plan, edge, command),
    down: () => withLock(files.state, () => endRig(plan)),
  };
}

function beginState(plan: RigPlan): () => void {
  createState(plan.files, plan.settings);
  return endWithProcess(plan);
}

async function endRig(plan: RigPlan): Promise<void> {
  await endServers(plan.files, plan.settings.services);
  removeState(plan.files);
}

/** RIG_BASE and RIG_STATE alone choose the folder, so that the other settings need not be given to every verb. */
function stateOf(options: RigOptions): string {
  const base = options.base ?? 10_000;
  return settle({ ...options, base }, join(tmpdir(), `edge-rig-${process.getuid?.()}-${base}`)).state;
}

function templateFolder(): string {
  return join(findProjectRoot(), 'test/rig/templates');
}
