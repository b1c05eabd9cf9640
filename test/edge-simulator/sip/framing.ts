/** What a client's byte stream held: whole messages, keep-alives (RFC 5626 section 4.4.1), or something that ends the framing. */
export type Frame =
  | { readonly kind: 'message'; readonly head: string; readonly body: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'broken'; readonly reason: string; readonly head: string | undefined };

export interface Taken {
  readonly frames: readonly Frame[];
  /** Bytes that begin the next frame; empty after `broken`. */
  readonly rest: Buffer;
}

/** The longest header section that is read. */
export const maxHeadBytes = 16 * 1024;
/** The longest body that is read. */
export const maxBodyBytes = 64 * 1024;

const crlf = Buffer.from('\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/** Cuts the bytes received so far into frames (RFC 3261 section 18.3); everything after a `broken` frame is dropped. */
export function takeFrames(bytes: Buffer): Taken {
  const frames: Frame[] = [];
  let rest = bytes;
  for (;;) {
    const taken = takeOne(rest);
    if (taken === undefined) return { frames, rest };
    if (taken.frame !== undefined) frames.push(taken.frame);
    rest = taken.rest;
  }
}

interface One {
  readonly frame?: Frame;
  readonly rest: Buffer;
}

function takeOne(bytes: Buffer): One | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.subarray(0, 2).equals(crlf)) return takeKeepAlive(bytes);
  // A lone CR may become a keep-alive with the next packet.
  if (bytes.length === 1 && bytes[0] === crlf[0]) return undefined;
  const end = bytes.subarray(0, maxHeadBytes + headEnd.length).indexOf(headEnd);
  if (end < 0) {
    return bytes.length > maxHeadBytes ? broken(`header longer than ${maxHeadBytes} bytes`) : undefined;
  }
  return takeMessage(bytes, bytes.toString('utf8', 0, end), end + headEnd.length);
}

function takeKeepAlive(bytes: Buffer): One | undefined {
  const second = bytes.subarray(2, 4);
  if (second.equals(crlf)) return { frame: { kind: 'ping' }, rest: bytes.subarray(4) };
  // One CRLF, or one and a CR, at the end of what has arrived: the rest of a ping may follow.
  if (second.length === 0 || (second.length === 1 && second[0] === crlf[0])) return undefined;
  // RFC 3261 section 7.5: an empty line before a start-line is ignored.
  return { rest: bytes.subarray(2) };
}

function takeMessage(bytes: Buffer, head: string, bodyStart: number): One | undefined {
  const lengths = [...head.matchAll(/\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)/gi)].map((match) =>
    (match[1] ?? '').trim(),
  );
  const [length, ...others] = lengths;
  // RFC 3261 section 20.14: over a stream the header field is a must, and without it nobody knows where the message ends.
  if (length === undefined) return broken('Content-Length is missing', head);
  if (!/^\d{1,9}$/.test(length) || others.some((other) => other !== length)) {
    return broken('Content-Length is not one number', head);
  }
  const size = Number(length);
  if (size > maxBodyBytes) return broken(`body longer than ${maxBodyBytes} bytes`, head);
  if (bytes.length < bodyStart + size) return undefined;
  const body = bytes.toString('utf8', bodyStart, bodyStart + size);
  return { frame: { kind: 'message', head, body }, rest: bytes.subarray(bodyStart + size) };
}

function broken(reason: string, head?: string): One {
  return { frame: { kind: 'broken', reason, head }, rest: Buffer.alloc(0) };
}
