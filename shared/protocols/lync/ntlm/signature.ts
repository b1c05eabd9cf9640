import { hmacMd5, md5Of } from './hashes.js';
import { rc4 } from './rc4.js';
import type { DirectionKeys } from './sessionKeys.js';

const version = Buffer.from([1, 0, 0, 0]);
/** MS-SIPAE uses this one number for every message of both directions. */
const sequence = Buffer.from([100, 0, 0, 0]);

/** The signature of `text`, 32 lower-case hexadecimal digits (MS-NLMP 3.4.4.2, keyed anew for each message as datagrams are). */
export function signText({ sign, seal }: DirectionKeys, text: string): string {
  const checksum = hmacMd5(sign, sequence, Buffer.from(text, 'utf8')).subarray(0, 8);
  return Buffer.concat([version, rc4(md5Of(seal, sequence), checksum), sequence]).toString('hex');
}
