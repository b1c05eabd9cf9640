import { RigError } from './errors.js';
import { showKind, shownKinds } from './host/certificateFiles.js';
import { endServers } from './host/endServers.js';
import { withLock } from './host/lock.js';
import { runningPid, signalServer } from './host/processes.js';
import { startServers } from './host/servers.js';
import { currentVariant, reloadZones, writeZones } from './host/zoneFiles.js';
import type { CertificateKind } from './plan/certificates.js';
import type { RigPlan } from './plan/rigPlan.js';
import {
  expandTarget,
  type HolderName,
  holderNames,
  holderOf,
  type ServiceName,
  type TargetName,
} from './plan/services.js';
import type { DnsVariant } from './plan/zones.js';

/** What can be done to a running rig; each returns once its effect is there. */
export interface Faults {
  /** The ports still accept, nothing answers. */
  pause(target: TargetName): Promise<void>;
  resume(target: TargetName): Promise<void>;
  /** Connections are refused. */
  stop(target: TargetName): Promise<void>;
  start(target: TargetName): Promise<void>;
  dns(variant: DnsVariant): Promise<void>;
  /** Restarts the holder's running servers with another certificate; registrations and streams are gone. */
  cert(holder: HolderName, kind: CertificateKind): Promise<void>;
  /** Everything as after `up`; the partner is restarted, which drops its sessions and streams. */
  clear(): Promise<void>;
}

/** `configureAgain` rewrites the servers' files after something of what they show has changed. */
export function faultsOf(plan: RigPlan, configureAgain: () => Promise<void>): Faults {
  const locked = (work: () => Promise<void>) => withLock(plan.files.state, work);
  const members = (target: TargetName) => expandTarget(target, plan.settings.services);
  return {
    pause: (target) => locked(async () => signalAll(plan, members(target), 'SIGSTOP')),
    resume: (target) => locked(async () => signalAll(plan, members(target), 'SIGCONT')),
    stop: (target) => locked(() => endServers(plan.files, members(target))),
    start: (target) => locked(() => startServers(plan, members(target))),
    dns: (variant) => locked(() => changeDns(plan, variant)),
    cert: (holder, kind) => locked(() => changeCertificate(plan, configureAgain, members(holder), holder, kind)),
    clear: () => locked(() => clearAll(plan, configureAgain)),
  };
}

function signalAll(plan: RigPlan, services: readonly ServiceName[], signal: NodeJS.Signals): void {
  const ended = services.filter((service) => runningPid(plan.files, service) === undefined);
  if (ended.length > 0) throw new RigError(`${ended.join(', ')}: not running`);
  for (const service of services) signalServer(plan.files, service, signal);
}

async function changeDns(plan: RigPlan, variant: DnsVariant): Promise<void> {
  expandTarget('dns', plan.settings.services);
  writeZones(plan, variant);
  if (runningPid(plan.files, 'dns') !== undefined) await reloadZones(plan);
}

async function changeCertificate(
  plan: RigPlan,
  configureAgain: () => Promise<void>,
  servers: readonly ServiceName[],
  holder: HolderName,
  kind: CertificateKind,
): Promise<void> {
  showKind(plan, holder, kind);
  await configureAgain();
  const running = servers.filter((service) => runningPid(plan.files, service) !== undefined);
  await endServers(plan.files, running);
  await startServers(plan, running);
}

async function clearAll(plan: RigPlan, configureAgain: () => Promise<void>): Promise<void> {
  const { services } = plan.settings;
  for (const service of services) signalServer(plan.files, service, 'SIGCONT');
  if (services.includes('dns') && currentVariant(plan) !== 'primary') await changeDns(plan, 'primary');
  const changed = holderNames.filter((holder) => shownKinds(plan)[holder] !== 'good');
  for (const holder of changed) showKind(plan, holder, 'good');
  // An s2s stream stays with the Edge it was opened to, whatever DNS says by now.
  const restarted = services.filter(
    (service) => service === 'partner' || changed.some((holder) => holder === holderOf(service)),
  );
  await endServers(plan.files, restarted);
  await configureAgain();
  await startServers(plan, services);
}
