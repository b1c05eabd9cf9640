import { describe, expect, test } from 'vitest';
import { issueCredentials, recognize } from '../../../edge-simulator/relay/mrasCredentials.js';

const key = Buffer.from('0102030405060708090001020304050607080900', 'hex');
const keys = { token: key, password: key };
const userOf = (userName: string) => Buffer.from(userName, 'base64');

describe('relay credentials', () => {
  test('are recognized as the published ones, made of these keys, are', () => {
    const userName = userOf('AQAAIAAAAAAAAAAATG9nLojC+N64TnJlXEMxSQeURsIZd3OS4CQDCB2GJ6hQRR21QY7Gyg==');

    const user = recognize(keys, userName, 0);

    expect(user).toMatchObject({ kind: 'known', password: Buffer.from('oUU0sl7OCLQNpLUYuI1cX7OAwXE=', 'base64') });
  });

  test('are known until they end, by whoever has the keys', () => {
    const { userName, password } = issueCredentials(keys, Buffer.alloc(20, 7), 1_000_000);

    const [before, after] = [999_999, 1_000_000].map((nowMs) => recognize(keys, userOf(userName), nowMs));

    expect(before).toEqual({ kind: 'known', password: Buffer.from(password, 'base64'), isExpired: false });
    expect(after).toMatchObject({ kind: 'known', isExpired: true });
    expect(recognize({ ...keys, token: Buffer.alloc(20) }, userOf(userName), 0)).toEqual({ kind: 'unknown' });
    expect(recognize(keys, userOf(userName).subarray(1), 0)).toEqual({ kind: 'unknown' });
  });
});
