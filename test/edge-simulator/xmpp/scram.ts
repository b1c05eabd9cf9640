import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

/** What a server keeps of a password (RFC 5802 section 3), for SHA-256. */
export interface StoredKey {
  /** Is this the password? */
  readonly isOf: (password: string) => boolean;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** RFC 7677 section 4 */
const iterations = 4096;

export function storeKey(password: string, salt: Buffer): StoredKey {
  const salted = saltedPassword(password, salt);
  const storedKey = storedKeyOf(salted);
  return {
    salt,
    iterations,
    storedKey,
    serverKey: keyed(salted, 'Server Key'),
    isOf: (other) => timingSafeEqual(storedKeyOf(saltedPassword(other, salt)), storedKey),
  };
}

/** The client's first message, and what its proof is made over of it. */
export interface ClientFirst {
  readonly user: string;
  readonly nonce: string;
  /** Without the header for channel binding. */
  readonly bare: string;
  /** The header for channel binding. */
  readonly header: string;
}

/** Reads it; undefined when it is none, or wants what is not offered: channel binding or an identity of another user. */
export function readClientFirst(message: string): ClientFirst | undefined {
  const [, header = '', bare = '', name = '', nonce = ''] =
    /^([ny],,)(n=((?:[^,=]|=2C|=3D){1,255}),r=([\x21-\x2b\x2d-\x7e]{8,255}))$/.exec(message) ?? [];
  if (bare === '') return undefined;
  return { user: name.replaceAll('=2C', ',').replaceAll('=3D', '='), nonce, bare, header };
}

/** The server's first message: the client's nonce with ours behind it. */
export function writeChallenge({ nonce }: ClientFirst, ours: string, key: StoredKey): string {
  return `r=${nonce}${ours},s=${key.salt.toString('base64')},i=${key.iterations}`;
}

/** The server's final message where the client's proves that it knows the password; undefined where it does not. */
export function conclude(
  first: ClientFirst,
  challenge: string,
  clientFinal: string,
  { storedKey, serverKey }: StoredKey,
): string | undefined {
  const [, bare = '', binding = '', nonce = '', proof = ''] =
    /^(c=([A-Za-z0-9+/=]+),r=([^,]+)),p=([A-Za-z0-9+/]{43}=)$/.exec(clientFinal) ?? [];
  if (Buffer.from(binding, 'base64').toString() !== first.header || !challenge.startsWith(`r=${nonce},`))
    return undefined;
  const transcript = `${first.bare},${challenge},${bare}`;
  const signature = keyed(storedKey, transcript);
  const clientKey = Buffer.from(Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0)));
  if (!timingSafeEqual(hash(clientKey), storedKey)) return undefined;
  return `v=${keyed(serverKey, transcript).toString('base64')}`;
}

function saltedPassword(password: string, salt: Buffer): Buffer {
  return pbkdf2Sync(password, salt, iterations, 32, 'sha256');
}

function storedKeyOf(salted: Buffer): Buffer {
  return hash(keyed(salted, 'Client Key'));
}

function keyed(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hash(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
