/** The hello of a client, apart from the 32 random bytes in its middle, and the answer (MS-TURN section 2.1). */
const clientHead = '160301002d010000290301';
const clientTail = '00000200180100';
const clientHelloLength = 50;

/** What came over a connection: a message for the relay, or data for the active destination. */
export type Framed = { readonly kind: 'control' | 'data'; readonly bytes: Buffer };

const kinds = { control: 2, data: 3 } as const;

/** The server's hello, 83 bytes; both arguments are 32. */
export function writeServerHello(random: Buffer, sessionId: Buffer): Buffer {
  const [head, length, tail] = ['160301004e020000460301', '20', '0018000e000000'].map((hex) => Buffer.from(hex, 'hex'));
  return Buffer.concat([head ?? random, random, length ?? random, sessionId, tail ?? random]);
}

/** One frame as it goes over the stream. */
export function writeFrame(kind: Framed['kind'], bytes: Buffer): Buffer {
  const head = Buffer.from([kinds[kind], 0, 0, 0]);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

/** Reads one client's side of a connection: first its hello, then frames. */
export class ClientStream {
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  /** What is whole now; `hello` when the client's hello has just come. Undefined when this is no such client. */
  push(chunk: Buffer): { readonly hello: boolean; readonly frames: readonly Framed[] } | undefined {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const hello = !this.#greeted && this.#rest.length >= clientHelloLength;
    if (!this.#greeted && !hello) return { hello, frames: [] };
    if (hello) {
      const hex = this.#rest.toString('hex', 0, clientHelloLength);
      if (!hex.startsWith(clientHead) || !hex.endsWith(clientTail)) return undefined;
      this.#greeted = true;
      this.#rest = this.#rest.subarray(clientHelloLength);
    }
    const frames = this.#frames();
    return frames && { hello, frames };
  }

  #frames(): readonly Framed[] | undefined {
    const frames: Framed[] = [];
    while (this.#rest.length >= 4) {
      const [first] = this.#rest;
      if (first !== kinds.control && first !== kinds.data) return undefined;
      const end = 4 + this.#rest.readUInt16BE(2);
      if (this.#rest.length < end) break;
      frames.push({ kind: first === kinds.control ? 'control' : 'data', bytes: this.#rest.subarray(4, end) });
      this.#rest = this.#rest.subarray(end);
    }
    return frames;
  }
}
