import { describe, expect, test } from 'vitest';
import {
  msStreamSplitter,
  readServerHello,
  writeClientHello,
} from '../../../../../shared/protocols/turn/ms/pseudoTls.js';
import { ClientStream, writeFrame, writeServerHello } from '../../../../edge-simulator/relay/pseudoTlsServer.js';

const random = Buffer.alloc(32, 0xab);
const hello = writeServerHello(random, Buffer.alloc(32, 0xcd));

describe('the hellos that look like TLS', () => {
  test('have the lengths and the shapes of MS-TURN', () => {
    expect(writeClientHello(random)).toHaveLength(50);
    expect(hello).toHaveLength(83);
    expect(new ClientStream().push(writeClientHello(random))).toEqual({ hello: true, frames: [] });
    expect(new ClientStream().push(hello)).toBeUndefined();
  });

  test('of a server is known at whatever byte it is cut, with what follows', () => {
    for (let length = 0; length < 83; length += 1) {
      expect(readServerHello(hello.subarray(0, length))).toEqual({ kind: 'part' });
    }
    expect(readServerHello(hello)).toEqual({ kind: 'hello', rest: Buffer.alloc(0) });
    expect(readServerHello(Buffer.concat([hello, Buffer.from('more')]))).toMatchObject({ rest: Buffer.from('more') });
  });

  test.each([
    ['tls', Buffer.from('15030100020228', 'hex')],
    ['tls', Buffer.from('15', 'hex')],
    ['tls', Buffer.from('160303004a02', 'hex')],
    ['http', Buffer.from('HTTP/1.1 400')],
    ['http', Buffer.from('H')],
    ['unknown', Buffer.from('SSH-2.0')],
    ['unknown', Buffer.alloc(4)],
  ])('are told from %s', (protocol, bytes) => {
    expect(readServerHello(bytes)).toEqual({ kind: 'foreign', protocol });
  });

  test('are refused where a fixed byte behind the random ones differs', () => {
    const changed = Buffer.from(hello);
    changed.writeUInt8(9, 43);

    expect(readServerHello(changed)).toEqual({ kind: 'foreign', protocol: 'tls' });
  });
});

describe('messages behind the hellos', () => {
  const message = Buffer.from('a message');

  test.each([1, 3, 5, 100])('in chunks of %i bytes are divided, data of peers left out', (size) => {
    const splitter = msStreamSplitter();
    const data = Buffer.from('0300000461626364', 'hex');
    const stream = Buffer.concat([
      splitter.frame(message),
      data,
      splitter.frame(Buffer.alloc(0)),
      splitter.frame(message),
    ]);
    const messages: Buffer[] = [];

    for (let at = 0; at < stream.length; at += size)
      messages.push(...splitter.push(stream.subarray(at, at + size)).messages);

    expect(messages).toEqual([message, Buffer.alloc(0), message]);
  });

  test('have their kind, a zero and their length in front', () => {
    expect(msStreamSplitter().frame(message).toString('hex')).toBe(`02000009${message.toString('hex')}`);
  });

  test('are read by the relay in whatever pieces they come', () => {
    const stream = new ClientStream();
    const bytes = Buffer.concat([
      writeClientHello(random),
      msStreamSplitter().frame(message),
      writeFrame('data', message),
    ]);

    const read = Array.from(bytes, (byte) => stream.push(Buffer.from([byte])));

    expect(read.filter((one) => one?.hello)).toHaveLength(1);
    expect(read.flatMap((one) => one?.frames)).toEqual([
      { kind: 'control', bytes: message },
      { kind: 'data', bytes: message },
    ]);
  });

  test('that are something else end the stream', () => {
    expect(msStreamSplitter().push(Buffer.from('150301', 'hex'))).toEqual({ messages: [], foreign: 'tls' });
  });
});
