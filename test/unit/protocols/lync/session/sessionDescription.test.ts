import { describe, expect, test } from 'vitest';
import {
  describesMessages,
  writeSessionDescription,
} from '../../../../../shared/protocols/lync/session/sessionDescription.js';

describe('the description of a session for messages', () => {
  test('says what clients of Lync say', () => {
    const { contentType, content } = writeSessionDescription('192.0.2.10:50001', 'null');

    expect(contentType).toBe('application/sdp');
    expect(content).toBe(
      [
        'v=0',
        'o=- 0 0 IN IP4 192.0.2.10',
        's=session',
        'c=IN IP4 192.0.2.10',
        't=0 0',
        'm=message 5060 sip null',
        'a=accept-types:text/plain text/html image/gif multipart/alternative application/im-iscomposing+xml application/ms-imdn+xml',
        '',
      ].join('\r\n'),
    );
    expect(describesMessages(content)).toBe(true);
  });

  test('names an IPv6 address without brackets', () => {
    expect(writeSessionDescription('[2001:db8::7]:50001', 'sip:a@b').content).toContain('c=IN IP6 2001:db8::7\r\n');
  });

  test.each([
    ['m=x-ms-message 5060 sip sip:a@b', true],
    ['v=0\r\nm=message 1 sip null', true],
    ['m=message 0 sip null', false],
    ['m=audio 5000 RTP/AVP 0', false],
    ['', false],
  ])('is one for messages or not: %j %s', (text, expected) => {
    expect(describesMessages(text)).toBe(expected);
  });
});
