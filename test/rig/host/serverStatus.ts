import { readFileSync } from 'node:fs';
import type { RigFiles } from '../plan/rigPlan.js';
import type { ServiceName } from '../plan/services.js';
import { processesOf } from './processes.js';

export interface ServerStatus {
  readonly service: ServiceName;
  readonly state: 'running' | 'paused' | 'stopped';
  /** Of the first process. */
  readonly pid?: number;
  readonly processes: number;
  /** Proportional set size of all processes, kB: shared memory is counted once. */
  readonly memoryKb: number;
}

export function serverStatus(files: RigFiles, services: readonly ServiceName[]): readonly ServerStatus[] {
  return services.map((service) => {
    const found = processesOf(files, service);
    const leader = found.find((stat) => stat.pid === stat.group);
    if (leader === undefined) return { service, state: 'stopped', processes: found.length, memoryKb: 0 };
    const memoryKb = found.reduce((sum, stat) => sum + memoryOf(stat.pid), 0);
    return {
      service,
      state: leader.state === 'T' ? 'paused' : 'running',
      pid: leader.pid,
      processes: found.length,
      memoryKb,
    };
  });
}

/** 0 for a process that has ended meanwhile, or on a kernel that does not tell. */
function memoryOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
