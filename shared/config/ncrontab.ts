import { Cron } from 'croner';
import { type FieldKind, fieldKinds, parseField } from './ncrontabField.js';

/** A schedule as Azure Functions reads it: six fields, seconds first, UTC, and both of the days must match. */
export interface Schedule {
  readonly kind: 'schedule';
  readonly text: string;
  /** The values of each field, in the order in which they are written. */
  readonly fields: readonly (readonly number[])[];
  readonly cron: Cron;
}

/** Why a text is no schedule, and what was expected. */
export interface ScheduleProblem {
  readonly kind: 'problem';
  readonly message: string;
}

const dayMs = 86_400_000;
// Dates fall on the same weekdays again after 28 years, leap days included.
const calendarStart = Date.UTC(2000, 0, 1);
const calendarDays = 28 * 365 + 7;
const sixFields = 'expected six fields (seconds minutes hours day-of-month month day-of-week), such as "0 */5 * * * *"';

/** Reads NCRONTAB strictly: what Azure refuses, and what it reads otherwise than it looks, is a problem. */
export function parseSchedule(text: string): Schedule | ScheduleProblem {
  const parts = text.split(' ').filter((part) => part !== '');
  if (text.length > 500) return problem(`has ${text.length} characters; ${sixFields}`);
  if (parts.length !== 6) return problem(`has ${parts.length} field${parts.length === 1 ? '' : 's'}; ${sixFields}`);

  const fields: (readonly number[])[] = [];
  for (const [index, kind] of fieldKinds.entries()) {
    const values = parseField(parts[index] ?? '', kind);
    if (values === undefined) return problem(`${kind.title}: expected ${accepted(kind)}`);
    fields.push(values);
  }
  // croner is given plain numbers only, so that every rule of reading is the one above.
  const cron = new Cron(fields.map(numbers).join(' '), { mode: '6-part', domAndDow: true, utcOffset: 0 });
  const occurs = cron.nextRun(new Date(calendarStart)) !== null;
  return occurs ? { kind: 'schedule', text, fields, cron } : problem('never occurs; expected a day that exists');
}

/** The latest occurrence not later than `atMs`; undefined where there was none. */
export function previousOccurrence(schedule: Schedule, atMs: number): number | undefined {
  // croner looks before its reference, by whole seconds: one millisecond more makes an occurrence at `atMs` itself count.
  return schedule.cron.previousRuns(1, new Date(Math.floor(atMs) + 1))[0]?.getTime();
}

/** The first occurrence later than `afterMs`; undefined where there will be none. */
export function nextOccurrence(schedule: Schedule, afterMs: number): number | undefined {
  return schedule.cron.nextRun(new Date(Math.floor(afterMs)))?.getTime();
}

/** The smallest gap between two occurrences, exactly: in milliseconds. */
export function shortestIntervalMs(schedule: Schedule): number {
  return intervals(schedule).reduce((least, gap) => Math.min(least, gap));
}

/** The largest gap between two occurrences, exactly: in milliseconds. */
export function longestIntervalMs(schedule: Schedule): number {
  return intervals(schedule).reduce((most, gap) => Math.max(most, gap));
}

/** Every gap that there is between two occurrences: inside a day, and from the last of a day to the first of the next. */
function intervals(schedule: Schedule): readonly number[] {
  const times = timesOfDay(schedule);
  const overnight = (times[0] ?? 0) - (times.at(-1) ?? 0);
  return [...steps(times), ...dayGaps(schedule).map((days) => days * dayMs + overnight)];
}

function dayGaps(schedule: Schedule): readonly number[] {
  const everyDay = schedule.fields.slice(3).every((values, index) => isWhole(values, index + 3));
  if (everyDay) return [1];
  const days = matchingDays(schedule);
  return steps([...days, (days[0] ?? 0) + calendarDays]);
}

/** How far each number is from the one before it. */
function steps(ascending: readonly number[]): readonly number[] {
  return ascending.slice(1).map((value, index) => value - (ascending[index] ?? 0));
}

/** The days that match, counted from the calendar's start. */
function matchingDays({ fields }: Schedule): readonly number[] {
  const [, , , daysOfMonth = [], months = [], daysOfWeek = []] = fields;
  const days = Array.from({ length: calendarDays }, (_, index) => index);
  return days.filter((index) => {
    const day = new Date(calendarStart + index * dayMs);
    return (
      daysOfWeek.includes(day.getUTCDay()) &&
      daysOfMonth.includes(day.getUTCDate()) &&
      months.includes(day.getUTCMonth() + 1)
    );
  });
}

/** Milliseconds since midnight of each occurrence in a day, ascending. */
function timesOfDay({ fields }: Schedule): readonly number[] {
  const [seconds = [], minutes = [], hours = []] = fields;
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => ((h * 60 + m) * 60 + s) * 1000)));
}

function numbers(values: readonly number[], index: number): string {
  return isWhole(values, index) ? '*' : values.join(',');
}

/** Has the field all the values it can have? */
function isWhole(values: readonly number[], index: number): boolean {
  const kind = fieldKinds[index];
  return kind !== undefined && values.length === kind.to - kind.from + 1;
}

function accepted({ title, from, to, names }: FieldKind): string {
  const named = names.length === 0 ? '' : `${title === 'day-of-week' ? ' (0 is Sunday)' : ''} or English names`;
  return `numbers from ${from} to ${to}${named}, as *, a, a-b, */n, a/n or a list of these; not L, W, # or ?`;
}

function problem(message: string): ScheduleProblem {
  return { kind: 'problem', message };
}
