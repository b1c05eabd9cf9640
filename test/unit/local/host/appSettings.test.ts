import { describe, expect, test } from 'vitest';
import { expandSettings, isDisabled } from '../../../../shared/local/host/appSettings.js';

describe('application settings', () => {
  test('stand in for %NAME% wherever it occurs', () => {
    expect(expandSettings('%SECONDS% */%EVERY% * * * *', { SECONDS: '5', EVERY: '10' })).toBe('5 */10 * * * *');
    expect(expandSettings('0 * * * * *', {})).toBe('0 * * * * *');
  });

  test('are missed by name', () => {
    expect(() => expandSettings('%EVERY%', {})).toThrow(new Error('the setting EVERY is not set'));
  });

  test.each([
    ['true', true],
    ['True ', true],
    ['1', true],
    ['false', false],
    ['', false],
    ['yes', false],
  ])('AzureWebJobs.<name>.Disabled of "%s" disables: %s', (value, disabled) => {
    expect(isDisabled('getStatus', { 'AzureWebJobs.getStatus.Disabled': value })).toBe(disabled);
  });

  test('disable no other function', () => {
    expect(isDisabled('getPage', { 'AzureWebJobs.getStatus.Disabled': 'true' })).toBe(false);
  });
});
