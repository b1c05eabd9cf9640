import { describe, expect, test } from 'vitest';
import { challengesOf, readParameters } from '../../../../shared/protocols/sip/challenge.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';

describe('the parameters of a challenge', () => {
  test('may be quoted or not, with white space and escapes', () => {
    expect(readParameters('realm = "say \\"hi\\" \\\\ there" ,\tNonce="a,b=c", qop=auth,stale=TRUE')).toEqual({
      realm: 'say "hi" \\ there',
      nonce: 'a,b=c',
      qop: 'auth',
      stale: 'TRUE',
    });
  });

  test('count once: a second value cannot replace the first', () => {
    expect(readParameters('realm="mine", realm="yours"')).toEqual({ realm: 'mine' });
  });

  test.each([
    ['an open quote', 'realm="never closed', {}],
    ['no name', '="x", ="y"', {}],
    ['no value', 'realm=, nonce=""', { realm: '', nonce: '' }],
    ['nothing', '', {}],
    ['words alone', 'Digest Digest', {}],
  ])('with %s are read as far as they go', (_, text, expected) => {
    expect(readParameters(text)).toEqual(expected);
  });

  test('are read in time whatever they hold', () => {
    const hostile = [
      `${'a'.repeat(60_000)}`,
      `${'a="\\'.repeat(15_000)}`,
      `x="${'\\'.repeat(60_000)}`,
      '= '.repeat(30_000),
    ];

    expect(hostile.map((text) => Object.keys(readParameters(text)).length < 2)).toEqual([true, true, true, true]);
  });
});

describe('the challenges of a response', () => {
  test('are told by scheme, by who asks, and in order; one without parameters too', () => {
    const message = readMessage(
      'SIP/2.0 401 No\r\nWWW-Authenticate: NTLM realm="SIP Communications Service", targetname="fe01", version=4\r\nWWW-Authenticate: Negotiate\r\nProxy-Authenticate: Digest\trealm="p"\r\n\r\n',
    );

    expect(challengesOf(message)).toEqual([
      {
        scheme: 'NTLM',
        parameters: { realm: 'SIP Communications Service', targetname: 'fe01', version: '4' },
        from: 'registrar',
      },
      { scheme: 'Negotiate', parameters: {}, from: 'registrar' },
      { scheme: 'Digest', parameters: { realm: 'p' }, from: 'proxy' },
    ]);
  });

  test('are none where the response has none', () => {
    expect(challengesOf(readMessage('SIP/2.0 401 No\r\n\r\n'))).toEqual([]);
  });
});
