import { describe, expect, test } from 'vitest';
import type { TransactionName } from '../../../shared/config/settings.js';
import { staggeredSchedule } from '../../../shared/config/stagger.js';
import { edge, file, settingsOf } from './samples.js';

const regions = ['westeurope', 'eastus', 'southeastasia'];
const transactions = { registration: {}, presence: {}, im: {}, 'sip-federation': {} };
const names = Object.keys(transactions) as TransactionName[];

/** The schedules of one edge with four transactions in three regions. */
function schedules(written: string, name = 'contoso'): string[] {
  const input = file({ regions }, edge({ name, transactions }), edge({ name: 'other' }));
  return regions.flatMap((ownRegion) => {
    const settings = settingsOf(input, { ownRegion });
    return names.map((transaction) => staggeredSchedule(written, name, transaction, settings).text);
  });
}

function secondsOf(texts: readonly string[]): number[] {
  return texts.map((text) => Number(text.split(' ')[0])).sort((a, b) => a - b);
}

describe('a staggered schedule', () => {
  test('keeps its minute and gets a second of its own, evenly apart from all others of the edge', () => {
    const found = schedules('0 */5 * * * *');

    const seconds = secondsOf(found);
    const gaps = seconds.map((second, index) => (seconds[(index + 1) % 12] ?? 0) - second + (index === 11 ? 60 : 0));
    expect(found.every((text) => / \*\/5 \* \* \* \*$/.test(text))).toBe(true);
    expect(gaps).toEqual(Array(12).fill(5));
  });

  test('is the same for everybody who reads the same file', () => {
    expect(schedules('0 */5 * * * *')).toEqual(schedules('0 */5 * * * *'));
  });

  test('begins at another second for another edge', () => {
    const seconds = ['contoso', 'fabrikam', 'adatum'].map((name) => schedules('0 0 3 * * *', name)[0]);

    expect(new Set(seconds).size).toBe(3);
  });

  test('stays inside a step of seconds that divides the minute, with as many runs', () => {
    const found = schedules('*/10 * * * * *');

    expect(found.every((text) => /^[0-9]\/10 \* \* \* \* \*$/.test(text))).toBe(true);
    expect(new Set(found).size).toBe(10);
  });

  test.each([
    '00 */5 * * * *',
    '30 * * * * *',
    '*/7 * * * * *',
    '* * * * * *',
    '*/1 * * * * *',
    '0,30 * * * * *',
    '0-59/3 * * * * *',
  ])('is "%s" as it was written: its seconds were chosen, or cannot be moved', (written) => {
    expect(new Set(schedules(written))).toEqual(new Set([written]));
  });

  test('of a region that is none of the schedules is that of the first, for who only asks', () => {
    const input = file({ regions }, edge({ transactions }));
    const [here, laptop] = ['westeurope', 'laptop'].map((ownRegion) => settingsOf(input, { ownRegion }));

    const of = (settings: typeof here) => settings && staggeredSchedule('0 * * * * *', 'contoso', 'im', settings).text;
    expect(of(laptop)).toBe(of(here));
  });

  test('of what is no schedule is an error that names it', () => {
    expect(() => schedules('every minute')).toThrow('contoso/registration: has 2 fields; expected six fields');
  });
});
