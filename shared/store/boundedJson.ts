import type { Diagnosis } from '../domain/diagnosis.js';

// Table Storage refuses a text of more than 32 Ki characters, and a row of more than 1 MiB: seven such columns stay below half of it.
const limit = 32_000;

/** JSON that fits a column, and whether something had to be left out for it. */
export interface BoundedJson {
  readonly json: string;
  readonly truncated: boolean;
}

/** The leading items that fit. */
export function boundedList(items: readonly unknown[]): BoundedJson {
  const kept: string[] = [];
  let room = limit - 2;
  for (const item of items) {
    const json = toJson(item) ?? 'null';
    room -= json.length + 1;
    if (room < 0) break;
    kept.push(json);
  }
  return { json: `[${kept.join(',')}]`, truncated: kept.length < items.length };
}

/** The entries that fit, marked `truncated: true` where one did not or `alreadyTruncated` says that something else of the row was cut. */
export function boundedRecord(record: Readonly<Record<string, unknown>>, alreadyTruncated: boolean): BoundedJson {
  const kept: string[] = [];
  let truncated = alreadyTruncated;
  let room = limit - '{"truncated":true}'.length;
  for (const [key, value] of Object.entries(record)) {
    const json = toJson(value);
    if (json === undefined) {
      truncated ||= value !== undefined;
      continue;
    }
    const entry = `${JSON.stringify(key)}:${json}`;
    if (entry.length + 1 > room) {
      truncated = true;
      continue;
    }
    room -= entry.length + 1;
    kept.push(entry);
  }
  // Last, so that it also overrules an entry of that name.
  if (truncated) kept.push('"truncated":true');
  return { json: `{${kept.join(',')}}`, truncated };
}

/** A diagnosis keeps its code and its first words whatever else it carries; causes and next steps can be found again by the code. */
export function boundedDiagnosis(found: Diagnosis): BoundedJson {
  const whole = toJson(found);
  if (whole !== undefined && whole.length <= limit) return { json: whole, truncated: false };
  const { serverDiagnosis, ...rest } = found;
  // Escaping makes six characters of one at worst: twice 2000 still fit.
  const said = serverDiagnosis === undefined ? {} : { serverDiagnosis: serverDiagnosis.slice(0, 2000) };
  const cut = { ...rest, error: found.error.slice(0, 2000), ...said, causes: [], next: [] };
  return { json: JSON.stringify(cut), truncated: true };
}

/** JSON, or undefined for what has none: undefined itself, functions, cycles, big integers, what is too long for a string. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
