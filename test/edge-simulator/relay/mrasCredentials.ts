import { createHmac, timingSafeEqual } from 'node:crypto';

/** The secrets that the A/V authentication service and the relay share. */
export interface MrasKeys {
  readonly token: Buffer;
  readonly password: Buffer;
}

/** As they are handed out: base64 of the bytes that MS-TURN carries. */
export interface RelayCredentials {
  readonly userName: string;
  readonly password: string;
}

const tokenLength = 32;
const macLength = 20;
/** Version 1 and the length of the token. */
const tokenHead = Buffer.from('01000020', 'hex');
/** From 1601, where FILETIME begins, to 1970, in milliseconds. */
const epochMs = 11_644_473_600_000n;

/** Credentials of the A/V authentication service (MS-AVEDGEA): who and until when, signed; the password follows from the name. */
export function issueCredentials(keys: MrasKeys, clientId: Buffer, expiresAtMs: number): RelayCredentials {
  const token = Buffer.concat([tokenHead, Buffer.alloc(8), clientId.subarray(0, 20)], tokenLength);
  token.writeBigUInt64BE((BigInt(Math.floor(expiresAtMs)) + epochMs) * 10_000n, 4);
  const userName = Buffer.concat([token, mac(keys.token, token)]);
  return { userName: userName.toString('base64'), password: mac(keys.password, userName).toString('base64') };
}

/** What a relay makes of the bytes of a user name. */
export type KnownUser =
  | { readonly kind: 'known'; readonly password: Buffer; readonly isExpired: boolean }
  | { readonly kind: 'unknown' };

/** Whose a user name is, without asking anybody: it was signed with a key that the relay has. */
export function recognize(keys: MrasKeys, userName: Buffer, nowMs: number): KnownUser {
  if (userName.length !== tokenLength + macLength) return { kind: 'unknown' };
  const token = userName.subarray(0, tokenLength);
  if (!timingSafeEqual(mac(keys.token, token), userName.subarray(tokenLength))) return { kind: 'unknown' };
  const expiresAtMs = userName.readBigUInt64BE(4) / 10_000n - epochMs;
  return { kind: 'known', password: mac(keys.password, userName), isExpired: expiresAtMs <= BigInt(Math.floor(nowMs)) };
}

function mac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac('sha1', key).update(bytes).digest();
}
