import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../../shared/domain/secret.js';
import { prepared, readChallenge, relayUser } from '../../../../../shared/protocols/turn/stun/longTerm.js';

describe('time-limited credentials', () => {
  const nowMs = Date.parse('2026-11-20T23:15:00Z');
  const sharedSecret = new Secret('north');

  test('are named by their end, an hour from now, and the user; the password is the HMAC-SHA1 of that', () => {
    const user = relayUser({ kind: 'shared-secret', userName: 'probe', sharedSecret }, nowMs);

    expect(user.userName).toBe('1795220100:probe');
    // printf '1795220100:probe' | openssl dgst -sha1 -hmac north -binary | base64
    expect(user.password.reveal()).toBe('apgaTJeFaENzMIAJFJvBCTA7jwY=');
  });

  test('without a user are named by their end alone', () => {
    expect(relayUser({ kind: 'shared-secret', userName: undefined, sharedSecret }, nowMs).userName).toBe('1795220100');
  });

  test('a password is taken as it is', () => {
    const credentials = { kind: 'password', userName: 'probe', password: sharedSecret } as const;

    expect(relayUser(credentials, nowMs)).toMatchObject({ userName: 'probe', password: sharedSecret });
  });
});

test('text is composed, and every space is the plain one (RFC 8265 section 4.2)', () => {
  expect(prepared('Gru\u0308\u00dfe\u00a0x')).toBe('Gr\u00fc\u00dfe x');
});

describe('a challenge', () => {
  const realm = Buffer.from('relay.test');
  const plain = Buffer.from('nonce');
  const list = (...numbers: number[]) => Buffer.from(numbers.flatMap((number) => [0, number, 0, 0]));

  test('of before RFC 8489 is answered with MD5 and SHA-1', () => {
    expect(readChallenge(realm, plain, undefined)).toEqual({
      kind: 'challenge',
      challenge: { realm: 'relay.test', nonce: plain, algorithm: 'md5', integrity: 'sha1', offered: undefined },
    });
  });

  test.each([
    ['SHA-256 first', list(2, 1), 'sha256'],
    ['MD5 first', list(1, 2), 'md5'],
    ['an unknown one first', list(9, 2), 'sha256'],
    ['an unknown one with parameters first', Buffer.from([0, 9, 0, 2, 1, 1, 0, 0, 0, 1, 0, 0]), 'md5'],
  ])(
    'with a list is answered with SHA-256 for integrity and the first known algorithm: %s',
    (_, offered, algorithm) => {
      expect(readChallenge(realm, plain, offered)).toMatchObject({
        kind: 'challenge',
        challenge: { algorithm, integrity: 'sha256', offered },
      });
    },
  );

  test.each([
    ['without a realm', undefined, plain, undefined],
    ['without a realm', Buffer.alloc(0), plain, undefined],
    ['without a nonce', realm, undefined, undefined],
    ['without a nonce', realm, Buffer.alloc(0), undefined],
    ['with a realm or nonce above 763 bytes', realm, Buffer.alloc(764), undefined],
    ['with none of the password algorithms MD5 and SHA-256', realm, plain, list(7)],
    ['with none of the password algorithms MD5 and SHA-256', realm, plain, Buffer.from([0, 1, 0])],
    ['whose nonce promises password algorithms that are not there', realm, Buffer.from('obMatJos2AAABxyz'), undefined],
  ])('%s cannot be answered', (why, ofRealm, nonce, offered) => {
    expect(readChallenge(ofRealm, nonce, offered)).toEqual({ kind: 'unusable', why });
  });

  test('whose nonce promises something else can', () => {
    expect(readChallenge(realm, Buffer.from('obMatJos2AAACxyz'), undefined).kind).toBe('challenge');
  });
});
