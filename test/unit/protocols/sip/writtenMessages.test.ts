import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';
import { transactionOf, writeAnswer } from '../../../../shared/protocols/sip/writtenAnswer.js';
import { writeRequest } from '../../../../shared/protocols/sip/writtenRequest.js';

const hop = { protocol: 'TLS', localAddress: '192.0.2.1:50123', userAgent: 'edge-probes/test' };
const request = {
  method: 'SERVICE',
  uri: 'sip:pilar@contoso.com',
  from: '<sip:pilar@contoso.com>;tag=a;epid=0123456789ab',
  to: '<sip:pilar@contoso.com>',
  callId: 'call',
  cseq: 7,
  headers: ['Route: <sip:a;lr>', 'Contact: <sip:192.0.2.1>'],
};

describe('a request that is written', () => {
  test('has what RFC 3261 section 8.1.1 demands, then its own header fields', () => {
    expect(writeRequest(request, hop, 'z9hG4bK1')).toBe(
      [
        'SERVICE sip:pilar@contoso.com SIP/2.0',
        'Via: SIP/2.0/TLS 192.0.2.1:50123;branch=z9hG4bK1;rport',
        'Max-Forwards: 70',
        'From: <sip:pilar@contoso.com>;tag=a;epid=0123456789ab',
        'To: <sip:pilar@contoso.com>',
        'Call-ID: call',
        'CSeq: 7 SERVICE',
        'Route: <sip:a;lr>',
        'Contact: <sip:192.0.2.1>',
        'User-Agent: edge-probes/test',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  });

  test('counts its body in bytes', () => {
    const body = { contentType: 'text/plain;charset=UTF-8', content: 'Grüße' };

    expect(writeRequest({ ...request, body }, hop, 'z9hG4bK1')).toMatch(
      /\r\nContent-Type: text\/plain;charset=UTF-8\r\nContent-Length: 7\r\n\r\nGrüße$/,
    );
  });
});

describe('an answer that is written', () => {
  const received = readMessage(
    [
      'NOTIFY sip:x SIP/2.0',
      'v: SIP/2.0/TLS b;branch=z9hG4bK2',
      'Via: SIP/2.0/TLS a;branch=z9hG4bK3, SIP/2.0/TLS c',
      'f: <sip:b>;tag=b',
      'To: <sip:x>',
      'i: other',
      'CSeq: 2 NOTIFY',
      'Event: presence',
      '\r\n',
    ].join('\r\n'),
  );

  test('repeats what RFC 3261 section 8.2.6.2 demands, every Via in its order', () => {
    expect(writeAnswer(received, { status: 200, reasonPhrase: 'OK' })).toBe(
      [
        'SIP/2.0 200 OK',
        'Via: SIP/2.0/TLS b;branch=z9hG4bK2',
        'Via: SIP/2.0/TLS a;branch=z9hG4bK3, SIP/2.0/TLS c',
        'From: <sip:b>;tag=b',
        'To: <sip:x>',
        'Call-ID: other',
        'CSeq: 2 NOTIFY',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  });

  test('tags To where it has no tag yet', () => {
    const tagged = readMessage('BYE sip:x SIP/2.0\r\nTo: <sip:x>;tag=old\r\n\r\n');
    const answer = { status: 200, reasonPhrase: 'OK', toTag: 'new' };

    expect(writeAnswer(received, answer)).toContain('\r\nTo: <sip:x>;tag=new\r\n');
    expect(writeAnswer(tagged, answer)).toContain('\r\nTo: <sip:x>;tag=old\r\n');
  });
});

test.each([
  ['Via: SIP/2.0/TLS a;branch=z9hG4bK1;rport=1\r\nCSeq: 7 SERVICE', 'z9hG4bK1 SERVICE'],
  ['Via: SIP/2.0/TLS a; branch = z9hG4bK1 ,SIP/2.0/TLS b;branch=z9hG4bK2\r\nCSeq: 7   SERVICE', 'z9hG4bK1 SERVICE'],
  ['CSeq: x', ' '],
])('the SIP transaction of %j is %j', (headers, expected) => {
  expect(transactionOf(readMessage(`SIP/2.0 200 OK\r\n${headers}\r\n\r\n`))).toBe(expected);
});
