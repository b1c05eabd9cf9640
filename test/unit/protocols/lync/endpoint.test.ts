import { expect, test } from 'vitest';
import { instanceOf, toEndpoint } from '../../../../shared/protocols/lync/endpoint.js';

test.each([
  ['01010101', '4b1682a8-f968-5701-83fc-7c6741dc6697'],
  ['a1b2c3d4e5f6', '2f7e7723-96e4-544e-8b98-cf482b8cefb8'],
  ['0123456789ab', '8ca50061-9276-524f-a9b4-14011a2c5105'],
])('the instance of epid %s is %s, as the specification derives it', (epid, instance) => {
  expect(instanceOf(epid)).toBe(instance);
});

test('an endpoint is the same for the same names, has twelve hexadecimal digits, and is another for others', () => {
  const first = toEndpoint('sip:pilar@contoso.test', 'westeurope');
  const second = toEndpoint('sip:pilar@contoso.test', 'eastus');

  expect(first).toEqual(toEndpoint('sip:pilar@contoso.test', 'westeurope'));
  expect(first.epid).toMatch(/^[0-9a-f]{12}$/);
  expect(first.instance).toBe(instanceOf(first.epid));
  expect(second.epid).not.toBe(first.epid);
});
