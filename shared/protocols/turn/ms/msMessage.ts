import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Decoded, MessageClass, ReceivedAttribute, StunAttribute } from '../stun/message.js';

/** Attribute types of MS-TURN (section 2.2.2); NONCE and REALM have each other's number of RFC 8489. */
export const msTypes = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  alternateServer: 0x000e,
  magicCookie: 0x000f,
  destinationAddress: 0x0011,
  remoteAddress: 0x0012,
  data: 0x0013,
  nonce: 0x0014,
  realm: 0x0015,
  msVersion: 0x8008,
  xorMappedAddress: 0x8020,
  sequenceNumber: 0x8050,
} as const;

/** The methods of MS-TURN (section 2.2.1). */
export const msMethods = { allocate: 0x03, send: 0x04, setActiveDestination: 0x06, data: 0x15 } as const;

const messageTypes: readonly { readonly type: number; readonly method: number; readonly class: MessageClass }[] = [
  { type: 0x0003, method: msMethods.allocate, class: 'request' },
  { type: 0x0103, method: msMethods.allocate, class: 'success' },
  { type: 0x0113, method: msMethods.allocate, class: 'error' },
  { type: 0x0006, method: msMethods.setActiveDestination, class: 'request' },
  { type: 0x0106, method: msMethods.setActiveDestination, class: 'success' },
  { type: 0x0116, method: msMethods.setActiveDestination, class: 'error' },
  // A request that nobody answers.
  { type: 0x0004, method: msMethods.send, class: 'request' },
  { type: 0x0115, method: msMethods.data, class: 'indication' },
];

/** Type, length and 16 bytes of transaction id: the cookie of RFC 8489 is an attribute here. */
const headerLength = 20;
const magicCookie = Buffer.from('72c64bc6', 'hex');
const integrityLength = 24;
/** Integrity is computed over whole blocks of this many bytes, filled up with zeros. */
const blockLength = 64;

/** A message of MS-TURN as it came, its integrity not yet looked at. */
export interface MsMessage {
  readonly method: number;
  readonly class: MessageClass;
  /** 16 bytes as hex. */
  readonly id: string;
  readonly attributes: readonly ReceivedAttribute[];
  readonly bytes: Buffer;
}

/** Reads one whole message (MS-TURN section 2.2). Nothing outside of `bytes` is looked at, whatever the lengths in it say. */
export function decodeMsMessage(bytes: Buffer): Decoded<MsMessage> {
  if (bytes.length < headerLength) return { kind: 'flawed', flaw: 'short', id: undefined };
  const id = bytes.toString('hex', 4, headerLength);
  const known = messageTypes.find(({ type }) => type === bytes.readUInt16BE(0));
  if (!known) return { kind: 'flawed', flaw: 'not-stun', id };
  if (bytes.readUInt16BE(2) !== bytes.length - headerLength) return { kind: 'flawed', flaw: 'length', id };
  const attributes = readAttributes(bytes);
  if (!attributes) return { kind: 'flawed', flaw: 'attributes', id };
  const [first] = attributes;
  const hasCookie = first?.type === msTypes.magicCookie && first.value.equals(magicCookie);
  if (!hasCookie) return { kind: 'flawed', flaw: 'cookie', id };
  return { kind: 'message', message: { method: known.method, class: known.class, id, attributes, bytes } };
}

/** Without padding; undefined when one reaches beyond the end. What follows the integrity is not covered by it, and left out. */
function readAttributes(bytes: Buffer): ReceivedAttribute[] | undefined {
  const found: ReceivedAttribute[] = [];
  for (let offset = headerLength; offset < bytes.length; ) {
    if (offset + 4 > bytes.length) return undefined;
    const type = bytes.readUInt16BE(offset);
    const end = offset + 4 + bytes.readUInt16BE(offset + 2);
    if (end > bytes.length) return undefined;
    if (found.at(-1)?.type !== msTypes.messageIntegrity) {
      found.push({ type, value: bytes.subarray(offset + 4, end), offset });
    }
    offset = end;
  }
  return found;
}

/** The value of the first attribute of a type. */
export function msAttribute({ attributes }: MsMessage, type: number): Buffer | undefined {
  return attributes.find((one) => one.type === type)?.value;
}

/** A message whose first attribute is the magic cookie; `id` is hex. With a key its integrity is the last attribute. */
export function encodeMsMessage(
  method: number,
  messageClass: MessageClass,
  id: string,
  attributes: readonly StunAttribute[],
  key?: Buffer,
): Buffer {
  const all = [{ type: msTypes.magicCookie, value: magicCookie }, ...attributes];
  const body = Buffer.concat(all.map(encodeAttribute));
  const header = Buffer.alloc(headerLength);
  const found = messageTypes.find((one) => one.method === method && one.class === messageClass);
  header.writeUInt16BE(found?.type ?? 0, 0);
  header.writeUInt16BE(body.length + (key ? integrityLength : 0), 2);
  header.write(id, 4, 16, 'hex');
  const message = Buffer.concat([header, body]);
  if (!key) return message;
  return Buffer.concat([
    message,
    encodeAttribute({ type: msTypes.messageIntegrity, value: integrityOf(message, key) }),
  ]);
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}

/** Is the integrity there, at the end, and right (MS-TURN section 2.2.2.8)? */
export function verifyMsIntegrity({ attributes, bytes }: MsMessage, key: Buffer): 'right' | 'wrong' | 'absent' {
  const found = attributes.find(({ type }) => type === msTypes.messageIntegrity);
  if (!found) return 'absent';
  if (found.value.length !== 20 || found.offset + integrityLength !== bytes.length) return 'wrong';
  return timingSafeEqual(integrityOf(bytes.subarray(0, found.offset), key), found.value) ? 'right' : 'wrong';
}

function integrityOf(covered: Buffer, key: Buffer): Buffer {
  const fill = Buffer.alloc((blockLength - (covered.length % blockLength)) % blockLength);
  return createHmac('sha1', key).update(covered).update(fill).digest();
}

/** The key of an authenticated message: of the bytes that base64 stands for, not of the text. */
export function msKey(userName: Buffer, realm: Buffer, password: Buffer): Buffer {
  const colon = Buffer.from(':');
  return createHash('md5')
    .update(Buffer.concat([userName, colon, realm, colon, password]))
    .digest();
}
