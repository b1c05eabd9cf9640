import { toIso } from '../../domain/clock.js';
import type { TypedData } from './coreTypes.js';
import type { MonitorEntry } from './scheduleMonitor.js';

/** What Azure says of a timer that has never run. */
const never = '0001-01-01T00:00:00.000Z';

/** The trigger data of a timer, in the host's capitalised spelling; without a monitor there is no status. */
export function toTimerData(status: MonitorEntry | undefined, isPastDue: boolean): TypedData {
  const ScheduleStatus = status && { Last: status.last, Next: status.next, LastUpdated: status.lastUpdated };
  return { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: isPastDue }) };
}

/** The entry of a timer that is armed for `nextMs`; `lastMs` is absent while it has not run. */
export function monitorEntry(
  schedule: string,
  times: { lastMs?: number; nextMs: number; nowMs: number },
): MonitorEntry {
  const { lastMs, nextMs, nowMs } = times;
  return {
    schedule,
    last: lastMs === undefined ? never : toIso(lastMs),
    next: toIso(nextMs),
    lastUpdated: toIso(lastMs ?? nowMs),
  };
}

/** Is a run owed from before this start? Only under the same schedule: a changed one begins anew. */
export function isOwed(status: MonitorEntry | undefined, schedule: string, nowMs: number): boolean {
  return status !== undefined && status.schedule === schedule && Date.parse(status.next) < nowMs;
}
