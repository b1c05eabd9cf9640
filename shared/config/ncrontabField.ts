/** One of the six fields of an NCRONTAB schedule. */
export interface FieldKind {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** English names of the values, the first being `from`. */
  readonly names: readonly string[];
}

const months = 'january february march april may june july august september october november december'.split(' ');
const days = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

/** In the order in which they are written. */
export const fieldKinds = [
  { title: 'seconds', from: 0, to: 59, names: [] },
  { title: 'minutes', from: 0, to: 59, names: [] },
  { title: 'hours', from: 0, to: 23, names: [] },
  { title: 'day-of-month', from: 1, to: 31, names: [] },
  { title: 'month', from: 1, to: 12, names: months },
  { title: 'day-of-week', from: 0, to: 6, names: days },
] as const satisfies readonly FieldKind[];

/** The values a field stands for, ascending; undefined when it is not NCRONTAB. */
export function parseField(text: string, kind: FieldKind): readonly number[] | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const range = parseItem(item, kind);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}

/** `*`, `a`, `a-b`, each also with `/n`; `a/n` runs from a to the field's end, and a reversed range is turned round. */
function parseItem(item: string, kind: FieldKind): { from: number; to: number; step: number } | undefined {
  const [, start = '', end, stepText] = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,2}))?$/i.exec(item) ?? [];
  const step = Number(stepText ?? 1);
  // Azure reads step 0 as 1, and one beyond the field as "at the first value alone": both are slips, and neither is let through.
  if (step < 1 || step > kind.to) return undefined;
  if (start === '*') return end === undefined ? { from: kind.from, to: kind.to, step } : undefined;

  const first = parseValue(start, kind);
  if (first === undefined) return undefined;
  if (end === undefined) return { from: first, to: stepText === undefined ? first : kind.to, step };
  const last = parseValue(end, kind);
  return last === undefined ? undefined : { from: Math.min(first, last), to: Math.max(first, last), step };
}

/** A number in the field's range, or any beginning of an English name: of several that fit, the first. */
function parseValue(text: string, kind: FieldKind): number | undefined {
  if (/^\d/.test(text)) {
    const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
    return value >= kind.from && value <= kind.to ? value : undefined;
  }
  const index = text === '' ? -1 : kind.names.findIndex((name) => name.startsWith(text.toLowerCase()));
  return index < 0 ? undefined : kind.from + index;
}
