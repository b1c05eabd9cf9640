import { describe, expect, test } from 'vitest';
import { readMessage, value } from '../../../edge-simulator/sip/message.js';
import { registerHead } from '../requests.js';

describe('readMessage', () => {
  test('expands compact header names and unfolds lines', () => {
    const head = registerHead({ lines: ['m: <sip:pilar@192.0.2.4>', 'Subject: one', '  two'] });

    const reading = readMessage(head, 'body');

    expect(reading).toMatchObject({ kind: 'request', request: { method: 'REGISTER', uri: 'sip:contoso.test' } });
    const fields = reading.kind === 'request' ? reading.request.fields : [];
    expect(value(fields, 'contact')).toBe('<sip:pilar@192.0.2.4>');
    expect(value(fields, 'subject')).toBe('one two');
  });

  test('reads a response by its status', () => {
    expect(readMessage('SIP/2.0 405 Method Not Allowed\r\nCSeq: 1 PRACK', 'why')).toEqual({
      kind: 'response',
      status: 405,
      reasonPhrase: 'Method Not Allowed',
      fields: [{ name: 'cseq', value: '1 PRACK' }],
      body: 'why',
    });
  });

  test.each([
    ['Request-Line cannot be read', 'REGISTER sip:contoso.test', 'REGISTER'],
    ['SIP version is not 2.0', 'SIP/2.0', 'SIP/3.0'],
    ['Via is missing', /Via: [^\r]*\r\n/, ''],
    ['Via cannot be read', 'SIP/2.0/TLS', 'UDP'],
    ['from is missing', /From: [^\r]*\r\n/, ''],
    ['From has no tag', ';tag=a1', ''],
    ['to appears more than once', 'To:', 'To: <sip:b@c>\r\nTo:'],
    ['call-id is missing', /Call-ID: [^\r]*\r\n/, ''],
    ['CSeq cannot be read', 'CSeq: 1 REGISTER', 'CSeq: one REGISTER'],
    ['CSeq cannot be read', 'CSeq: 1 REGISTER', 'CSeq: 2147483648 REGISTER'],
    ['CSeq names another method', 'CSeq: 1 REGISTER', 'CSeq: 1 OPTIONS'],
    ['a header field cannot be read', 'To:', 'no colon here\r\nTo:'],
    ['a header field cannot be read', 'To:', 'X-One: a\nX-Two: b\r\nTo:'],
  ])('says of a malformed request: %s', (reason, part, replacement) => {
    const head = registerHead().replace(part, replacement);

    expect(readMessage(head, '')).toMatchObject({ kind: 'malformed', reason });
  });

  test('reads no more than 200 header fields', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `X-${index}: x`);

    expect(readMessage(registerHead({ lines }), '')).toMatchObject({ reason: 'more than 200 header fields' });
  });
});
