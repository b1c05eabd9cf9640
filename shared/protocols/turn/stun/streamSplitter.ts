import type { ForeignProtocol, Splitter } from '../link.js';
import { headerLength, magicCookie } from './message.js';

/**
 * STUN messages and ChannelData over TCP or TLS (RFC 8656 section 12.5), by their length fields. Holds back one message at
 * most, which a length field of 16 bits bounds.
 */
export function streamSplitter(): Splitter {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const messages: Buffer[] = [];
      for (;;) {
        const foreign = foreignProtocol(rest);
        if (foreign) return { messages, foreign };
        const length = lengthOf(rest);
        if (length === undefined || rest.length < length) return { messages };
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        // No channel is ever bound here: what comes over one is for nobody.
        if (!isChannelData(message)) messages.push(message);
      }
    },
    frame: (message) => message,
  };
}

/** What the bytes are instead, as soon as that is plain. */
function foreignProtocol(bytes: Buffer): ForeignProtocol | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  // RFC 8446 section 5.1: an alert or a handshake record; no STUN method of today looks like it.
  if ((first === 0x15 || first === 0x16) && second === 3) return 'tls';
  if (/^(?:HTTP|<[!h])/i.test(bytes.toString('latin1', 0, 5))) return 'http';
  if (first >= 0x50) return 'unknown';
  if (first < 0x40 && bytes.length >= 8 && bytes.readUInt32BE(4) !== magicCookie) return 'cookie';
  return undefined;
}

/** The whole length of the message that begins, its padding included; undefined while too little of it is there. */
function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt16BE(2);
  return isChannelData(bytes) ? 4 + length + ((4 - (length % 4)) % 4) : headerLength + length;
}

function isChannelData(bytes: Buffer): boolean {
  return (bytes[0] ?? 0) >= 0x40;
}
