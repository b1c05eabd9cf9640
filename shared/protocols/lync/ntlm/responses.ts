import type { NtlmChallenge } from './challenge.js';
import { hmacMd5 } from './hashes.js';

/** The two answers to a challenge and the key that follows from them (MS-NLMP 3.3.2). */
export interface NtlmResponses {
  readonly lm: Buffer;
  readonly nt: Buffer;
  readonly sessionBaseKey: Buffer;
}

const version = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
const gap = Buffer.alloc(4);

/** Answers a challenge with the key of `ntowfV2`; `clientChallenge` and `time` (FILETIME) have eight bytes. */
export function answerChallenge(
  key: Buffer,
  { serverChallenge, targetInfo }: NtlmChallenge,
  clientChallenge: Buffer,
  time: Buffer,
): NtlmResponses {
  const blob = Buffer.concat([version, time, clientChallenge, gap, targetInfo.bytes, gap]);
  const proof = hmacMd5(key, serverChallenge, blob);
  return {
    lm: Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]),
    nt: Buffer.concat([proof, blob]),
    sessionBaseKey: hmacMd5(key, proof),
  };
}
