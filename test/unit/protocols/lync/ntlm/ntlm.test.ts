import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { authenticate } from '../../../../../shared/protocols/lync/ntlm/authenticate.js';
import { type NtlmChallenge, readChallenge } from '../../../../../shared/protocols/lync/ntlm/challenge.js';
import { ntowfV2, toNtlmUser, utf16 } from '../../../../../shared/protocols/lync/ntlm/credentials.js';
import { answerFlags } from '../../../../../shared/protocols/lync/ntlm/flags.js';
import { hmacMd5, md4Of, md5Of } from '../../../../../shared/protocols/lync/ntlm/hashes.js';
import { rc4 } from '../../../../../shared/protocols/lync/ntlm/rc4.js';
import { answerChallenge } from '../../../../../shared/protocols/lync/ntlm/responses.js';
import { type SessionKeys, sessionKeys } from '../../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import { signText } from '../../../../../shared/protocols/lync/ntlm/signature.js';
import { readTargetInfo } from '../../../../../shared/protocols/lync/ntlm/targetInfo.js';
import { composed, old, recorded, specification } from './vectors.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sequence = hex('64000000');

/** The challenge of a vector that is printed whole. */
function challengeOf(token: Buffer): NtlmChallenge {
  const reading = readChallenge(token);
  if (reading.kind !== 'challenge') throw new Error(reading.what);
  return reading.challenge;
}

function targetInfoOf(text: string): NtlmChallenge['targetInfo'] {
  const read = readTargetInfo(hex(text));
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const exchanges = [
  {
    name: 'the specification',
    vector: specification,
    flags: specification.flags,
    challenge: {
      flags: specification.flags,
      serverChallenge: hex(specification.serverChallenge),
      targetInfo: targetInfoOf(specification.targetInfo),
    },
  },
  {
    name: 'a recorded exchange',
    vector: recorded,
    flags: recorded.clientFlags,
    challenge: challengeOf(recorded.challenge),
  },
  {
    name: 'a composed exchange',
    vector: composed,
    flags: recorded.clientFlags,
    challenge: challengeOf(composed.challenge),
  },
];

describe.each(exchanges)('NTLMv2 by $name', ({ vector, flags, challenge }) => {
  const key = ntowfV2(vector, vector.password);
  const responses = answerChallenge(key, challenge, hex(vector.clientChallenge), hex(vector.time));

  test('derives the same hashes from the password', () => {
    expect(md4Of(utf16(vector.password)).toString('hex')).toBe(vector.ntHash);
    expect(key.toString('hex')).toBe(vector.ntowf);
  });

  test('answers the challenge with the same responses and session key', () => {
    expect(responses.lm.toString('hex')).toBe(vector.lm);
    expect(responses.nt.subarray(0, 16).toString('hex')).toBe(vector.proof);
    expect(responses.sessionBaseKey.toString('hex')).toBe(vector.sessionBaseKey);
  });

  test('encrypts the exchanged session key alike, and reads it back', () => {
    const encrypted = rc4(responses.sessionBaseKey, hex(vector.exportedSessionKey));

    expect(encrypted.toString('hex')).toBe(vector.encryptedSessionKey);
    expect(rc4(responses.sessionBaseKey, encrypted).toString('hex')).toBe(vector.exportedSessionKey);
  });

  test('derives the same four keys for both directions', () => {
    const keys = sessionKeys(hex(vector.exportedSessionKey), flags);

    expect(keys.client.sign.toString('hex')).toBe(vector.clientSign);
    expect(keys.client.seal.toString('hex')).toBe(vector.clientSeal);
    expect(keys.server.sign.toString('hex')).toBe(vector.serverSign);
    expect(keys.server.seal.toString('hex')).toBe(vector.serverSeal);
  });
});

describe.each([
  { name: 'a recorded exchange', vector: recorded, version: hex(recorded.version), nowMs: 1_294_000_000_000 },
  { name: 'a composed exchange', vector: composed, version: hex('0501280a0000000f'), nowMs: 0 },
])('the AUTHENTICATE message of $name', ({ vector, version, nowMs }) => {
  const challenge = challengeOf(vector.challenge);
  const timed = { ...challenge, targetInfo: { ...challenge.targetInfo, timestamp: hex(vector.time) } };
  const input = {
    user: vector.user,
    domain: vector.domain,
    password: vector.password,
    workstation: vector.workstation,
    clientChallenge: hex(vector.clientChallenge),
    exportedSessionKey: hex(vector.exportedSessionKey),
    nowMs,
    version,
  };

  test('is the same, byte for byte', () => {
    expect(authenticate(timed, input).token.toString('hex')).toBe(vector.authenticate.toString('hex'));
  });

  test('keys each message of a direction anew', () => {
    const { keys } = authenticate(timed, input);

    expect(md5Of(keys.client.seal, sequence).toString('hex')).toBe(vector.clientMessageKey);
    expect(md5Of(keys.server.seal, sequence).toString('hex')).toBe(vector.serverMessageKey);
  });
});

test('a challenge without a time is answered with the time of the clock', () => {
  const nowMs = Date.UTC(2009, 0, 1);
  const { token } = authenticate(challengeOf(recorded.challenge), {
    ...recorded,
    clientChallenge: hex(recorded.clientChallenge),
    exportedSessionKey: hex(recorded.exportedSessionKey),
    version: hex(recorded.version),
    nowMs,
  });

  // 2009-01-01 as a FILETIME, in the NT response behind the proof and eight bytes of version.
  const time = token.readBigUInt64LE(138 + 24);
  expect(time).toBe(128_752_416_000_000_000n);
});

describe('signatures', () => {
  const recordedKeys = sessionKeys(hex(recorded.exportedSessionKey), recorded.clientFlags);
  const composedKeys: SessionKeys = sessionKeys(hex(composed.exportedSessionKey), recorded.clientFlags);

  test('are those of the recorded exchange in both directions', () => {
    expect(hmacMd5(recordedKeys.client.sign, sequence, Buffer.from(recorded.clientBuffer)).toString('hex')).toBe(
      recorded.clientHmac,
    );
    expect(hmacMd5(recordedKeys.server.sign, sequence, Buffer.from(recorded.serverBuffer)).toString('hex')).toBe(
      recorded.serverHmac,
    );
    expect(signText(recordedKeys.client, recorded.clientBuffer)).toBe(recorded.clientSignature);
    expect(signText(recordedKeys.server, recorded.serverBuffer)).toBe(recorded.serverSignature);
  });

  test.each(composed.messages)('are those of the composed session: $buffer', ({ side, buffer, signature }) => {
    expect(signText(composedKeys[side], buffer)).toBe(signature);
  });

  test('differ between the directions, and for a buffer changed in any one byte', () => {
    const right = signText(recordedKeys.client, recorded.clientBuffer);
    const changed = [...recorded.clientBuffer].map((_, index) => {
      const bytes = Buffer.from(recorded.clientBuffer);
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      return signText(recordedKeys.client, bytes.toString());
    });

    expect(signText(recordedKeys.server, recorded.clientBuffer)).not.toBe(right);
    expect(changed.filter((signature) => signature === right)).toEqual([]);
    expect(new Set(changed).size).toBe(changed.length);
  });

  test('without extended session security are RC4 over a checksum, as a server of 2007 made them', () => {
    const checksum = Buffer.alloc(12);
    checksum.writeUInt32LE(crc32(old.buffer), 4);
    sequence.copy(checksum, 8);
    const sealed = rc4(hex(old.exportedSessionKey), checksum);

    const signature = Buffer.concat([hex('0100000000000000'), sealed.subarray(4)]);

    expect(signature.toString('hex')).toBe(old.signature);
  });
});

test('MD4 is that of RFC 1320', () => {
  expect(md4Of(Buffer.from('message digest')).toString('hex')).toBe('d9130a8164549fe818874806e1c7014b');
  expect(md4Of(Buffer.alloc(0)).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
});

test('RC4 is that of RFC 6229', () => {
  expect(rc4(hex('0102030405'), Buffer.alloc(16)).toString('hex')).toBe('b2396305f03dc027ccc3524a0a1118a8');
  expect(rc4(hex('0102030405060708090a0b0c0d0e0f10'), Buffer.alloc(16)).toString('hex')).toBe(
    '9ac7cc9a609d1ef7b2932899cde41b97',
  );
});

test('the flags of a real server are answered as a real client answered them', () => {
  expect(answerFlags(recorded.serverFlags)).toBe(recorded.clientFlags);
  expect(answerFlags(recorded.serverFlags & ~0x20000000).toString(16)).toBe('c2988255');
});

test('shorter keys are taken where a server offers no 128 bits', () => {
  const key = hex(recorded.exportedSessionKey);
  const magic = Buffer.from('session key to client-to-server sealing key magic constant\0');

  expect(sessionKeys(key, 0x80000000).client.seal).toEqual(md5Of(key.subarray(0, 7), magic));
  expect(sessionKeys(key, 0).client.seal).toEqual(md5Of(key.subarray(0, 5), magic));
});

test.each([
  ['CONTOSO\\pilar', { domain: 'CONTOSO', user: 'pilar' }],
  ['pilar@contoso.test', { domain: '', user: 'pilar@contoso.test' }],
  ['pilar', { domain: '', user: 'pilar' }],
])('the user name %s is taken apart', (userName, expected) => {
  expect(toNtlmUser(userName)).toEqual(expected);
});

test('a user name is upper-cased as Windows does it, character by character, and the domain is left as it is', () => {
  const key = (user: string, domain: string): string => ntowfV2({ user, domain }, 'secret').toString('hex');

  expect(key('pilar', 'Contoso')).toBe(key('PILAR', 'Contoso'));
  expect(key('pilar', 'Contoso')).not.toBe(key('pilar', 'CONTOSO'));
  expect(key('strauß', '')).not.toBe(key('STRAUSS', ''));
});
