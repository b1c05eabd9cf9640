import { addressBytes, addressOfBytes, type TransportAddress } from '../transportAddress.js';
import { magicCookie } from './message.js';

/** A relay's reason for refusing a request (RFC 8489 section 14.8). */
export interface StunError {
  /** 300 to 699 */
  readonly code: number;
  readonly reason: string;
}

/** ERROR-CODE; undefined when the value is none. */
export function readErrorCode(value: Buffer): StunError | undefined {
  if (value.length < 4) return undefined;
  const code = ((value[2] ?? 0) & 0x07) * 100 + (value[3] ?? 0);
  return code >= 300 && code <= 699 ? { code, reason: value.toString('utf8', 4, 4 + 763) } : undefined;
}

/** An address of a XOR- attribute (RFC 8489 section 14.2); `id` is the transaction's, in hex. Undefined when it is none. */
export function readXorAddress(value: Buffer, id: string): TransportAddress | undefined {
  return readAddress(xorAddress(value, maskOf(id)));
}

/** The value of a XOR- attribute. */
export function writeXorAddress(at: TransportAddress, id: string): Buffer {
  return xorAddress(writeAddress(at), maskOf(id));
}

/** An address in clear, as in MAPPED-ADDRESS and ALTERNATE-SERVER (RFC 8489 section 14.1). Undefined when it is none. */
export function readAddress(value: Buffer): TransportAddress | undefined {
  const family = value[1];
  const fits = (family === 1 && value.length === 8) || (family === 2 && value.length === 20);
  return fits ? { address: addressOfBytes(value.subarray(4)), port: value.readUInt16BE(2) } : undefined;
}

/** The value of an attribute with an address in clear. */
export function writeAddress({ address, port }: TransportAddress): Buffer {
  const bytes = addressBytes(address);
  const value = Buffer.concat([Buffer.alloc(4), bytes]);
  value.writeUInt8(bytes.length === 4 ? 1 : 2, 1);
  value.writeUInt16BE(port, 2);
  return value;
}

/** LIFETIME, seconds; undefined when the value is none. */
export function readSeconds(value: Buffer | undefined): number | undefined {
  return value?.length === 4 ? value.readUInt32BE() : undefined;
}

/** The value of a LIFETIME. */
export function writeSeconds(seconds: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(seconds);
  return value;
}

/** Port and address, each XORed with the mask from its first byte; the two bytes before stay. */
export function xorAddress(value: Buffer, mask: Buffer): Buffer {
  const changed = Buffer.from(value);
  for (const [index, byte] of value.entries()) {
    if (index >= 4) changed[index] = byte ^ (mask[index - 4] ?? 0);
    else if (index >= 2) changed[index] = byte ^ (mask[index - 2] ?? 0);
  }
  return changed;
}

function maskOf(id: string): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(magicCookie, 0);
  mask.write(id, 4, 12, 'hex');
  return mask;
}
