/** Far above any SIP message a prober has to do with; a peer that sends more is refused, not buffered. */
export const sipLimits = { headerBytes: 65_536, bodyBytes: 1_048_576 } as const;

/** So much of a message that was never completed is shown. */
const shownBytes = 4_096;

export type FramedItem =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** RFC 5626 section 3.5.1: a double CRLF asks for, a single CRLF is, a sign of life. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** The stream cannot be followed any further. */
  | { readonly kind: 'violation'; readonly violation: FramingViolation; readonly excerpt: string };

export type FramingViolation =
  /** The peer speaks something else. */
  | 'not-sip'
  | 'start-line-invalid'
  /** It spoke SIP before: the last Content-Length was too small, or the bytes are noise. */
  | 'out-of-step'
  | 'header-too-large'
  | 'body-too-large'
  | 'content-length-invalid';

const CR = 13;
const LF = 10;
const headerEnd = Buffer.from('\r\n\r\n');
// RFC 3261 section 7: a status line, or method, URI and version.
const startLine = /^(?:SIP\/2\.0 [1-6]\d\d(?: .*)?|[A-Za-z0-9.!%*_+`'~-]{1,32} [^ ]+ SIP\/2\.0)$/i;
const startOfLine = /^[A-Za-z0-9.!%*_+`'~/-]*(?: .*)?$/;

/**
 * Cuts a byte stream into SIP messages by their Content-Length (RFC 3261 section 18.3), before anything is decoded:
 * the length counts bytes, and a packet may hold a part of a message or several.
 */
export class Framer {
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes that must be there before looking again is worth the while. */
  #needed = 1;
  #broken = false;
  #hadMessage = false;

  /** Bytes of a message that has begun and is not complete. */
  get pendingBytes(): number {
    return this.#buffered;
  }

  /** The beginning of that message, as far as it is worth showing. */
  get pendingText(): string {
    return Buffer.concat(this.#chunks).toString('utf8', 0, shownBytes);
  }

  /** Everything that `chunk` completes. After a violation nothing more comes. */
  push(chunk: Buffer): FramedItem[] {
    if (this.#broken) return [];
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const items: FramedItem[] = [];
    while (this.#buffered >= this.#needed && this.#buffered > 0) {
      const item = this.#take();
      if (!item) break;
      items.push(item);
      if (item.kind === 'violation') this.#break();
    }
    return items;
  }

  #take(): FramedItem | undefined {
    const buffer = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [buffer];
    if (buffer[0] === CR || buffer[0] === LF) return this.#takeLineEnds(buffer);

    const end = buffer.subarray(0, sipLimits.headerBytes + headerEnd.length).indexOf(headerEnd);
    const excerpt = buffer.toString('latin1', 0, 120);
    if (!beginsLikeSip(buffer)) return { kind: 'violation', violation: this.#nameOf(excerpt), excerpt };
    if (end < 0) {
      if (buffer.length > sipLimits.headerBytes) return { kind: 'violation', violation: 'header-too-large', excerpt };
      this.#needed = buffer.length + 1;
      return undefined;
    }
    const length = contentLength(buffer.toString('latin1', 0, end + 2));
    if (length === undefined) return { kind: 'violation', violation: 'content-length-invalid', excerpt };
    if (length > sipLimits.bodyBytes) return { kind: 'violation', violation: 'body-too-large', excerpt };
    const size = end + headerEnd.length + length;
    this.#needed = size;
    if (buffer.length < size) return undefined;
    this.#hadMessage = true;
    return { kind: 'message', bytes: this.#shift(buffer, size) };
  }

  #takeLineEnds(buffer: Buffer): FramedItem | undefined {
    if (buffer.subarray(0, headerEnd.length).equals(headerEnd)) {
      this.#shift(buffer, 4);
      return { kind: 'ping' };
    }
    if (buffer.length === 1 || (buffer.length === 3 && buffer[2] === CR)) {
      this.#needed = buffer.length + 1;
      return undefined;
    }
    this.#shift(buffer, buffer[1] === LF ? 2 : 1);
    return { kind: 'pong' };
  }

  #nameOf(excerpt: string): FramingViolation {
    if (excerpt.startsWith('SIP/2.0 ')) return 'start-line-invalid';
    return this.#hadMessage ? 'out-of-step' : 'not-sip';
  }

  #shift(buffer: Buffer, size: number): Buffer {
    const rest = buffer.subarray(size);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    this.#needed = 1;
    return buffer.subarray(0, size);
  }

  #break(): void {
    this.#broken = true;
    this.#chunks = [];
    this.#buffered = 0;
  }
}

/** Judged as early as possible, so that a web server's answer or noise is named at once and not waited for. */
function beginsLikeSip(buffer: Buffer): boolean {
  const end = buffer.indexOf('\r\n');
  const line = buffer.toString('latin1', 0, end < 0 ? Math.min(buffer.length, 2048) : end);
  return end < 0 ? startOfLine.test(line.replace(/\r$/, '')) : startLine.test(line);
}

/** The value of Content-Length or `l` in a header section; 0 without one, undefined when it is no number or contradicts itself. */
function contentLength(head: string): number | undefined {
  const values = [...head.matchAll(/\r\n(?:content-length|l)[ \t]*:([^\r\n]*)/gi)].map((match) =>
    (match[1] ?? '').trim(),
  );
  const [first = '0'] = values;
  if (!/^\d{1,10}$/.test(first) || values.some((value) => value !== first)) return undefined;
  return Number(first);
}
