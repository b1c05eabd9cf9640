import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslPrep } from './saslPrep.js';

const deriveKey = promisify(pbkdf2);

/** RFC 7677 section 4 wants at least this many rounds. */
export const fewestIterations = 4_096;
/** A server that asks for more wants our processor's time, not a proof. */
export const mostIterations = 1_000_000;

const hashes = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-1': 'sha1' } as const;
const keyBytes = { sha256: 32, sha1: 20 } as const;
export type ScramMechanism = keyof typeof hashes;

export interface ScramUser {
  readonly name: string;
  readonly password: string;
}

/** The server's first message; `problem` says why it cannot be answered. */
export type ScramChallenge =
  | { readonly kind: 'challenge'; readonly nonce: string; readonly salt: Buffer; readonly iterations: number }
  | { readonly kind: 'problem'; readonly problem: 'malformed' | 'foreign-nonce' | 'too-many-iterations' };

/** What the client answers, and the signature by which the server then proves that it knows the password too. */
export interface ScramProof {
  readonly message: string;
  readonly serverSignature: Buffer;
}

/** The client's first message (RFC 5802 section 5), without the header for channel binding, which is `n,,`. */
export function firstMessage(user: Pick<ScramUser, 'name'>, nonce: string): string {
  return `n=${saslPrep(user.name).replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
}

/** Reads the server's first message, an answer to `nonce`. */
export function readChallenge(message: string, nonce: string): ScramChallenge {
  // An extension that is mandatory (`m=`) stands first, and none is known.
  const found = /^r=([\x21-\x2b\x2d-\x7e]{1,1000}),s=([A-Za-z0-9+/]{1,1000}={0,2}),i=([1-9]\d*)(?:,|$)/.exec(message);
  const [, theirs = '', salt = '', iterations = ''] = found ?? [];
  if (!found) return { kind: 'problem', problem: 'malformed' };
  if (!theirs.startsWith(nonce) || theirs === nonce) return { kind: 'problem', problem: 'foreign-nonce' };
  if (Number(iterations) > mostIterations) return { kind: 'problem', problem: 'too-many-iterations' };
  return { kind: 'challenge', nonce: theirs, salt: Buffer.from(salt, 'base64'), iterations: Number(iterations) };
}

/**
 * The client's final message (RFC 5802 section 3) to `challenge`, which was read from `serverFirst`. The key is derived
 * beside the event loop.
 */
export async function prove(
  mechanism: ScramMechanism,
  user: ScramUser,
  clientFirst: string,
  serverFirst: string,
  challenge: Extract<ScramChallenge, { kind: 'challenge' }>,
): Promise<ScramProof> {
  const hash = hashes[mechanism];
  const { salt, iterations, nonce } = challenge;
  const salted = await deriveKey(saslPrep(user.password), salt, iterations, keyBytes[hash], hash);
  const keyed = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  // `biws` is the header for channel binding, `n,,`.
  const bare = `c=biws,r=${nonce}`;
  const transcript = `${clientFirst},${serverFirst},${bare}`;
  const clientKey = keyed(salted, 'Client Key');
  const signature = keyed(createHash(hash).update(clientKey).digest(), transcript);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return {
    message: `${bare},p=${proof.toString('base64')}`,
    serverSignature: keyed(keyed(salted, 'Server Key'), transcript),
  };
}

/** Does the server's final message carry the signature that only somebody who knows the password can make? */
export function isProvenBy(message: string, { serverSignature }: ScramProof): boolean {
  const value = /^v=([A-Za-z0-9+/]{1,200}={0,2})(?:,|$)/.exec(message)?.[1];
  const theirs = Buffer.from(value ?? '', 'base64');
  return theirs.length === serverSignature.length && timingSafeEqual(theirs, serverSignature);
}
