import { expect, test } from 'vitest';
import { nearest } from '../../../shared/config/nearest.js';

const keys = ['sipDomain', 'accounts', 'accountsByRegion', 'title', 'im', 'env'];

test.each([
  ['sip_domain', 'sipDomain'],
  ['SIPDomain', 'sipDomain'],
  ['acounts', 'accounts'],
  ['account', 'accounts'],
  ['accountsByRegions', 'accountsByRegion'],
  ['titel', 'title'],
  ['imm', 'im'],
  ['xy', undefined],
  ['colour', undefined],
  ['', undefined],
  ['a'.repeat(100_000), undefined],
])('the nearest key to %j is %j', (text, expected) => {
  expect(nearest(text, keys)).toBe(expected);
});
