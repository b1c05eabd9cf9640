import { describe, expect, test } from 'vitest';
import { readNameAddress, readSipUri, splitOutside } from '../../../edge-simulator/sip/values.js';

describe('header values', () => {
  test('commas inside quotes and angle brackets do not split', () => {
    expect(splitOutside('"a, \\"b" <sip:x,y@z>;q=1, <sip:b>', ',')).toEqual(['"a, \\"b" <sip:x,y@z>;q=1', '<sip:b>']);
  });

  test('parameters after an address without brackets belong to the header', () => {
    const address = readNameAddress('sip:pilar@192.0.2.4;expires=60');

    expect(address?.uri).toBe('sip:pilar@192.0.2.4');
    expect(address?.parameters.get('expires')).toBe('60');
  });

  test.each(['', '<>', 'pilar', '<sip:a@b', '"open <sip:a@b>'])('%j is no address', (text) => {
    expect(readNameAddress(text)).toBeUndefined();
  });

  test.each([
    ['sip:Pilar@CONTOSO.test:5061;transport=tls', { user: 'Pilar', host: 'contoso.test' }],
    ['sips:contoso.test', { user: '', host: 'contoso.test' }],
    ['sip:pilar@[2001:db8::1]:5061', { user: 'pilar', host: '[2001:db8::1]' }],
    ['tel:+15555550100', undefined],
    ['sip:pilar@con toso', undefined],
  ])('%j has user and host', (uri, expected) => {
    expect(readSipUri(uri)).toEqual(expected);
  });
});
