import { attributeTypes } from './attributes.js';

/** RFC 8489 section 5: what tells STUN from everything else at a port. */
export const magicCookie = 0x2112a442;
/** Type, length, cookie, transaction id. */
export const headerLength = 20;

export const messageClasses = ['request', 'indication', 'success', 'error'] as const;
export type MessageClass = (typeof messageClasses)[number];

export interface StunAttribute {
  readonly type: number;
  readonly value: Buffer;
}

/** A message as it came, its integrity not yet looked at. */
export interface StunMessage {
  readonly method: number;
  readonly class: MessageClass;
  /** 12 bytes as hex. */
  readonly id: string;
  readonly attributes: readonly ReceivedAttribute[];
  /** The whole message. */
  readonly bytes: Buffer;
}

export interface ReceivedAttribute extends StunAttribute {
  /** Where its header begins in the message: integrity covers what lies before. */
  readonly offset: number;
}

/** Why bytes are no message of STUN. */
export type Flaw = 'short' | 'not-stun' | 'cookie' | 'length' | 'attributes' | 'fingerprint';

/** What came of reading bytes; with a flaw the transaction id, where there is one to read. */
export type Decoded<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'flawed'; readonly flaw: Flaw; readonly id: string | undefined };

const { messageIntegrity, messageIntegritySha256, fingerprint } = attributeTypes;

/** Reads one whole message (RFC 8489 section 5). Nothing outside of `bytes` is looked at, whatever the lengths in it say. */
export function decodeMessage(bytes: Buffer): Decoded<StunMessage> {
  if (bytes.length < headerLength) return { kind: 'flawed', flaw: 'short', id: undefined };
  const type = bytes.readUInt16BE(0);
  const id = bytes.toString('hex', 8, headerLength);
  const flawed = (flaw: Flaw): Decoded<StunMessage> => ({ kind: 'flawed', flaw, id });
  if (type >= 0x4000) return flawed('not-stun');
  if (bytes.readUInt32BE(4) !== magicCookie) return flawed('cookie');
  const length = bytes.readUInt16BE(2);
  if (length % 4 !== 0 || length !== bytes.length - headerLength) return flawed('length');
  const attributes = readAttributes(bytes);
  if (!attributes) return flawed('attributes');
  return { kind: 'message', message: { ...readType(type), id, attributes, bytes } };
}

function readType(type: number): Pick<StunMessage, 'method' | 'class'> {
  const method = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
  const classBits = ((type & 0x0100) >> 7) | ((type & 0x0010) >> 4);
  return { method, class: messageClasses[classBits] ?? 'request' };
}

/** Undefined when one of them reaches beyond the end. */
function readAttributes(bytes: Buffer): ReceivedAttribute[] | undefined {
  const found: ReceivedAttribute[] = [];
  let sealed = 0;
  for (let offset = headerLength; offset < bytes.length; ) {
    if (offset + 4 > bytes.length) return undefined;
    const type = bytes.readUInt16BE(offset);
    const length = bytes.readUInt16BE(offset + 2);
    const end = offset + 4 + length;
    if (end > bytes.length) return undefined;
    // RFC 8489 sections 14.5 to 14.7: what follows integrity is not covered by it, and is ignored.
    const rank = sealRanks.get(type) ?? 0;
    if (rank > sealed || sealed === 0) found.push({ type, value: bytes.subarray(offset + 4, end), offset });
    sealed = Math.max(sealed, rank);
    offset = end + padding(length);
  }
  return found;
}

const sealRanks: ReadonlyMap<number, number> = new Map([
  [messageIntegrity, 1],
  [messageIntegritySha256, 2],
  [fingerprint, 3],
]);

/** The value of the first attribute of a type. */
export function attribute({ attributes }: StunMessage, type: number): Buffer | undefined {
  return attributes.find((one) => one.type === type)?.value;
}

/** A message without integrity and fingerprint; `id` is hex. */
export function encodeMessage(
  method: number,
  messageClass: MessageClass,
  id: string,
  attributes: readonly StunAttribute[],
): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(writeType(method, messageClass), 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(magicCookie, 4);
  header.write(id, 8, 12, 'hex');
  return Buffer.concat([header, body]);
}

/** An attribute with its header and padding. */
export function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const encoded = Buffer.alloc(4 + value.length + padding(value.length));
  encoded.writeUInt16BE(type, 0);
  encoded.writeUInt16BE(value.length, 2);
  value.copy(encoded, 4);
  return encoded;
}

function writeType(method: number, messageClass: MessageClass): number {
  const classBits = messageClasses.indexOf(messageClass);
  const methodBits = (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2);
  return methodBits | ((classBits & 1) << 4) | ((classBits & 2) << 7);
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}
