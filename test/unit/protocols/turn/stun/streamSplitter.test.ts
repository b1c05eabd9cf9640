import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../../../../../shared/protocols/turn/stun/message.js';
import { streamSplitter } from '../../../../../shared/protocols/turn/stun/streamSplitter.js';

const id = '0123456789abcdef01234567';
const one = encodeMessage(1, 'success', id, []);
const two = encodeMessage(3, 'success', id, [{ type: 0x8022, value: Buffer.from('hello') }]);
const channelData = Buffer.from('4001000568656c6c6f000000', 'hex');

describe('a stream of messages', () => {
  test.each([1, 2, 3, 7, 20, 1000])('in chunks of %i bytes is divided where they end', (size) => {
    const stream = Buffer.concat([one, channelData, two, one]);
    const splitter = streamSplitter();
    const messages: Buffer[] = [];

    for (let at = 0; at < stream.length; at += size) {
      const result = splitter.push(stream.subarray(at, at + size));
      expect(result.foreign).toBeUndefined();
      messages.push(...result.messages);
    }

    expect(messages).toEqual([one, two, one]);
  });

  test.each([
    ['tls', Buffer.from('15030300020228', 'hex')],
    ['tls', Buffer.from('160301', 'hex')],
    ['http', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
    ['http', Buffer.from('<html>')],
    ['unknown', Buffer.from('SSH-2.0')],
    ['unknown', Buffer.from([0xff, 0xff])],
    ['cookie', Buffer.from('0101000000000000', 'hex')],
  ])('is told to be %s as soon as that is plain', (foreign, bytes) => {
    expect(streamSplitter().push(bytes)).toEqual({ messages: [], foreign });
  });

  test('gives what was whole before it turned into something else', () => {
    const result = streamSplitter().push(Buffer.concat([one, Buffer.from('HTTP/1.1')]));

    expect(result).toEqual({ messages: [one], foreign: 'http' });
  });

  test('is sent as it is', () => {
    expect(streamSplitter().frame(one)).toBe(one);
  });
});
