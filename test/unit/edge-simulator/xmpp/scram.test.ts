import { describe, expect, test } from 'vitest';
import { conclude, readClientFirst, storeKey, writeChallenge } from '../../../edge-simulator/xmpp/scram.js';

/** The example of RFC 7677 section 3. */
const example = {
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};
const key = storeKey('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));

function first(text = example.clientFirst) {
  const read = readClientFirst(text);
  if (read === undefined) throw new Error(`cannot be read: ${text}`);
  return read;
}

describe('the server of SCRAM-SHA-256', () => {
  test('says what the example of RFC 7677 says', () => {
    expect(writeChallenge(first(), example.serverNonce, key)).toBe(example.serverFirst);
    expect(conclude(first(), example.serverFirst, example.clientFinal, key)).toBe(example.serverFinal);
  });

  test('refuses the proof of another password, of another nonce and of another header', () => {
    const other = storeKey('pencils', key.salt);
    const replayed = example.serverFirst.replace('k0', 'k1');

    expect(conclude(first(), example.serverFirst, example.clientFinal, other)).toBeUndefined();
    expect(conclude(first(), replayed, example.clientFinal, key)).toBeUndefined();
    expect(
      conclude(first('y,,n=user,r=rOprNGfwEbeRWgbNEkqO'), example.serverFirst, example.clientFinal, key),
    ).toBeUndefined();
    expect(conclude(first(), example.serverFirst, 'nonsense', key)).toBeUndefined();
  });

  test.each([
    ['n,,n=a=2Cb=3D,r=12345678', 'a,b='],
    ['p=tls-unique,,n=user,r=12345678', undefined],
    ['n,a=other,n=user,r=12345678', undefined],
    ['n,,n=user,r=short', undefined],
    ['n,,m=x,n=user,r=12345678', undefined],
    ['', undefined],
  ])('reads the user of %s as %s', (text, user) => {
    expect(readClientFirst(text)?.user).toBe(user);
  });

  test('knows a password', () => {
    expect([key.isOf('pencil'), key.isOf('Pencil'), key.isOf('')]).toEqual([true, false, false]);
  });
});
