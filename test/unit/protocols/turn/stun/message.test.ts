import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { methodName, methods, attributeTypes as types } from '../../../../../shared/protocols/turn/stun/attributes.js';
import {
  addFingerprint,
  addIntegrity,
  verifyFingerprint,
  verifyIntegrity,
} from '../../../../../shared/protocols/turn/stun/integrity.js';
import {
  attribute,
  decodeMessage,
  encodeMessage,
  messageClasses,
  type StunMessage,
} from '../../../../../shared/protocols/turn/stun/message.js';
import {
  readAddress,
  readErrorCode,
  readSeconds,
  readXorAddress,
  writeAddress,
  writeSeconds,
  writeXorAddress,
} from '../../../../../shared/protocols/turn/stun/values.js';
import { seededRandom } from '../../../../fakes/seededRandom.js';

const id = '0123456789abcdef01234567';

function read(bytes: Buffer): StunMessage {
  const decoded = decodeMessage(bytes);
  if (decoded.kind === 'flawed') throw new Error(decoded.flaw);
  return decoded.message;
}

describe('a message', () => {
  test.each(messageClasses)('of class %s comes back as it was written, for every method', (messageClass) => {
    for (const method of [...Object.values(methods), 0xfff]) {
      const value = Buffer.from('seven b');
      const message = read(encodeMessage(method, messageClass, id, [{ type: types.software, value }]));

      expect(message).toMatchObject({ method, class: messageClass, id });
      expect(attribute(message, types.software)).toEqual(value);
    }
  });

  test.each([
    ['short', Buffer.alloc(19)],
    ['not-stun', Buffer.concat([Buffer.from([0x40, 0]), Buffer.alloc(18)])],
    ['cookie', Buffer.alloc(20)],
  ])('that is %s is flawed', (flaw, bytes) => {
    expect(decodeMessage(bytes)).toMatchObject({ kind: 'flawed', flaw });
  });

  test.each([
    ['too long', 4],
    ['too short', 16],
    ['no multiple of four', 10],
  ])('whose length field is %s is flawed, and keeps its id', (_, length) => {
    const bytes = encodeMessage(1, 'success', id, [{ type: types.lifetime, value: writeSeconds(1) }]);
    bytes.writeUInt16BE(length, 2);

    expect(decodeMessage(bytes)).toEqual({ kind: 'flawed', flaw: 'length', id });
  });

  test.each([5, 8, 65_535])('with an attribute of %i bytes where there are four is flawed', (length) => {
    const bytes = encodeMessage(1, 'success', id, [{ type: types.lifetime, value: writeSeconds(1) }]);
    bytes.writeUInt16BE(length, 22);

    expect(decodeMessage(bytes)).toMatchObject({ kind: 'flawed', flaw: 'attributes' });
  });

  test('is read without an error whatever bytes it is made of', () => {
    const random = seededRandom(8489);
    for (let round = 0; round < 4_000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256)));
      const whole = encodeMessage(3, 'success', id, [{ type: types.data, value: bytes }]);
      const at = Math.floor(random() * whole.length);
      whole[at] = Math.floor(random() * 256);

      expect(() => [decodeMessage(bytes), decodeMessage(whole)]).not.toThrow();
    }
  });

  test('is not read beyond its integrity, but for the fingerprint', () => {
    const key = Buffer.from('key');
    const sealed = addFingerprint(addIntegrity(encodeMessage(3, 'success', id, []), 'sha1', key));
    const forged = encodeMessage(3, 'success', id, [{ type: types.lifetime, value: writeSeconds(9) }]).subarray(20);
    const bytes = Buffer.concat([sealed, forged]);
    bytes.writeUInt16BE(bytes.length - 20, 2);

    const message = read(bytes);

    expect(attribute(message, types.lifetime)).toBeUndefined();
    expect(verifyIntegrity(message, 'sha1', key)).toBe('right');
    expect(verifyFingerprint(message)).toBe('wrong');
  });
});

describe('integrity', () => {
  const key = Buffer.from('key');
  const sealed = (kind: 'sha1' | 'sha256') => addIntegrity(encodeMessage(3, 'success', id, []), kind, key);

  test.each(['sha1', 'sha256'] as const)('%s is right with the key alone, and not with a byte changed', (kind) => {
    const bytes = sealed(kind);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(9, 8);

    expect(verifyIntegrity(read(bytes), kind, key)).toBe('right');
    expect(verifyIntegrity(read(bytes), kind, Buffer.from('other'))).toBe('wrong');
    expect(verifyIntegrity(read(changed), kind, key)).toBe('wrong');
  });

  test.each([
    [16, 'right'],
    [12, 'wrong'],
    [18, 'wrong'],
  ])('of SHA-256 that is cut to %i bytes is %s', (length, expected) => {
    const covered = encodeMessage(3, 'success', id, []);
    covered.writeUInt16BE(4 + length, 2);
    const mac = createHmac('sha256', key).update(covered).digest().subarray(0, length);
    const message = encodeMessage(3, 'success', id, [{ type: types.messageIntegritySha256, value: mac }]);

    expect(verifyIntegrity(read(message), 'sha256', key)).toBe(expected);
  });
});

describe('values', () => {
  test.each(['192.0.2.1', '2001:db8::1'])('%s survives being written with and without XOR', (address) => {
    const at = { address, port: 32_853 };

    expect(readXorAddress(writeXorAddress(at, id), id)).toEqual(at);
    expect(readAddress(writeAddress(at))).toEqual(at);
  });

  test.each(['', '00', '0001', '00010000', '0003000001020304', '000200000102030405060708'])(
    'an address of the bytes %s is none',
    (hex) => {
      expect(readAddress(Buffer.from(hex, 'hex'))).toBeUndefined();
    },
  );

  test('a reason has its number and its words', () => {
    expect(readErrorCode(Buffer.from('00000401556e61757468', 'hex'))).toEqual({ code: 401, reason: 'Unauth' });
  });

  test.each(['', '000004', '00000201', '00000000'])('a reason of the bytes %s is none', (hex) => {
    expect(readErrorCode(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('seconds are four bytes', () => {
    expect(readSeconds(writeSeconds(600))).toBe(600);
    expect(readSeconds(Buffer.alloc(3))).toBeUndefined();
  });

  test('a method that nobody knows has its number', () => {
    expect([methodName(3), methodName(99)]).toEqual(['Allocate', 'method 99']);
  });
});
