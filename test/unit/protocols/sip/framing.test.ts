import { describe, expect, test } from 'vitest';
import { type FramedItem, Framer, sipLimits } from '../../../../shared/protocols/sip/framing.js';

const ok = 'SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a\r\nContent-Length: 0\r\n\r\n';
const withBody = 'MESSAGE sip:a@b SIP/2.0\r\nl: 7\r\n\r\n‰ text';

function feed(...chunks: (string | Buffer)[]): string[] {
  const framer = new Framer();
  return chunks.flatMap((chunk) => framer.push(Buffer.from(chunk))).map(show);
}

function show(item: FramedItem): string {
  if (item.kind === 'message') return item.bytes.toString();
  return item.kind === 'violation' ? `violation ${item.violation}` : item.kind;
}

describe('the framer', () => {
  test('gives one message from one packet', () => {
    expect(feed(ok)).toEqual([ok]);
  });

  test('gives three messages from one packet, and the rest later', () => {
    expect(feed(`${ok}${withBody.replace('7', '8')}${ok}SIP/2.0 1`, '00 Trying\r\n\r\n')).toEqual([
      ok,
      withBody.replace('7', '8'),
      ok,
      'SIP/2.0 100 Trying\r\n\r\n',
    ]);
  });

  test('gives the same messages wherever the packets are cut, a body of several bytes a character included', () => {
    const stream = Buffer.from(ok + withBody.replace('7', '8') + ok);
    for (let cut = 1; cut < stream.length; cut += 1) {
      const messages = feed(stream.subarray(0, cut), stream.subarray(cut));

      expect(messages).toEqual([ok, withBody.replace('7', '8'), ok]);
    }
  });

  test('gives the same messages byte by byte', () => {
    const bytes = [...Buffer.from(`\r\n\r\n${ok}`)].map((byte) => Buffer.from([byte]));

    expect(feed(...bytes).filter((item) => item !== 'pong' && item !== 'ping')).toEqual([ok]);
  });

  test('tells a ping from a pong (RFC 5626 section 3.5.1)', () => {
    expect(feed('\r\n\r\n', `\r\n${ok}`, '\r\n')).toEqual(['ping', 'pong', ok, 'pong']);
  });

  test('counts Content-Length in bytes, not characters (RFC 3261 section 20.14)', () => {
    const message = 'MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\n‰';

    expect(feed(message + ok)).toEqual([message, ok]);
  });

  test('says how much of a message has come while it is not complete', () => {
    const framer = new Framer();

    framer.push(Buffer.from('SIP/2.0 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));

    expect(framer.pendingBytes).toBe(43);
  });

  test.each([
    ['an HTTP answer', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 'not-sip'],
    ['binary noise', Buffer.from([0x15, 0x03, 0x01, 0xff, 0x00]), 'not-sip'],
    ['a Content-Length that is no number', 'SIP/2.0 200 OK\r\nContent-Length: ten\r\n\r\n', 'content-length-invalid'],
    ['a negative Content-Length', 'SIP/2.0 200 OK\r\nContent-Length: -1\r\n\r\n', 'content-length-invalid'],
    ['two different lengths', 'SIP/2.0 200 OK\r\nContent-Length: 1\r\nl: 2\r\n\r\n', 'content-length-invalid'],
    ['a body beyond the limit', 'SIP/2.0 200 OK\r\nContent-Length: 10485760\r\n\r\n', 'body-too-large'],
    ['headers without an end', `SIP/2.0 200 OK\r\nX: ${'x'.repeat(sipLimits.headerBytes)}`, 'header-too-large'],
  ])('refuses %s', (_, input, violation) => {
    expect(feed(input)).toEqual([`violation ${violation}`]);
  });

  test('stays silent and keeps nothing after a violation, however much follows', () => {
    const framer = new Framer();
    framer.push(Buffer.from('HTTP/1.1 400 Bad\r\n'));

    const later = framer.push(Buffer.alloc(10_000_000, 'A'));

    expect(later).toEqual([]);
    expect(framer.pendingBytes).toBe(0);
  });

  test('refuses 10 MB in small packets without growing beyond its limit', () => {
    const framer = new Framer();
    let largest = 0;
    for (let sent = 0; sent < 10_000_000; sent += 1_000) {
      framer.push(Buffer.alloc(1_000, 'A'));
      largest = Math.max(largest, framer.pendingBytes);
    }

    expect(largest).toBeLessThanOrEqual(sipLimits.headerBytes + 1_000);
  });

  test.each([
    ['line feeds', '\n'],
    ['pings', '\r\n\r\n'],
    ['carriage returns', '\r'],
  ])('gets through half a megabyte of %s in one packet', (_, unit) => {
    const framer = new Framer();

    const items = framer.push(Buffer.alloc(524_288, unit));

    expect(items.length).toBeGreaterThan(0);
    expect(framer.pendingBytes).toBeLessThanOrEqual(3);
  });
});
