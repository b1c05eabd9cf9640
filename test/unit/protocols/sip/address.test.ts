import { describe, expect, test } from 'vitest';
import { addressOf, isSameUser } from '../../../../shared/protocols/sip/address.js';

describe('the address in a From', () => {
  test.each([
    ['<sip:pilar@contoso.com>;tag=1', 'sip:pilar@contoso.com'],
    ['"Pilar <boss>" <sip:pilar@contoso.com;transport=tls>;tag=1', 'sip:pilar@contoso.com'],
    ['sip:pilar@contoso.com;tag=1', 'sip:pilar@contoso.com'],
    ['SIPS:pilar@contoso.com', 'SIPS:pilar@contoso.com'],
    ['<pres:pilar@contoso.com>', 'pres:pilar@contoso.com'],
    ['<tel:+15555550100>', undefined],
    ['', undefined],
    ['<>', undefined],
  ])('%s is %s', (value, expected) => {
    expect(addressOf(value)).toBe(expected);
  });

  test('is found in no time in a value made to cost much', () => {
    expect(addressOf(`${'<'.repeat(60_000)}sip:a@b>`)).toBe('sip:a@b');
  });
});

test.each([
  ['sip:Pilar@Contoso.com', 'sip:pilar@contoso.com', true],
  ['pres:pilar@contoso.com', 'sip:pilar@contoso.com', true],
  ['sip:pilar@contoso.com', 'sip:pilar@fabrikam.com', false],
  ['sip:pilar@contoso.com', 'sip:kenmyer@contoso.com', false],
])('%s and %s are one user: %s', (one, other, expected) => {
  expect(isSameUser(one, other)).toBe(expected);
});
