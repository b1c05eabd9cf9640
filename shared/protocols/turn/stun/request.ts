import type { Doubt } from '../exchange.js';
import { attributeTypes as types } from './attributes.js';
import { addFingerprint, addIntegrity, verifyFingerprint, verifyIntegrity } from './integrity.js';
import { type Challenge, longTermKey, prepared, type RelayUser, writeAlgorithm } from './longTerm.js';
import { type Decoded, decodeMessage, encodeMessage, type StunAttribute, type StunMessage } from './message.js';

/** Who asks, and what the relay demanded last. */
export interface Authentication {
  readonly user: RelayUser;
  readonly challenge: Challenge;
}

/** A request with everything that makes it valid, and how to tell an answer to it from a forged one. */
export interface WrittenRequest {
  readonly bytes: Buffer;
  judge(answer: StunMessage): Doubt | undefined;
}

/** Writes a request, authenticated by the long-term mechanism where `authentication` is given (RFC 8489 section 9.2). */
export function writeRequest(
  method: number,
  id: string,
  attributes: readonly StunAttribute[],
  authentication: Authentication | undefined,
): WrittenRequest {
  if (!authentication) {
    return { bytes: addFingerprint(encodeMessage(method, 'request', id, attributes)), judge: () => undefined };
  }
  const { user, challenge } = authentication;
  const { algorithm, integrity } = challenge;
  const key = longTermKey(user, challenge.realm, algorithm);
  const message = encodeMessage(method, 'request', id, [...attributes, ...authenticationAttributes(authentication)]);
  return {
    bytes: addFingerprint(addIntegrity(message, integrity, key)),
    judge(answer) {
      const found = verifyIntegrity(answer, integrity, key);
      // RFC 8489 section 9.2.4: refusals of the credentials themselves cannot be authenticated.
      return found === 'right' || (found === 'absent' && answer.class === 'error') ? undefined : 'integrity';
    },
  };
}

function authenticationAttributes({ user, challenge }: Authentication): StunAttribute[] {
  const { realm, nonce, algorithm, offered } = challenge;
  return [
    { type: types.username, value: Buffer.from(prepared(user.userName)) },
    { type: types.realm, value: Buffer.from(realm) },
    { type: types.nonce, value: nonce },
    ...(offered
      ? [
          { type: types.passwordAlgorithms, value: offered },
          { type: types.passwordAlgorithm, value: writeAlgorithm(algorithm) },
        ]
      : []),
  ];
}

/** Reads a message that came, its fingerprint included where it has one. */
export function readAnswer(bytes: Buffer): Decoded<StunMessage> {
  const decoded = decodeMessage(bytes);
  if (decoded.kind === 'flawed' || verifyFingerprint(decoded.message) !== 'wrong') return decoded;
  return { kind: 'flawed', flaw: 'fingerprint', id: decoded.message.id };
}
