import { describe, expect, test } from 'vitest';
import {
  firstMessage,
  isProvenBy,
  prove,
  readChallenge,
  type ScramMechanism,
} from '../../../../../shared/protocols/xmpp/client/scram.js';

const user = { name: 'user', password: 'pencil' };

/** RFC 5802 section 5 and RFC 7677 section 3. */
const vectors: readonly (readonly [ScramMechanism, string, string, string, string])[] = [
  [
    'SCRAM-SHA-1',
    'fyko+d2lbbFgONRv9qkxdawL',
    'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  ],
  [
    'SCRAM-SHA-256',
    'rOprNGfwEbeRWgbNEkqO',
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  ],
];

describe.each(vectors)('%s', (mechanism, nonce, serverFirst, clientFinal, serverFinal) => {
  async function proof() {
    const clientFirst = firstMessage(user, nonce);
    const challenge = readChallenge(serverFirst, nonce);
    if (challenge.kind !== 'challenge') throw new Error(challenge.problem);
    return { clientFirst, challenge, proof: await prove(mechanism, user, clientFirst, serverFirst, challenge) };
  }

  test('answers as its RFC shows it', async () => {
    const { clientFirst, challenge, proof: made } = await proof();

    expect(clientFirst).toBe(`n=user,r=${nonce}`);
    expect(challenge.iterations).toBe(4096);
    expect(made.message).toBe(clientFinal);
  });

  test('believes the signature that its RFC shows, and no other', async () => {
    const { proof: made } = await proof();

    expect(isProvenBy(serverFinal, made)).toBe(true);
    expect(isProvenBy(`${serverFinal},x=1`, made)).toBe(true);
    expect(isProvenBy(serverFinal.replace(/..=$/, 'AA='), made)).toBe(false);
    expect(isProvenBy(serverFinal.slice(0, 10), made)).toBe(false);
    expect(isProvenBy('e=invalid-proof', made)).toBe(false);
    expect(isProvenBy('', made)).toBe(false);
  });
});

describe('a challenge', () => {
  const read = (message: string) => {
    const challenge = readChallenge(message, 'own');
    return challenge.kind === 'problem' ? challenge.problem : challenge.iterations;
  };

  test.each([
    ['r=ownMore,s=c2FsdA==,i=4096', 4096],
    ['r=ownMore,s=c2FsdA==,i=4096,d=extension', 4096],
    ['r=ownMore,s=c2FsdA==,i=1000000', 1_000_000],
    ['r=ownMore,s=c2FsdA==,i=1000001', 'too-many-iterations'],
    [`r=ownMore,s=c2FsdA==,i=${'9'.repeat(400)}`, 'too-many-iterations'],
    ['r=own,s=c2FsdA==,i=4096', 'foreign-nonce'],
    ['r=other,s=c2FsdA==,i=4096', 'foreign-nonce'],
    ['m=must,r=ownMore,s=c2FsdA==,i=4096', 'malformed'],
    ['r=ownMore,s=,i=4096', 'malformed'],
    ['r=ownMore,s=%%%,i=4096', 'malformed'],
    ['r=ownMore,s=c2FsdA==,i=0', 'malformed'],
    ['r=ownMore,s=c2FsdA==,i=-5', 'malformed'],
    ['r=ownMore,s=c2FsdA==', 'malformed'],
    ['', 'malformed'],
  ])('%s comes to %s', (message, expected) => {
    expect(read(message)).toBe(expected);
  });
});

describe('a name', () => {
  test.each([
    ['a=b,c', 'n=a=3Db=2Cc,r=x'],
    ['I\u00adX', 'n=IX,r=x'],
    ['\u00aa', 'n=a,r=x'],
    ['\u2168', 'n=IX,r=x'],
    ['a\u00a0b', 'n=a b,r=x'],
    ['ü', 'n=ü,r=x'],
  ])('%s is written %s (RFC 4013 section 3, RFC 5802 section 5.1)', (name, expected) => {
    expect(firstMessage({ name }, 'x')).toBe(expected);
  });
});
