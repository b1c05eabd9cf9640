import { describe, expect, test } from 'vitest';
import { type Frame, maxBodyBytes, maxHeadBytes, takeFrames } from '../../../edge-simulator/sip/framing.js';

const head = 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 0';

function take(text: string): { frames: readonly Frame[]; rest: string } {
  const { frames, rest } = takeFrames(Buffer.from(text));
  return { frames, rest: rest.toString() };
}

describe('takeFrames', () => {
  test('cuts two messages out of one packet and keeps the beginning of a third', () => {
    const body = 'OPTIONS sip:b SIP/2.0\r\nl: 4';

    const taken = take(`${head}\r\n\r\n${body}\r\n\r\nfourOPT`);

    expect(taken).toEqual({
      frames: [
        { kind: 'message', head, body: '' },
        { kind: 'message', head: body, body: 'four' },
      ],
      rest: 'OPT',
    });
  });

  test('finds the same message however it is cut into packets', () => {
    const text = `OPTIONS sip:b SIP/2.0\r\nContent-Length: 4\r\n\r\nfour`;

    for (let cut = 0; cut <= text.length; cut += 1) {
      const first = takeFrames(Buffer.from(text.slice(0, cut)));
      const second = takeFrames(Buffer.concat([first.rest, Buffer.from(text.slice(cut))]));

      expect([...first.frames, ...second.frames].map((frame) => frame.kind)).toEqual(['message']);
      expect(second.rest).toHaveLength(0);
    }
  });

  test('counts the body in bytes, not in characters', () => {
    const { frames } = take('MESSAGE sip:b SIP/2.0\r\nContent-Length: 6\r\n\r\näöü');

    expect(frames).toEqual([{ kind: 'message', head: 'MESSAGE sip:b SIP/2.0\r\nContent-Length: 6', body: 'äöü' }]);
  });

  test('reads two empty lines as a ping, even one byte at a time', () => {
    let rest: Buffer = Buffer.alloc(0);
    const frames: Frame[] = [];

    for (const byte of Buffer.from('\r\n\r\n')) {
      const taken = takeFrames(Buffer.concat([rest, Buffer.from([byte])]));
      frames.push(...taken.frames);
      rest = taken.rest;
    }

    expect(frames).toEqual([{ kind: 'ping' }]);
  });

  test('ignores one empty line before a message', () => {
    expect(take(`\r\n${head}\r\n\r\n`).frames).toEqual([{ kind: 'message', head, body: '' }]);
  });

  test.each([
    ['Content-Length is missing', 'OPTIONS sip:a SIP/2.0\r\nTo: x\r\n\r\n'],
    ['Content-Length is not one number', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n'],
    ['Content-Length is not one number', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nabc'],
    [`body longer than ${maxBodyBytes} bytes`, `OPTIONS sip:a SIP/2.0\r\nl: ${maxBodyBytes + 1}\r\n\r\n`],
    [`header longer than ${maxHeadBytes} bytes`, 'a'.repeat(maxHeadBytes + 1)],
  ])('gives up the stream when %s', (reason, text) => {
    const { frames, rest } = take(`${text}more`);

    expect(frames).toMatchObject([{ kind: 'broken', reason }]);
    expect(rest).toBe('');
  });
});
