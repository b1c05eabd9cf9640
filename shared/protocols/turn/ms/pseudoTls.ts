import type { ForeignProtocol, Splitter } from '../link.js';

/** What surrounds the random bytes of the hellos, which look like TLS 1.0 so that firewalls let them pass (MS-TURN section 2.1). */
const client = { head: Buffer.from('160301002d010000290301', 'hex'), tail: Buffer.from('00000200180100', 'hex') };
const server = {
  head: Buffer.from('160301004e020000460301', 'hex'),
  middle: Buffer.from('20', 'hex'),
  tail: Buffer.from('0018000e000000', 'hex'),
};
const randomLength = 32;
const serverHelloLength = 83;

/** A message to or from the relay itself. */
const controlMessage = 2;
/** Data that the relay hands through as it is, once a destination was made the active one. */
const endToEndData = 3;

/** The client's hello, 50 bytes; `random` is 32. */
export function writeClientHello(random: Buffer): Buffer {
  return Buffer.concat([client.head, random, client.tail]);
}

/** What the bytes that came so far are: the server's hello with `rest` behind it, a part of it, or something else. */
export type ReadHello =
  | { readonly kind: 'hello'; readonly rest: Buffer }
  | { readonly kind: 'part' }
  | { readonly kind: 'foreign'; readonly protocol: ForeignProtocol };

/** Reads the answer to a client's hello. A TLS server answers with an alert, or with a hello of another shape. */
export function readServerHello(bytes: Buffer): ReadHello {
  const { head, middle, tail } = server;
  const fits = (expected: Buffer, at: number) => {
    const part = bytes.subarray(at, at + expected.length);
    return part.equals(expected.subarray(0, part.length));
  };
  const middleAt = head.length + randomLength;
  const tailAt = middleAt + middle.length + randomLength;
  if (!fits(head, 0) || !fits(middle, middleAt) || !fits(tail, tailAt)) {
    return { kind: 'foreign', protocol: foreignProtocol(bytes) };
  }
  return bytes.length < serverHelloLength
    ? { kind: 'part' }
    : { kind: 'hello', rest: bytes.subarray(serverHelloLength) };
}

function foreignProtocol(bytes: Buffer): ForeignProtocol {
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && (bytes.length < 2 || bytes[1] === 3)) return 'tls';
  return /^(?:H|HT|HTT|HTTP|<)/i.test(bytes.toString('latin1', 0, 4)) ? 'http' : 'unknown';
}

/** Messages behind the hellos: each with its kind, a zero and its length in front (MS-TURN section 2.1). */
export function msStreamSplitter(): Splitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const messages: Buffer[] = [];
      for (;;) {
        const [kind] = rest;
        if (kind !== undefined && kind !== controlMessage && kind !== endToEndData) {
          return { messages, foreign: foreignProtocol(rest) };
        }
        const end = rest.length < 4 ? Number.POSITIVE_INFINITY : 4 + rest.readUInt16BE(2);
        if (rest.length < end) return { messages };
        // No destination is ever made the active one here: its data would be for nobody.
        if (kind === controlMessage) messages.push(rest.subarray(4, end));
        rest = rest.subarray(end);
      }
    },
    frame(message) {
      const head = Buffer.from([controlMessage, 0, 0, 0]);
      head.writeUInt16BE(message.length, 2);
      return Buffer.concat([head, message]);
    },
  };
}
