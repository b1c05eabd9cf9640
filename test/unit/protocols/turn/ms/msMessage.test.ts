import { describe, expect, test } from 'vitest';
import {
  decodeMsMessage,
  encodeMsMessage,
  type MsMessage,
  msAttribute,
  msKey,
  msMethods,
  msTypes as types,
  verifyMsIntegrity,
} from '../../../../../shared/protocols/turn/ms/msMessage.js';
import { seededRandom } from '../../../../fakes/seededRandom.js';

/** Published with OfficeSIP's tests: an Allocate request, signed with credentials of MRAS. */
const published = Buffer.from(
  `
  0003009D30B8C9C7AFFCF4A24DDB6E2A0AE0EA5D000F000472C64BC680080004000000010006003401000020000000000000
  00004C6F672E88C2F8DEB84E72655C433149079446C219777392E02403081D8627A850451DB5418EC6CA0014002662623030
  656530322D316238382D343139352D393834342D39383639643738393033626178780015000F6F66666963657369702E6C6F
  63616C00080014294838D73762B1267095A313AFA3BE7886FE5308`.replace(/\s/g, ''),
  'hex',
);
const userName = Buffer.from('AQAAIAAAAAAAAAAATG9nLojC+N64TnJlXEMxSQeURsIZd3OS4CQDCB2GJ6hQRR21QY7Gyg==', 'base64');
const password = Buffer.from('oUU0sl7OCLQNpLUYuI1cX7OAwXE=', 'base64');
const realm = Buffer.from('officesip.local');
const nonce = Buffer.from('bb00ee02-1b88-4195-9844-9869d78903baxx');
const key = msKey(userName, realm, password);
const id = '30b8c9c7affcf4a24ddb6e2a0ae0ea5d';

function read(bytes: Buffer): MsMessage {
  const decoded = decodeMsMessage(bytes);
  if (decoded.kind === 'flawed') throw new Error(decoded.flaw);
  return decoded.message;
}

describe('the published message', () => {
  test('has the key of the decoded bytes of user name and password', () => {
    expect(key.toString('hex')).toBe('5607f21a93912223f6d733d2b780db03');
  });

  test('is read as it is meant, NONCE and REALM with each other’s number', () => {
    const message = read(published);

    expect(message).toMatchObject({ method: msMethods.allocate, class: 'request', id });
    expect(msAttribute(message, types.username)).toEqual(userName);
    expect(msAttribute(message, types.nonce)).toEqual(nonce);
    expect(msAttribute(message, types.realm)).toEqual(realm);
    expect(msAttribute(message, types.msVersion)?.readUInt32BE()).toBe(1);
    expect(verifyMsIntegrity(message, key)).toBe('right');
  });

  test('is written byte for byte', () => {
    const written = encodeMsMessage(
      msMethods.allocate,
      'request',
      id,
      [
        { type: types.msVersion, value: Buffer.from([0, 0, 0, 1]) },
        { type: types.username, value: userName },
        { type: types.nonce, value: nonce },
        { type: types.realm, value: realm },
      ],
      key,
    );

    expect(written).toEqual(published);
  });

  test('is refused with another key, a changed byte, or the integrity of a message that was not filled up', () => {
    const unfilled = Buffer.from(published);
    unfilled.write('c2571e2e', unfilled.length - 20, 4, 'hex');
    const changed = Buffer.from(published);
    changed.writeUInt8(0, 8);

    expect(verifyMsIntegrity(read(published), Buffer.alloc(16))).toBe('wrong');
    expect(verifyMsIntegrity(read(changed), key)).toBe('wrong');
    expect(verifyMsIntegrity(read(unfilled), key)).toBe('wrong');
  });
});

describe('a message', () => {
  const plain = encodeMsMessage(msMethods.allocate, 'success', id, [{ type: types.lifetime, value: Buffer.alloc(4) }]);
  const with16 = (at: number, value: number) => {
    const copy = Buffer.from(plain);
    copy.writeUInt16BE(value, at);
    return copy;
  };

  test.each([
    ['short', Buffer.alloc(19)],
    ['not-stun', with16(0, 0x0001)],
    ['length', with16(2, 5)],
    ['length', with16(2, 65_535)],
    ['attributes', with16(30, 500)],
    ['cookie', with16(20, 0x0010)],
    ['cookie', with16(24, 0x1234)],
    ['cookie', Buffer.concat([Buffer.from('01030000', 'hex'), Buffer.alloc(16)])],
  ])('with the flaw %s is not read', (flaw, bytes) => {
    expect(decodeMsMessage(bytes)).toMatchObject({ kind: 'flawed', flaw });
  });

  test('without integrity has none, and one that is not at the end is wrong', () => {
    const sealed = encodeMsMessage(msMethods.allocate, 'success', id, [], key);
    const more = Buffer.concat([sealed, Buffer.from('000d000400000001', 'hex')]);
    more.writeUInt16BE(more.length - 20, 2);

    expect(verifyMsIntegrity(read(plain), key)).toBe('absent');
    expect(verifyMsIntegrity(read(sealed), key)).toBe('right');
    expect(verifyMsIntegrity(read(more), key)).toBe('wrong');
    expect(msAttribute(read(more), types.lifetime)).toBeUndefined();
  });

  test('whose bytes before the integrity fill whole blocks is not filled up', () => {
    // 20 of the header, 8 of the cookie, 4 and 32 of this one: 64.
    const sealed = encodeMsMessage(
      msMethods.allocate,
      'success',
      id,
      [{ type: types.data, value: Buffer.alloc(32) }],
      key,
    );

    expect(sealed.length - 24).toBe(64);
    expect(verifyMsIntegrity(read(sealed), key)).toBe('right');
  });

  test('is read without an error whatever bytes it is made of', () => {
    const random = seededRandom(2007);
    for (let round = 0; round < 4_000; round += 1) {
      const whole = Buffer.from(published);
      for (let count = 0; count < 3; count += 1)
        whole[Math.floor(random() * whole.length)] = Math.floor(random() * 256);

      expect(() => decodeMsMessage(whole.subarray(0, Math.floor(random() * 178)))).not.toThrow();
      expect(() => decodeMsMessage(whole)).not.toThrow();
    }
  });
});
