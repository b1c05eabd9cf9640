import { describe, expect, test } from 'vitest';
import {
  addressBytes,
  addressOfBytes,
  addressScope,
  addressText,
  sameAddress,
} from '../../../../shared/protocols/turn/transportAddress.js';

describe('the scope of an address', () => {
  test.each([
    ['192.0.2.10', 'public'],
    ['172.15.0.1', 'public'],
    ['172.32.0.1', 'public'],
    ['2001:db8::1', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['fe80::1%eth0', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['127.5.5.5', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unusable'],
    ['::', 'unusable'],
    ['224.0.0.1', 'unusable'],
    ['255.255.255.255', 'unusable'],
    ['ff02::1', 'unusable'],
    ['no address', 'unusable'],
  ])('%s is %s', (address, scope) => {
    expect(addressScope(address)).toBe(scope);
  });
});

describe('an address as bytes', () => {
  test.each(['192.0.2.1', '2001:db8::1', '::1', '::', 'fe80::1:0:0:1', '2001:db8:1:2:3:4:5:6', '1::8', '1:0:0:2::'])(
    'and back: %s',
    (address) => {
      expect(addressOfBytes(addressBytes(address))).toBe(address);
    },
  );

  test('is empty for what is none', () => {
    expect(addressBytes('relay.test')).toEqual(Buffer.alloc(0));
  });
});

test('an address with its port is written as one writes it, IPv6 in brackets', () => {
  expect(addressText({ address: '192.0.2.10', port: 3478 })).toBe('192.0.2.10:3478');
  expect(addressText({ address: '2001:db8::1', port: 3478 })).toBe('[2001:db8::1]:3478');
});

test('the same address in another spelling is the same, another port is not', () => {
  const one = { address: '2001:db8:0:0::1', port: 1 };

  expect(sameAddress(one, { address: '2001:DB8::1', port: 1 })).toBe(true);
  expect(sameAddress(one, { address: '2001:db8::1', port: 2 })).toBe(false);
  expect(sameAddress({ address: '::ffff:192.0.2.1', port: 1 }, { address: '192.0.2.1', port: 1 })).toBe(true);
});
