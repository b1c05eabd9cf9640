import { describe, expect, test } from 'vitest';
import { challengesOf, readParameters } from '../../../../shared/protocols/sip/challenge.js';
import {
  type DigestChallenge,
  type DigestRequest,
  digestCredentials,
  readDigestChallenge,
  serverProof,
} from '../../../../shared/protocols/sip/digest.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';

function digest(value: string): DigestChallenge {
  const [challenge] = challengesOf(readMessage(`SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: ${value}\r\n\r\n`));
  const reading = challenge && readDigestChallenge(challenge);
  if (reading?.kind !== 'digest') throw new Error(`not a digest challenge: ${JSON.stringify(reading)}`);
  return reading.challenge;
}

function responseIn(credentials: string): string | undefined {
  return readParameters(credentials).response;
}

/** RFC 7616 section 3.9.1. */
const mufasa: DigestRequest = {
  method: 'GET',
  uri: '/dir/index.html',
  userName: 'Mufasa',
  password: 'Circle of Life',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  nonceCount: 1,
};
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';

describe('digest credentials', () => {
  test('agree with the example of RFC 7616 for MD5', () => {
    const challenge = digest(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="${nonce}"`,
    );

    const credentials = digestCredentials(challenge, mufasa);

    expect(responseIn(credentials)).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });

  test('agree with the example of RFC 7616 for SHA-256', () => {
    const challenge = digest(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    );

    const credentials = digestCredentials(challenge, mufasa);

    expect(responseIn(credentials)).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
    expect(credentials).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
    expect(credentials).toContain('qop=auth, nc=00000001');
  });

  test('leave out nc and cnonce where the server offers no qop (RFC 2069)', () => {
    const challenge = digest('Digest realm="r", nonce="n"');

    const credentials = digestCredentials(challenge, mufasa);

    expect(credentials).not.toMatch(/qop|nc=|cnonce|algorithm/);
  });

  test('escape quotes and never carry a line end', () => {
    const challenge = digest('Digest realm="say \\"hi\\"", nonce="n"');

    const credentials = digestCredentials(challenge, { ...mufasa, userName: 'a"b\\c\r\nX: y' });

    expect(credentials).toContain('realm="say \\"hi\\""');
    expect(credentials).toContain('username="a\\"b\\\\cX: y"');
  });
});

describe('a digest challenge', () => {
  test.each([
    ['Digest nonce="n"', { kind: 'malformed', what: 'Digest challenge without realm' }],
    ['Digest realm="r"', { kind: 'malformed', what: 'Digest challenge without nonce' }],
    ['Digest realm="r", nonce="n", algorithm=SHA-1', { kind: 'unsupported', what: 'algorithm SHA-1' }],
    ['Digest realm="r", nonce="n", qop="auth-int"', { kind: 'unsupported', what: 'qop auth-int' }],
    ['NTLM realm="r", targetname="fe01"', { kind: 'other-scheme', scheme: 'NTLM' }],
  ])('%s is read as what it is', (value, expected) => {
    const [challenge] = challengesOf(readMessage(`SIP/2.0 401 No\r\nWWW-Authenticate: ${value}\r\n\r\n`));

    expect(challenge && readDigestChallenge(challenge)).toEqual(expected);
  });

  test('keeps every challenge of a response in order, whoever asks', () => {
    const message = readMessage(
      'SIP/2.0 407 No\r\nProxy-Authenticate: Digest realm="p", nonce="1"\r\nWWW-Authenticate: Kerberos\r\nWWW-Authenticate: NTLM realm="x"\r\n\r\n',
    );

    const found = challengesOf(message).map(({ scheme, from }) => `${from} ${scheme}`);

    expect(found).toEqual(['registrar Kerberos', 'registrar NTLM', 'proxy Digest']);
  });

  test('cannot reach the prototype of the record', () => {
    const parameters = readParameters('__proto__="x", constructor=y, realm="r"');

    expect(Object.getPrototypeOf(parameters)).toBeNull();
    expect(parameters.realm).toBe('r');
  });
});

describe('the proof of the server', () => {
  const challenge = digest(`Digest realm="http-auth@example.org", qop="auth", algorithm=MD5, nonce="${nonce}"`);

  test('holds when it was made with the same password', () => {
    const own = digestCredentials(challenge, { ...mufasa, method: '' });

    const value = `rspauth="${responseIn(own)}", cnonce="${mufasa.cnonce}", nc=00000001, qop=auth`;

    expect(serverProof(value, challenge, mufasa)).toBe(true);
  });

  test('fails when it is for another request or made with another password', () => {
    const other = digestCredentials(challenge, { ...mufasa, method: '', password: 'guess' });

    const wrong = `rspauth="${responseIn(other)}", cnonce="${mufasa.cnonce}", nc=00000001`;
    const replayed = `rspauth="${responseIn(other)}", cnonce="old", nc=00000001`;

    expect([serverProof(wrong, challenge, mufasa), serverProof(replayed, challenge, mufasa)]).toEqual([false, false]);
  });

  test('is not asked for where the server sends none', () => {
    expect(serverProof('nextnonce="abc"', challenge, mufasa)).toBeUndefined();
  });
});
