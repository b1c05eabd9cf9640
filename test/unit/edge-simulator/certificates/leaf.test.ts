import { describe, expect, test } from 'vitest';
import { subjectNamesOf, validityOf } from '../../../edge-simulator/certificates/leaf.js';

const day = 86_400_000;
const now = 1000 * day;

describe('certificate kinds', () => {
  test('soon has five whole days left, good more than the usual warning of 21', () => {
    expect(Math.floor((validityOf('soon', now).notAfter - now) / day)).toBe(5);
    expect(Math.floor((validityOf('good', now).notAfter - now) / day)).toBe(90);
  });

  test('expired is over and not-yet-valid has not begun', () => {
    expect(validityOf('expired', now).notAfter).toBeLessThan(now);
    expect(validityOf('not-yet-valid', now).notBefore).toBeGreaterThan(now);
  });

  test('names are DNS names or addresses, and wrong-name carries none of them', () => {
    expect(subjectNamesOf('good', ['sip.contoso.test', '127.0.0.1', '::1'])).toEqual([
      { type: 'dns', value: 'sip.contoso.test' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ]);
    expect(subjectNamesOf('wrong-name', ['sip.contoso.test'])).toEqual([{ type: 'dns', value: 'wrong-name.invalid' }]);
  });
});
