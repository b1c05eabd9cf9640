import { describe, expect, test } from 'vitest';
import {
  longestIntervalMs,
  nextOccurrence,
  parseSchedule,
  previousOccurrence,
  type Schedule,
  shortestIntervalMs,
} from '../../../shared/config/ncrontab.js';

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

function scheduleOf(text: string): Schedule {
  const schedule = parseSchedule(text);
  if (schedule.kind === 'problem') throw new Error(`${text}: ${schedule.message}`);
  return schedule;
}

function following(text: string, from: string, count: number): readonly (string | undefined)[] {
  const schedule = scheduleOf(text);
  const found: (number | undefined)[] = [];
  for (let after = at(from); found.length < count; ) {
    const next = nextOccurrence(schedule, after);
    found.push(next);
    after = next ?? Number.POSITIVE_INFINITY;
  }
  return found.map(iso);
}

describe('occurrences', () => {
  test.each([
    [
      'every 10 s',
      '*/10 * * * * *',
      '2026-11-20T23:59:45Z',
      ['2026-11-20T23:59:50', '2026-11-21T00:00:00', '2026-11-21T00:00:10'],
    ],
    [
      'a/n runs from a to the end of the field',
      '0 5/15 * * * *',
      '2026-11-20T23:05:00Z',
      ['2026-11-20T23:20:00', '2026-11-20T23:35:00', '2026-11-20T23:50:00', '2026-11-21T00:05:00'],
    ],
    [
      'both days must match: Friday the 13th',
      '0 0 0 13 * 5',
      '2026-01-01T00:00:00Z',
      ['2026-02-13T00:00:00', '2026-03-13T00:00:00', '2026-11-13T00:00:00', '2027-08-13T00:00:00'],
    ],
    ['a leap day', '0 0 12 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T12:00:00', '2032-02-29T12:00:00']],
    ['a leap day on a Monday', '0 0 12 29 Feb Mon', '2026-01-01T00:00:00Z', ['2044-02-29T12:00:00']],
    [
      'a reversed range is turned round',
      '0 0 17-9/4 * * *',
      '2026-11-20T00:00:00Z',
      ['2026-11-20T09:00:00', '2026-11-20T13:00:00', '2026-11-20T17:00:00', '2026-11-21T09:00:00'],
    ],
    [
      'full English names',
      '0 30 9 * January Monday-Friday',
      '2026-12-31T00:00:00Z',
      ['2027-01-01T09:30:00', '2027-01-04T09:30:00'],
    ],
    [
      'the first name that an abbreviation fits',
      '0 0 0 1 J *',
      '2026-01-01T00:00:00Z',
      ['2027-01-01T00:00:00', '2028-01-01T00:00:00'],
    ],
    [
      'the end of a month that has none',
      '0 0 0 31 * *',
      '2026-01-31T00:00:00Z',
      ['2026-03-31T00:00:00', '2026-05-31T00:00:00'],
    ],
    [
      'lists of ranges, and several spaces',
      ' 0  0,30 8-9,22  * * 1-5 ',
      '2026-11-20T09:00:00Z',
      ['2026-11-20T09:30:00', '2026-11-20T22:00:00', '2026-11-20T22:30:00', '2026-11-23T08:00:00'],
    ],
  ])('%s', (_, text, from, occurrences) => {
    expect(following(text, from, occurrences.length)).toEqual(occurrences.map((time) => `${time}.000Z`));
  });

  test('an occurrence belongs to itself looking back, and is over looking ahead', () => {
    const schedule = scheduleOf('0 */5 * * * *');
    const five = at('2026-11-20T23:05:00Z');

    expect(iso(previousOccurrence(schedule, five))).toBe('2026-11-20T23:05:00.000Z');
    expect(iso(previousOccurrence(schedule, five + 0.4))).toBe('2026-11-20T23:05:00.000Z');
    expect(iso(previousOccurrence(schedule, five - 1))).toBe('2026-11-20T23:00:00.000Z');
    expect(iso(previousOccurrence(schedule, five - 0.4))).toBe('2026-11-20T23:00:00.000Z');
    expect(iso(nextOccurrence(schedule, five))).toBe('2026-11-20T23:10:00.000Z');
    expect(iso(nextOccurrence(schedule, five - 1))).toBe('2026-11-20T23:05:00.000Z');
    expect(iso(nextOccurrence(schedule, five + 999))).toBe('2026-11-20T23:10:00.000Z');
  });

  test('a hundred schedules agree with counting second by second, in both directions', () => {
    const random = seeded(2026);
    for (let round = 0; round < 100; round++) {
      const { text, matches } = anySchedule(random);
      const start = at('2026-02-27T00:00:00Z') + Math.floor(random() * 3 * 86_400) * 1000 + Math.floor(random() * 1000);
      const schedule = scheduleOf(text);
      const end = start + 4 * 3600 * 1000;

      const counted: number[] = [];
      for (let time = Math.ceil(start / 1000) * 1000; time <= end; time += 1000)
        if (matches(new Date(time))) counted.push(time);
      const previous = previousOccurrence(schedule, end);
      const next = nextOccurrence(schedule, start - 1);

      expect([text, previous !== undefined && previous >= start ? previous : undefined]).toEqual([
        text,
        counted.at(-1),
      ]);
      expect([text, next !== undefined && next <= end ? next : undefined]).toEqual([text, counted[0]]);
    }
  });
});

describe('the shortest and the longest interval', () => {
  const day = 86_400;

  test.each([
    ['* * * * * *', 1, 1],
    ['*/10 * * * * *', 10, 10],
    ['0 */5 * * * *', 300, 300],
    ['0 */7 * * * *', 240, 420],
    ['50 59 23 * * *', day, day],
    ['0,30 0,59 0,23 * * *', 30, 22 * 3600 + 30],
    ['0 0 0,23 * * *', 3600, 23 * 3600],
    ['0 0 0 * * 1', 7 * day, 7 * day],
    ['0 0 9 * * 1-5', day, 3 * day],
    ['0 0 0,23 * * 1', 23 * 3600, 7 * day - 23 * 3600],
    ['0 0 0 13 * 5', 28 * day, 427 * day],
    ['0 0 0 29 2 *', 1461 * day, 1461 * day],
    ['0 0 0 29 2 1', 10_227 * day, 10_227 * day],
  ])('of %s are %i s and %i s', (text, shortest, longest) => {
    const schedule = scheduleOf(text);

    expect([shortestIntervalMs(schedule), longestIntervalMs(schedule)]).toEqual([shortest * 1000, longest * 1000]);
  });
});

const dayOfWeek =
  'day-of-week: expected numbers from 0 to 6 (0 is Sunday) or English names, as *, a, a-b, */n, a/n or a list of these; not L, W, # or ?';
const dayOfMonth =
  'day-of-month: expected numbers from 1 to 31, as *, a, a-b, */n, a/n or a list of these; not L, W, # or ?';
const minutes = 'minutes: expected numbers from 0 to 59, as *, a, a-b, */n, a/n or a list of these; not L, W, # or ?';
const month =
  'month: expected numbers from 1 to 12 or English names, as *, a, a-b, */n, a/n or a list of these; not L, W, # or ?';
const six = 'expected six fields (seconds minutes hours day-of-month month day-of-week), such as "0 */5 * * * *"';

test.each([
  ['*/5 * * * *', `has 5 fields; ${six}`],
  ['0 0 0 * * * 2026', `has 7 fields; ${six}`],
  ['@daily', `has 1 field; ${six}`],
  ['00:05:00', `has 1 field; ${six}`],
  ['%SCHEDULE%', `has 1 field; ${six}`],
  ['', `has 0 fields; ${six}`],
  ['0\t*/5 * * * *', `has 5 fields; ${six}`],
  [`0 ${'0,'.repeat(300)}0 * * * *`, `has 611 characters; ${six}`],
  ['0 0 9 * * 7', dayOfWeek],
  ['0 0 9 * * 5L', dayOfWeek],
  ['0 0 9 * * 5#2', dayOfWeek],
  ['0 0 9 * * ?', dayOfWeek],
  ['0 0 9 * * Fridays', dayOfWeek],
  ['0 0 9 L * *', dayOfMonth],
  ['0 0 9 15W * *', dayOfMonth],
  ['0 0 9 0 * *', dayOfMonth],
  ['0 0 9 32 * *', dayOfMonth],
  ['0 0 9 * 13 *', month],
  ['0 0 9 * Juno *', month],
  ['0 60 * * * *', minutes],
  ['0 */0 * * * *', minutes],
  ['0 */90 * * * *', minutes],
  ['0 /5 * * * *', minutes],
  ['0 1,,2 * * * *', minutes],
  ['0 5- * * * *', minutes],
  ['0 -5 * * * *', minutes],
  ['0 1-2-3 * * * *', minutes],
  ['0 *-5 * * * *', minutes],
  ['0 ** * * * *', minutes],
  ['0 1.5 * * * *', minutes],
  ['0 Monday * * * *', minutes],
  ['0 0 0 30 2 *', 'never occurs; expected a day that exists'],
  ['0 0 0 31 Apr,Jun,Sep,Nov *', 'never occurs; expected a day that exists'],
])('%j is refused', (text, message) => {
  expect(parseSchedule(text)).toEqual({ kind: 'problem', message });
});

/** Numbers below 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface AnyField {
  readonly text: string;
  readonly has: (value: number) => boolean;
}

function anySchedule(random: () => number): { readonly text: string; readonly matches: (time: Date) => boolean } {
  const second = anyField(random, 0, 59);
  const minute = anyField(random, 0, 59);
  const hour = anyField(random, 0, 23);
  const day = anyField(random, 1, 31);
  const week = anyField(random, 0, 6);
  return {
    text: `${second.text} ${minute.text} ${hour.text} ${day.text} * ${week.text}`,
    matches: (time) =>
      second.has(time.getUTCSeconds()) &&
      minute.has(time.getUTCMinutes()) &&
      hour.has(time.getUTCHours()) &&
      day.has(time.getUTCDate()) &&
      week.has(time.getUTCDay()),
  };
}

/** A field of some form with what it means, said in another way than by listing values. */
function anyField(random: () => number, from: number, to: number): AnyField {
  const some = () => from + Math.floor(random() * (to - from + 1));
  const [one, other, step] = [some(), some(), 1 + Math.floor(random() * 5)];
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const forms: readonly AnyField[] = [
    { text: '*', has: () => true },
    { text: '*', has: () => true },
    { text: `*/${step}`, has: (value) => (value - from) % step === 0 },
    { text: `${one}/${step}`, has: (value) => value >= one && (value - one) % step === 0 },
    { text: `${one}-${other}`, has: (value) => value >= low && value <= high },
    { text: `${low}-${high}/${step}`, has: (value) => value >= low && value <= high && (value - low) % step === 0 },
    { text: `${one},${low}-${high}`, has: (value) => value >= low && value <= high },
  ];
  return forms[Math.floor(random() * forms.length)] ?? { text: '*', has: () => true };
}
