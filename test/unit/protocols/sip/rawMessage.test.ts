import { describe, expect, test } from 'vitest';
import {
  headerValue,
  headerValues,
  lacksHeaders,
  readMessage,
  statusOf,
  withoutChallenges,
} from '../../../../shared/protocols/sip/rawMessage.js';

describe('a message', () => {
  test('is read with its headers in order, names in lower case, values as they came', () => {
    const message = readMessage(
      'SIP/2.0 200 OK\r\nVIA: SIP/2.0/TLS a;branch=z9hG4bK1\r\nTo: "A: B" <sip:a@b>;tag=1\r\n\r\nbody: x\r\n',
    );

    expect(message).toEqual({
      startLine: 'SIP/2.0 200 OK',
      headers: [
        { name: 'via', value: 'SIP/2.0/TLS a;branch=z9hG4bK1' },
        { name: 'to', value: '"A: B" <sip:a@b>;tag=1' },
      ],
      body: 'body: x\r\n',
    });
  });

  test('may fold a header over several lines (RFC 3261 section 7.3.1)', () => {
    const message = readMessage(
      'SIP/2.0 401 No\r\nWWW-Authenticate: Digest realm="r",\r\n \tnonce="n",\r\n\tqop="auth"\r\n\r\n',
    );

    expect(headerValue(message, 'www-authenticate')).toBe('Digest realm="r", nonce="n", qop="auth"');
  });

  test('may use compact names (RFC 3261 section 7.3.3)', () => {
    const message = readMessage('SIP/2.0 200 OK\r\nv: a\r\nf: b\r\nt: c\r\ni: d\r\nm: e\r\nl: 0\r\nM : f\r\n\r\n');

    expect(message.headers.map(({ name }) => name)).toEqual([
      'via',
      'from',
      'to',
      'call-id',
      'contact',
      'content-length',
      'contact',
    ]);
    expect(headerValues(message, 'contact')).toEqual(['e', 'f']);
  });

  test('without an end has no body', () => {
    expect(readMessage('SIP/2.0 200 OK\r\nTo: a')).toEqual({
      startLine: 'SIP/2.0 200 OK',
      headers: [{ name: 'to', value: 'a' }],
      body: '',
    });
  });

  test.each([
    ['nothing', ''],
    ['line ends alone', '\r\n\r\n'],
    ['lines without a colon', 'SIP/2.0 200 OK\r\nno colon here\r\n: no name\r\n\r\n'],
    ['names of the prototype', 'SIP/2.0 200 OK\r\n__proto__: x\r\nconstructor: y\r\n\r\n'],
    ['binary noise', '\u0000\u0001\ufffd\r\n\u0000:\r\n\r\n'],
  ])('of %s is read without an error', (_, text) => {
    const message = readMessage(text);

    expect(headerValues(message, 'to')).toEqual([]);
    expect(headerValue(message, 'call-id')).toBeUndefined();
  });
});

describe('a status line', () => {
  test.each([
    ['SIP/2.0 200 OK', { status: 200, reasonPhrase: 'OK' }],
    ['SIP/2.0 401 Not allowed: ask again', { status: 401, reasonPhrase: 'Not allowed: ask again' }],
    ['SIP/2.0 200 ', { status: 200, reasonPhrase: '' }],
    ['SIP/2.0 200', { status: 200, reasonPhrase: '' }],
    ['sip/2.0 480 Später', { status: 480, reasonPhrase: 'Später' }],
  ])('%s has its status and reason phrase', (line, expected) => {
    expect(statusOf(readMessage(`${line}\r\n\r\n`))).toEqual(expected);
  });

  test.each(['REGISTER sip:a SIP/2.0', 'HTTP/1.1 200 OK', 'SIP/2.0 20 OK', 'SIP/2.0 2000 OK', ''])(
    '%s is none',
    (line) => {
      expect(statusOf(readMessage(`${line}\r\n\r\n`))).toBeUndefined();
    },
  );
});

describe('a response', () => {
  const whole = 'SIP/2.0 200 OK\r\nv: a\r\nf: b\r\nt: c\r\ni: d\r\nCSeq: 1 REGISTER\r\n\r\n';

  test('has what every response repeats from its request (RFC 3261 section 8.2.6.2), in long or compact form', () => {
    expect(lacksHeaders(readMessage(whole))).toBe(false);
  });

  test.each(['v: a', 'f: b', 't: c', 'i: d', 'CSeq: 1 REGISTER'])('without %s lacks something', (line) => {
    expect(lacksHeaders(readMessage(whole.replace(`${line}\r\n`, '')))).toBe(true);
  });

  test('loses its challenges, folded ones too, and nothing else', () => {
    const challenges = 'WWW-Authenticate: Digest realm="r",\r\n nonce="n"\r\nproxy-authenticate : NTLM\r\n';

    expect(withoutChallenges(whole.replace('v: a\r\n', `v: a\r\n${challenges}`))).toBe(whole);
  });
});
