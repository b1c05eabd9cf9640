import { createHash, createHmac } from 'node:crypto';
import { Secret } from '../../../domain/secret.js';
import type { IntegrityKind } from './integrity.js';

/** A user of the relay with the password that its messages are authenticated by. */
export interface RelayUser {
  readonly userName: string;
  readonly password: Secret;
}

/** What relays are asked with: a user's password, or the secret that time-limited ones are derived from. */
export type TurnCredentials =
  | ({ readonly kind: 'password' } & RelayUser)
  | { readonly kind: 'shared-secret'; readonly userName: string | undefined; readonly sharedSecret: Secret };

/** The passwords derived here are good for this long: longer than any run, and than clocks differ. */
const derivedLifetimeSeconds = 3_600;

/**
 * The user at the wall-clock time `nowMs`. From a shared secret, as the REST form has it: the name is when it ends, in seconds
 * since the epoch, with `:userName` behind it; the password is base64 of its HMAC-SHA1.
 */
export function relayUser(credentials: TurnCredentials, nowMs: number): RelayUser {
  if (credentials.kind === 'password') return credentials;
  const expiry = Math.floor(nowMs / 1000) + derivedLifetimeSeconds;
  const userName = credentials.userName === undefined ? `${expiry}` : `${expiry}:${credentials.userName}`;
  const digest = createHmac('sha1', credentials.sharedSecret.reveal()).update(userName).digest('base64');
  return { userName, password: new Secret(digest) };
}

/** How the key is made from the password (RFC 8489 section 18.5.1). */
export type PasswordAlgorithm = 'md5' | 'sha256';

const algorithmNumbers: Readonly<Record<PasswordAlgorithm, number>> = { md5: 1, sha256: 2 };

/** The key of the long-term mechanism (RFC 8489 section 9.2.2). */
export function longTermKey({ userName, password }: RelayUser, realm: string, algorithm: PasswordAlgorithm): Buffer {
  const text = [userName, realm, password.reveal()].map(prepared).join(':');
  return createHash(algorithm).update(text).digest();
}

/** RFC 8265 section 4.2: composed characters, and every space the plain one. */
export function prepared(text: string): string {
  return text.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** What a relay demands of an authenticated request (RFC 8489 section 9.2.3). */
export interface Challenge {
  readonly realm: string;
  /** Echoed as it came. */
  readonly nonce: Buffer;
  readonly algorithm: PasswordAlgorithm;
  readonly integrity: IntegrityKind;
  /** PASSWORD-ALGORITHMS as it came, to be echoed; undefined where the relay offers no choice. */
  readonly offered: Buffer | undefined;
}

/** A challenge, or what is wrong with it. */
export type ReadChallenge =
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | { readonly kind: 'unusable'; readonly why: string };

/** Reads REALM, NONCE and PASSWORD-ALGORITHMS of a 401 or 438. */
export function readChallenge(
  realm: Buffer | undefined,
  nonce: Buffer | undefined,
  offered: Buffer | undefined,
): ReadChallenge {
  const unusable = (why: string): ReadChallenge => ({ kind: 'unusable', why });
  if (!realm || realm.length === 0) return unusable('without a realm');
  if (!nonce || nonce.length === 0) return unusable('without a nonce');
  if (realm.length > 763 || nonce.length > 763) return unusable('with a realm or nonce above 763 bytes');
  const plain = { realm: realm.toString('utf8'), nonce };
  if (!offered) {
    // RFC 8489 section 9.2.5: whoever cut the list out wants a weaker algorithm.
    if (promisesAlgorithms(nonce)) return unusable('whose nonce promises password algorithms that are not there');
    return { kind: 'challenge', challenge: { ...plain, algorithm: 'md5', integrity: 'sha1', offered: undefined } };
  }
  const algorithm = chooseAlgorithm(offered);
  if (!algorithm) return unusable('with none of the password algorithms MD5 and SHA-256');
  return { kind: 'challenge', challenge: { ...plain, algorithm, integrity: 'sha256', offered } };
}

/** PASSWORD-ALGORITHM for the chosen one (RFC 8489 section 14.12). */
export function writeAlgorithm(algorithm: PasswordAlgorithm): Buffer {
  return Buffer.from([0, algorithmNumbers[algorithm], 0, 0]);
}

/** RFC 8489 sections 9.2 and 18.1: a nonce that begins so carries 24 feature bits, the lowest for password algorithms. */
function promisesAlgorithms(nonce: Buffer): boolean {
  const [, features] = /^obMatJos2([A-Za-z0-9+/]{4})/.exec(nonce.toString('latin1')) ?? [];
  return features !== undefined && ((Buffer.from(features, 'base64')[2] ?? 0) & 1) !== 0;
}

/** The first of the server's order that is known here (RFC 8489 section 14.11). */
function chooseAlgorithm(offered: Buffer): PasswordAlgorithm | undefined {
  for (let at = 0; at + 4 <= offered.length; ) {
    const number = offered.readUInt16BE(at);
    const parameters = offered.readUInt16BE(at + 2);
    if (number === algorithmNumbers.sha256) return 'sha256';
    if (number === algorithmNumbers.md5) return 'md5';
    at += 4 + parameters + ((4 - (parameters % 4)) % 4);
  }
  return undefined;
}
