import { describe, expect, test } from 'vitest';
import { readChallenge } from '../../../../../shared/protocols/lync/ntlm/challenge.js';
import { composed, recorded } from './vectors.js';

/** The recorded challenge with some of its bytes changed. */
function changed(change: (token: Buffer) => void): Buffer {
  const token = Buffer.from(recorded.challenge);
  change(token);
  return token;
}

describe('an NTLM challenge', () => {
  test('of a real server is read: flags, challenge and target information without a time', () => {
    const reading = readChallenge(recorded.challenge);

    expect(reading).toMatchObject({
      kind: 'challenge',
      challenge: { flags: recorded.serverFlags, targetInfo: { timestamp: undefined } },
    });
    expect(reading.kind === 'challenge' && reading.challenge.serverChallenge.toString('hex')).toBe('dd1baaf4e7e218d1');
    expect(reading.kind === 'challenge' && reading.challenge.targetInfo.bytes.length).toBe(150);
  });

  test('with a time brings it along', () => {
    const reading = readChallenge(composed.challenge);

    expect(reading.kind === 'challenge' && reading.challenge.targetInfo.timestamp?.toString('hex')).toBe(
      '0080d5deb19dd801',
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'truncated', 'it ends after 0 bytes'],
    ['half a header', recorded.challenge.subarray(0, 40), 'truncated', 'it ends after 40 of 48 bytes'],
    [
      'a cut payload',
      recorded.challenge.subarray(0, 200),
      'truncated',
      'its target information ends at 206, the message at 200',
    ],
    [
      'an offset beyond the end',
      changed((token) => token.writeUInt32LE(0xffffffff, 44)),
      'truncated',
      'its target information ends at 4294967445, the message at 206',
    ],
    ['another protocol', Buffer.from('KRB5SSP\0\x02\0\0\0'), 'malformed', 'it does not begin with NTLMSSP'],
    ['an AUTHENTICATE message', recorded.authenticate, 'malformed', 'its message type is 3 and not 2'],
    [
      'target information inside of the header',
      changed((token) => token.writeUInt32LE(20, 44)),
      'overlapping',
      'its target information begins at 20, inside of the header',
    ],
    [
      'two fields that overlap',
      changed((token) => {
        token.writeUInt16LE(20, 12);
        token.writeUInt32LE(100, 16);
      }),
      'overlapping',
      'its target name and target information overlap',
    ],
    ['ten thousand bytes', Buffer.alloc(10_000), 'oversized', 'it has 10000 bytes, more than 8192'],
    [
      'five thousand bytes of target information',
      Buffer.concat([changed((token) => token.writeUInt16LE(5000, 40)), Buffer.alloc(6000)]),
      'oversized',
      'its target information has 5000 bytes, more than 4096',
    ],
    [
      'no key exchange and no signatures',
      changed((token) => token.writeUInt32LE((recorded.serverFlags & ~0x40000010) >>> 0, 20)),
      'flags-missing',
      'it does not offer sign, keyExchange',
    ],
    [
      'a list without its end',
      changed((token) => token.writeUInt16LE(146, 40)),
      'malformed',
      'the list of target information has no end mark',
    ],
    [
      'an entry longer than the list',
      changed((token) => token.writeUInt16LE(400, 58)),
      'malformed',
      'target information 2 is longer than the list',
    ],
    [
      'a time of another length',
      changed((token) => token.writeUInt16LE(7, 56)),
      'malformed',
      'the timestamp has 10 bytes and not 8',
    ],
  ] as const)('with %s is refused', (_, token, flaw, what) => {
    expect(readChallenge(token)).toEqual({ kind: 'flawed', flaw, what });
  });

  test('whatever its bytes are, does not throw', () => {
    for (let index = 0; index < recorded.challenge.length; index += 1) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const token = changed((bytes) => bytes.writeUInt8(value, index));

        expect(['challenge', 'flawed']).toContain(readChallenge(token).kind);
        expect(['challenge', 'flawed']).toContain(readChallenge(token.subarray(0, index)).kind);
      }
    }
  });
});
