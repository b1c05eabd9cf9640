import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is remembered of a timer from one start of the host to the next; times are ISO 8601. */
export interface MonitorEntry {
  readonly schedule: string;
  readonly last: string;
  readonly next: string;
  readonly lastUpdated: string;
}

/** Keeps the entries of all timers in one file of the data folder, as Azure keeps a blob for each. */
export class ScheduleMonitor {
  readonly #path: string;
  readonly #entries: Map<string, MonitorEntry>;

  /** A file that is missing or damaged is an empty memory: no run is caught up then. */
  constructor(path: string) {
    this.#path = path;
    this.#entries = new Map(Object.entries(readEntries(path)));
  }

  get(functionName: string): MonitorEntry | undefined {
    return this.#entries.get(functionName);
  }

  /** Throws when the file cannot be written. */
  set(functionName: string, entry: MonitorEntry): void {
    this.#entries.set(functionName, entry);
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${JSON.stringify(Object.fromEntries(this.#entries), undefined, 2)}\n`);
    renameSync(draft, this.#path);
  }
}

function readEntries(path: string): Record<string, MonitorEntry> {
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, entry]) => isEntry(entry)));
  } catch {
    return {};
  }
}

function isEntry(value: unknown): value is MonitorEntry {
  const entry = value as Partial<Record<keyof MonitorEntry, unknown>> | null;
  return (
    typeof entry === 'object' &&
    typeof entry?.schedule === 'string' &&
    [entry.last, entry.next, entry.lastUpdated].every((at) => typeof at === 'string' && !Number.isNaN(Date.parse(at)))
  );
}
