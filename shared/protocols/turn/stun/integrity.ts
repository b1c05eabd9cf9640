import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { attributeTypes } from './attributes.js';
import { encodeAttribute, headerLength, type StunMessage } from './message.js';

const { messageIntegrity, messageIntegritySha256, fingerprint } = attributeTypes;

/** The two ways of authenticating a message (RFC 8489 sections 14.5 and 14.6). */
export type IntegrityKind = 'sha1' | 'sha256';

const kinds = {
  sha1: { type: messageIntegrity, algorithm: 'sha1', shortest: 20, longest: 20 },
  // RFC 8489 section 14.6: it may be cut to 16 bytes, in steps of four.
  sha256: { type: messageIntegritySha256, algorithm: 'sha256', shortest: 16, longest: 32 },
} as const;

/** RFC 8489 section 14.7: "STUN" in ASCII, against clashes with other checksums. */
const fingerprintMask = 0x5354554e;
const fingerprintLength = 8;

/** The message with MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 at its end. */
export function addIntegrity(message: Buffer, kind: IntegrityKind, key: Buffer): Buffer {
  const { type, longest } = kinds[kind];
  const covered = withLength(message, message.length + 4 + longest);
  return Buffer.concat([covered, encodeAttribute({ type, value: hmac(covered, kind, key) })]);
}

/** The message with FINGERPRINT at its end. */
export function addFingerprint(message: Buffer): Buffer {
  const covered = withLength(message, message.length + fingerprintLength);
  return Buffer.concat([covered, encodeAttribute({ type: fingerprint, value: checksum(covered) })]);
}

/** Is the integrity of that kind there and right? */
export function verifyIntegrity(message: StunMessage, kind: IntegrityKind, key: Buffer): 'right' | 'wrong' | 'absent' {
  const { type, shortest, longest } = kinds[kind];
  const found = message.attributes.find((one) => one.type === type);
  if (!found) return 'absent';
  const { value, offset } = found;
  if (value.length < shortest || value.length > longest || value.length % 4 !== 0) return 'wrong';
  const covered = withLength(message.bytes.subarray(0, offset), offset + 4 + value.length);
  return timingSafeEqual(hmac(covered, kind, key).subarray(0, value.length), value) ? 'right' : 'wrong';
}

/** Is the fingerprint there and right? It must be the last attribute. */
export function verifyFingerprint({ attributes, bytes }: StunMessage): 'right' | 'wrong' | 'absent' {
  const found = attributes.find(({ type }) => type === fingerprint);
  if (!found) return 'absent';
  const isLast = found.offset + fingerprintLength === bytes.length;
  return isLast && found.value.equals(checksum(bytes.subarray(0, found.offset))) ? 'right' : 'wrong';
}

function hmac(covered: Buffer, kind: IntegrityKind, key: Buffer): Buffer {
  return createHmac(kinds[kind].algorithm, key).update(covered).digest();
}

function checksum(covered: Buffer): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(covered) ^ fingerprintMask) >>> 0);
  return value;
}

/** The same bytes with the length field of a message that is `total` bytes long. */
function withLength(message: Buffer, total: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(total - headerLength, 2);
  return copy;
}
