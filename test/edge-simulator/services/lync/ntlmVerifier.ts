import { ntowfV2 } from '../../../../shared/protocols/lync/ntlm/credentials.js';
import { hmacMd5 } from '../../../../shared/protocols/lync/ntlm/hashes.js';
import { rc4 } from '../../../../shared/protocols/lync/ntlm/rc4.js';
import { type SessionKeys, sessionKeys } from '../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import type { AuthenticateMessage } from './ntlmMessages.js';

/** Flags without which keys and signatures would not be the ones that are computed here. */
const demandedFlags = 0x40088211;

/** The keys that follow when the client proves that it knows `password`; undefined when it does not (MS-NLMP 3.3.2, server side). */
export function verifyAuthenticate(
  { user, domain, ntResponse, encryptedSessionKey, flags }: AuthenticateMessage,
  serverChallenge: Buffer,
  password: string,
): SessionKeys | undefined {
  if ((flags & demandedFlags) !== demandedFlags) return undefined;
  const key = ntowfV2({ user, domain }, password);
  const proof = ntResponse.subarray(0, 16);
  if (!hmacMd5(key, serverChallenge, ntResponse.subarray(16)).equals(proof)) return undefined;
  return sessionKeys(rc4(hmacMd5(key, proof), encryptedSessionKey), flags);
}
