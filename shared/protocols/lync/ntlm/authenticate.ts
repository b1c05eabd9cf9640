import type { NtlmChallenge } from './challenge.js';
import { type NtlmUser, ntowfV2, utf16 } from './credentials.js';
import { answerFlags } from './flags.js';
import { rc4 } from './rc4.js';
import { answerChallenge, type NtlmResponses } from './responses.js';
import { type SessionKeys, sessionKeys } from './sessionKeys.js';

/** What the answer to a challenge is made from, beside the challenge. */
export interface AuthenticateInput extends NtlmUser {
  readonly password: string;
  readonly workstation: string;
  /** Eight bytes from a cryptographic source. */
  readonly clientChallenge: Buffer;
  /** Sixteen bytes from a cryptographic source: the session key that both sides will share. */
  readonly exportedSessionKey: Buffer;
  /** Milliseconds since the epoch; counts where the server sends no time of its own. */
  readonly nowMs: number;
  /** Eight bytes; the client's version, which no server looks at. */
  readonly version?: Buffer;
}

export interface Authenticate {
  /** The AUTHENTICATE_MESSAGE. */
  readonly token: Buffer;
  readonly keys: SessionKeys;
}

const headerBytes = 72;
const usualVersion = Buffer.from('0501280a0000000f', 'hex');
/** 1601-01-01, where FILETIME begins, to 1970-01-01, in milliseconds. */
const fileTimeOffsetMs = 11_644_473_600_000;

/** Answers a challenge with NTLMv2 (MS-NLMP 3.1.5.1.2). The message has no MIC: the target information goes back unchanged. */
export function authenticate(challenge: NtlmChallenge, input: AuthenticateInput): Authenticate {
  const time = challenge.targetInfo.timestamp ?? toFileTime(input.nowMs);
  const responses = answerChallenge(ntowfV2(input, input.password), challenge, input.clientChallenge, time);
  const flags = answerFlags(challenge.flags);
  return {
    token: toMessage(input, responses, rc4(responses.sessionBaseKey, input.exportedSessionKey), flags),
    keys: sessionKeys(input.exportedSessionKey, flags),
  };
}

/** MS-NLMP 2.2.1.3, its payload in the order in which the lengths add up. */
function toMessage(input: AuthenticateInput, responses: NtlmResponses, sessionKey: Buffer, flags: number): Buffer {
  const payload = [utf16(input.domain), utf16(input.user), utf16(input.workstation), responses.lm, responses.nt];
  const [domain, user, workstation, lm, nt] = placed(payload);
  const end = headerBytes + payload.reduce((sum, part) => sum + part.length, 0);
  const fields = [lm, nt, domain, user, workstation, field(sessionKey.length, end)].filter(
    (part) => part !== undefined,
  );
  return Buffer.concat([
    Buffer.from('NTLMSSP\0\x03\0\0\0', 'latin1'),
    ...fields,
    uint32(flags),
    input.version ?? usualVersion,
    ...payload,
    sessionKey,
  ]);
}

/** The descriptor of each part when they follow one another behind the header. */
function placed(parts: readonly Buffer[]): Buffer[] {
  let at = headerBytes;
  return parts.map(({ length }) => {
    const described = field(length, at);
    at += length;
    return described;
  });
}

function field(length: number, offset: number): Buffer {
  const described = Buffer.alloc(8);
  described.writeUInt16LE(length, 0);
  described.writeUInt16LE(length, 2);
  described.writeUInt32LE(offset, 4);
  return described;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

/** A FILETIME: hundreds of nanoseconds since 1601, little-endian. */
function toFileTime(nowMs: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(nowMs + fileTimeOffsetMs) * 10_000n);
  return bytes;
}
