import type { ChallengeForm } from './lyncPolicy.js';

const flags = 0xe29882f3;
const weakFlags = 0x00008205;
/** 1601-01-01 to 1970-01-01, milliseconds. */
const fileTimeOffsetMs = 11_644_473_600_000;
const headerBytes = 56;

/** What the front end says about itself in a challenge. */
export interface ServerNames {
  readonly domain: string;
  readonly computer: string;
  readonly dnsDomain: string;
  readonly dnsComputer: string;
}

/** A client's AUTHENTICATE message (MS-NLMP 2.2.1.3), as far as a server looks at it. */
export interface AuthenticateMessage {
  readonly user: string;
  readonly domain: string;
  readonly ntResponse: Buffer;
  readonly encryptedSessionKey: Buffer;
  readonly flags: number;
}

/** A CHALLENGE message (MS-NLMP 2.2.1.2), or one with something wrong about it. */
export function writeChallenge(names: ServerNames, challenge: Buffer, nowMs: number, form: ChallengeForm): Buffer {
  if (form === 'garbage') return Buffer.from('this is no NTLM message at all');
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(nowMs + fileTimeOffsetMs) * 10_000n);
  const info = Buffer.concat([
    pair(2, Buffer.from(names.domain, 'utf16le')),
    pair(1, Buffer.from(names.computer, 'utf16le')),
    pair(4, Buffer.from(names.dnsDomain, 'utf16le')),
    pair(3, Buffer.from(names.dnsComputer, 'utf16le')),
    pair(7, time),
    pair(0, Buffer.alloc(0)),
  ]);
  const header = Buffer.alloc(headerBytes);
  header.write('NTLMSSP\0', 0, 'latin1');
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(headerBytes, 16);
  header.writeUInt32LE(form === 'weak' ? weakFlags : flags, 20);
  challenge.copy(header, 24);
  header.writeUInt16LE(info.length, 40);
  header.writeUInt16LE(info.length, 42);
  header.writeUInt32LE(form === 'overlapping' ? 20 : headerBytes, 44);
  Buffer.from('0601b11d0000000f', 'hex').copy(header, 48);
  const message = Buffer.concat([header, info]);
  if (form === 'truncated') return message.subarray(0, message.length - 12);
  return form === 'oversized' ? Buffer.concat([message, Buffer.alloc(10_000)]) : message;
}

function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** Reads an AUTHENTICATE message; a text says what is wrong with it. */
export function readAuthenticate(message: Buffer): AuthenticateMessage | string {
  if (message.length < 64 || message.length > 4096) return 'AUTHENTICATE has a wrong size';
  if (message.toString('latin1', 0, 8) !== 'NTLMSSP\0' || message.readUInt32LE(8) !== 3)
    return 'no AUTHENTICATE message';
  const [, nt, domain, user, , key] = [12, 20, 28, 36, 44, 52].map((at) => fieldAt(message, at));
  if (nt === undefined || domain === undefined || user === undefined || key === undefined) {
    return 'a field of AUTHENTICATE lies outside of it';
  }
  if (nt.length < 44) return 'the NT response is not of version 2';
  if (key.length !== 16) return 'there is no exchanged session key';
  return {
    user: user.toString('utf16le'),
    domain: domain.toString('utf16le'),
    ntResponse: nt,
    encryptedSessionKey: key,
    flags: message.readUInt32LE(60),
  };
}

function fieldAt(message: Buffer, at: number): Buffer | undefined {
  const length = message.readUInt16LE(at);
  const start = message.readUInt32LE(at + 4);
  return start + length <= message.length ? message.subarray(start, start + length) : undefined;
}
