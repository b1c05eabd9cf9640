import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ProcStat, parseProcStat } from '../plan/procStat.js';
import type { RigFiles } from '../plan/rigPlan.js';
import type { ServiceName } from '../plan/services.js';

/** What is noted of a server: its first process, which leads a process group of its own. */
interface RunRecord {
  readonly pid: number;
  /** A pid counts as ours only while its start time is this one: numbers are given out again. */
  readonly startTime: string;
}

/** Notes that `pid`, just started, is the server's first process. */
export function noteStarted(files: RigFiles, service: ServiceName, pid: number): void {
  const record: RunRecord = { pid, startTime: statOf(pid)?.startTime ?? 'ended at once' };
  writeFileSync(recordFile(files, service), JSON.stringify(record));
}

/** Forgets a server of which nothing is left. */
export function noteEnded(files: RigFiles, service: ServiceName): void {
  rmSync(recordFile(files, service), { force: true });
}

/** The pid of the server's first process; `undefined` when it does not run. */
export function runningPid(files: RigFiles, service: ServiceName): number | undefined {
  const record = readRecord(files, service);
  const stat = record === undefined ? undefined : statOf(record.pid);
  const runs = stat !== undefined && stat.startTime === record?.startTime && stat.state !== 'Z';
  return runs ? stat.pid : undefined;
}

/** All processes of the server; they outlive their first one if that was killed. */
export function processesOf(files: RigFiles, service: ServiceName, table = processTable()): readonly ProcStat[] {
  const record = readRecord(files, service);
  if (record === undefined) return [];
  // Another process has the number now, so no group of ours can have it: a number in use by a group is not given out.
  if (table.some((stat) => stat.pid === record.pid && stat.startTime !== record.startTime)) return [];
  return table.filter((stat) => stat.group === record.pid && stat.state !== 'Z');
}

/** Those of `services` that have any process left; the process table is read once for all. */
export function stillThere(files: RigFiles, services: readonly ServiceName[]): readonly ServiceName[] {
  const table = processTable();
  return services.filter((service) => processesOf(files, service, table).length > 0);
}

/** Sends `signal` to all processes of the server; does nothing when there are none. */
export function signalServer(files: RigFiles, service: ServiceName, signal: NodeJS.Signals): void {
  const group = processesOf(files, service)[0]?.group;
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    // ESRCH: they ended by themselves in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function processTable(): readonly ProcStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
}

function recordFile(files: RigFiles, service: ServiceName): string {
  return `${files.run}/${service}.json`;
}

function readRecord(files: RigFiles, service: ServiceName): RunRecord | undefined {
  const file = recordFile(files, service);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function statOf(pid: number): ProcStat | undefined {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}
