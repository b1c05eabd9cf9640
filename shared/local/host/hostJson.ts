/** What this host takes from host.json. */
export interface HostJson {
  /** Put before every route; Azure's default is `api`. */
  readonly routePrefix: string;
  /** Milliseconds; `undefined` is without limit. */
  readonly functionTimeoutMs: number | undefined;
}

const defaultTimeout = '00:30:00';

/** Reads the text of a host.json. Throws with the key and what was expected. */
export function parseHostJson(text: string): HostJson {
  const host = object(JSON.parse(text), 'host.json');
  const extensions = object(host.extensions ?? {}, 'host.json: extensions');
  const http = object(extensions.http ?? {}, 'host.json: extensions.http');
  const routePrefix = http.routePrefix ?? 'api';
  if (typeof routePrefix !== 'string') throw new Error('host.json: extensions.http.routePrefix must be a string');
  return { routePrefix, functionTimeoutMs: parseTimeout(host.functionTimeout ?? defaultTimeout) };
}

/** `hh:mm:ss`, or `-1` for no limit. */
function parseTimeout(value: unknown): number | undefined {
  if (value === '-1') return undefined;
  const match = typeof value === 'string' ? /^(\d{1,2}):([0-5]\d):([0-5]\d)$/.exec(value) : null;
  const [hours, minutes, seconds] = (match ?? []).slice(1).map(Number);
  const total = ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  if (total === 0)
    throw new Error(`host.json: functionTimeout must be hh:mm:ss above zero, or "-1", not ${JSON.stringify(value)}`);
  return total * 1000;
}

function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}
