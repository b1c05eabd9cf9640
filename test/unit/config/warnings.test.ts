import { expect, test } from 'vitest';
import { configWarnings } from '../../../shared/config/warnings.js';
import { account, edge, file, settingsOf } from './samples.js';

test('a schedule that fires before a run must have ended is warned about, with both times', () => {
  const transactions = {
    registration: { schedule: '*/10 * * * * *' },
    presence: { schedule: '0 * * * * *', deadlineMs: 60_000 },
    im: { schedule: '0 * * * * *' },
  };

  expect(configWarnings(settingsOf(file({}, edge({ transactions }))))).toEqual([
    {
      path: 'edges[0].transactions.registration.schedule',
      message:
        'fires every 10 s, but a run may take 50 s with its clean-up; expected a longer interval or a shorter deadlineMs',
    },
    {
      path: 'edges[0].transactions.presence.schedule',
      message:
        'fires every 60 s, but a run may take 65 s with its clean-up; expected a longer interval or a shorter deadlineMs',
    },
  ]);
});

test("a transaction's own limit counts where the file names none", () => {
  const settings = settingsOf(file({}, edge({ transactions: { registration: { schedule: '*/20 * * * * *' } } })));

  expect(configWarnings(settings, () => 15_000)).toEqual([]);
  expect(configWarnings(settings, () => 15_001)).toHaveLength(1);
});

test('an account that two edges use is warned about once', () => {
  const other = edge({ name: 'contoso-west', accounts: { first: account('Pilar'), second: account('anna') } });

  expect(configWarnings(settingsOf(file({}, edge(), other)))).toEqual([
    {
      path: 'edges[1].accounts',
      message:
        'uses sip:pilar@contoso.com, as edges[0] does; expected an account of its own, unless it is another user',
    },
  ]);
});
