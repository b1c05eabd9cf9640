import { missingFlags } from './flags.js';
import { readTargetInfo, type TargetInfo } from './targetInfo.js';

/** A CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) that can be answered. */
export interface NtlmChallenge {
  readonly flags: number;
  readonly serverChallenge: Buffer;
  readonly targetInfo: TargetInfo;
}

/** Why a challenge cannot be answered: each of these is a fault of its own. */
export type ChallengeFlaw = 'malformed' | 'truncated' | 'oversized' | 'overlapping' | 'flags-missing';

export type ChallengeReading =
  | { readonly kind: 'challenge'; readonly challenge: NtlmChallenge }
  | { readonly kind: 'flawed'; readonly flaw: ChallengeFlaw; readonly what: string };

const signature = Buffer.from('NTLMSSP\0', 'latin1');
const challengeType = 2;
const headerBytes = 48;
/** Real ones have some 200 bytes. */
const mostBytes = 8192;
const mostTargetInfoBytes = 4096;

interface Field {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the decoded `gssapi-data` of a server's answer. Trusts no length and no offset in it. */
export function readChallenge(token: Buffer): ChallengeReading {
  if (token.length > mostBytes) {
    return flawed('oversized', `it has ${token.length} bytes, more than ${mostBytes}`);
  }
  if (token.length < signature.length + 4) return flawed('truncated', `it ends after ${token.length} bytes`);
  if (!token.subarray(0, 8).equals(signature)) return flawed('malformed', 'it does not begin with NTLMSSP');
  const type = token.readUInt32LE(8);
  if (type !== challengeType) return flawed('malformed', `its message type is ${type} and not ${challengeType}`);
  if (token.length < headerBytes) return flawed('truncated', `it ends after ${token.length} of ${headerBytes} bytes`);
  return checkFields(token, fieldAt(token, 12, 'target name'), fieldAt(token, 40, 'target information'));
}

function checkFields(token: Buffer, name: Field, info: Field): ChallengeReading {
  const filled = [name, info].filter((field) => field.end > field.start);
  for (const { name: what, start, end } of filled) {
    if (start < headerBytes) return flawed('overlapping', `its ${what} begins at ${start}, inside of the header`);
    if (end > token.length) return flawed('truncated', `its ${what} ends at ${end}, the message at ${token.length}`);
  }
  if (filled.length === 2 && name.start < info.end && info.start < name.end) {
    return flawed('overlapping', 'its target name and target information overlap');
  }
  const size = info.end - info.start;
  if (size > mostTargetInfoBytes) {
    return flawed('oversized', `its target information has ${size} bytes, more than ${mostTargetInfoBytes}`);
  }
  const flags = token.readUInt32LE(20);
  const missing = missingFlags(flags);
  if (missing.length > 0) return flawed('flags-missing', `it does not offer ${missing.join(', ')}`);
  const targetInfo = readTargetInfo(token.subarray(info.start, info.end));
  if (typeof targetInfo === 'string') return flawed('malformed', targetInfo);
  return { kind: 'challenge', challenge: { flags, serverChallenge: token.subarray(24, 32), targetInfo } };
}

/** Length, allocated length and offset, as every field of an NTLM message is described. */
function fieldAt(token: Buffer, at: number, name: string): Field {
  const start = token.readUInt32LE(at + 4);
  return { name, start, end: start + token.readUInt16LE(at) };
}

function flawed(flaw: ChallengeFlaw, what: string): ChallengeReading {
  return { kind: 'flawed', flaw, what };
}
