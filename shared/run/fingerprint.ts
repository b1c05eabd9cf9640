import { randomBytes, scrypt } from 'node:crypto';
import type { Account } from '../domain/edge.js';
import type { Fingerprint } from '../store/accountLease.js';

/**
 * Enough to see that a credential was changed; far too little to confirm a guess: one in 65 536 wrong guesses fits as well, each at the
 * cost of an scrypt with a salt of its own.
 */
const markBytes = 2;

/** A fingerprint of the user name and password of an account. */
export async function fingerprintOf(account: Account, salt = randomBytes(16)): Promise<Fingerprint> {
  const { userName, password } = account;
  const derived = await derive(`${userName}\0${password.reveal()}`, salt);
  return { salt: salt.toString('base64'), mark: derived.toString('base64') };
}

/** Are the user name and password still those of the fingerprint? */
export async function isUnchanged(account: Account, fingerprint: Fingerprint): Promise<boolean> {
  const { mark } = await fingerprintOf(account, Buffer.from(fingerprint.salt, 'base64'));
  return mark === fingerprint.mark;
}

/** Off the main thread, so that it holds up nobody's measurement. */
function derive(credential: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(credential, salt, markBytes, (error, derived) => (error ? reject(error) : resolve(derived)));
  });
}
