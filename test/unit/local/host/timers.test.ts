import { expect, test } from 'vitest';
import { readSchedule } from '../../../../shared/local/host/timers.js';

test('a schedule may stand in a setting', () => {
  const schedule = readSchedule('judge', '%JUDGE_SCHEDULE%', { JUDGE_SCHEDULE: '0 * * * * *' });

  expect(schedule.text).toBe('0 * * * * *');
});

test.each([
  [undefined, 'function "judge": it has no schedule'],
  ['%MISSING%', 'function "judge": schedule "%MISSING%" cannot be read: the setting MISSING is not set'],
  [
    '*/5 * * * *',
    'function "judge": schedule "*/5 * * * *" has 5 fields; expected six fields ' +
      '(seconds minutes hours day-of-month month day-of-week), such as "0 */5 * * * *"',
  ],
  [
    '%FIVE%',
    'function "judge": schedule "%FIVE%" ("*/5 * * * *") has 5 fields; expected six fields ' +
      '(seconds minutes hours day-of-month month day-of-week), such as "0 */5 * * * *"',
  ],
])('the schedule %s is refused with function, expression and what was expected', (written, message) => {
  expect(() => readSchedule('judge', written, { FIVE: '*/5 * * * *' })).toThrow(new Error(message));
});
