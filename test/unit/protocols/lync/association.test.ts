import { describe, expect, test } from 'vitest';
import { SecurityAssociation } from '../../../../shared/protocols/lync/association.js';
import { sessionKeys } from '../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import { signText } from '../../../../shared/protocols/lync/ntlm/signature.js';
import { type SignatureVersion, signatureBuffer } from '../../../../shared/protocols/lync/signatureBuffer.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';
import { composed } from './ntlm/vectors.js';

const keys = sessionKeys(Buffer.from(composed.exportedSessionKey, 'hex'), 0x62988255);
const names = { realm: 'SIP Communications Service', targetName: 'fe01.contoso.com' };

function association(version: SignatureVersion = 4): SecurityAssociation {
  const rands = ['1a2b3c4d', '2b3c4d5e', '3c4d5e6f'];
  return new SecurityAssociation({ names, version, opaque: '5C3A91D0', keys }, () => rands.shift() ?? 'ffffffff');
}

interface Signed {
  readonly num?: string;
  readonly opaque?: string;
  readonly version?: SignatureVersion;
}

/** The answer of the composed session to REGISTER, or another message, with the server's signature. */
function signed(lines: readonly string[] = ok, { num = '1', opaque = '5C3A91D0', version = 4 }: Signed = {}): string {
  const parameters = { scheme: 'NTLM', rand: 'E5F60718', num, ...names };
  const text = `${lines.join('\r\n')}\r\n\r\n`;
  const rspauth = signText(keys.server, signatureBuffer(readMessage(text), parameters, version)).toUpperCase();
  const proof = `Authentication-Info: NTLM rspauth="${rspauth}", srand="E5F60718", snum="${num}", opaque="${opaque}", qop="auth", targetname="fe01.contoso.com", realm="SIP Communications Service"`;
  return text.replace('\r\n\r\n', `\r\n${proof}\r\n\r\n`);
}

const ok = [
  'SIP/2.0 200 OK',
  'From: <sip:kenmyer@contoso.com>;tag=9f8e7d6c5b;epid=a1b2c3d4e5f6',
  'To: <sip:kenmyer@contoso.com>;tag=4D3C2B1A4D3C2B1A4D3C2B1A4D3C2B1A',
  'Call-ID: 6f1b2c3d4e5f40718293a4b5c6d7e8f9',
  'CSeq: 3 REGISTER',
  'P-Asserted-Identity: <sip:kenmyer@contoso.com>, <tel:+14255550123>',
  'Expires: 7200',
];
const notify = ['NOTIFY sip:a SIP/2.0', 'From: <sip:b@c>;tag=1', 'To: <sip:a@c>;tag=2', 'Call-ID: d', 'CSeq: 1 NOTIFY'];

const inspected = (text: string, by = association()) => by.inspect(readMessage(text));
const codeOf = (text: string, by?: SecurityAssociation): string => {
  const inspection = inspected(text, by);
  return inspection.kind === 'refuse' ? inspection.diagnosis.code : inspection.kind;
};

describe('a security association', () => {
  test('signs with rising numbers, as the composed session does', () => {
    const head = ['From: <sip:kenmyer@contoso.com>;tag=9f8e7d6c5b', 'To: <sip:kenmyer@contoso.com>'];
    const register = ['REGISTER sip:contoso.com SIP/2.0', ...head, 'Call-ID: 6f1b2c3d4e5f40718293a4b5c6d7e8f9'];
    const first = readMessage(`${[...register, 'CSeq: 3 REGISTER'].join('\r\n')}\r\n\r\n`);
    const upper = new SecurityAssociation({ names, version: 4, opaque: '', keys }, () => '1A2B3C4D');
    const one = upper.sign(first);
    const two = upper.sign(first);

    expect(one).toBe(`, crand="1A2B3C4D", cnum="1", response="${composed.messages[0].signature}"`);
    expect(two).toMatch(/^, crand="1A2B3C4D", cnum="2", response="01000000[0-9a-f]{16}64000000"$/);
  });

  test.each([2, 3, 4] as const)('believes what the server signed with version %i, and is proven by it', (version) => {
    const by = association(version);

    expect(inspected(signed(ok, { version }), by)).toEqual({ kind: 'pass' });
    expect(by.proven).toBe(true);
  });

  test('believes no message of which any one byte of a signed field was changed', () => {
    const text = signed();
    const fields = [
      ...['200 OK', 'sip:kenmyer@contoso.com', '9f8e7d6c5b', '4D3C2B1A4D3C2B1A4D3C2B1A4D3C2B1A'],
      ...['6f1b2c3d4e5f40718293a4b5c6d7e8f9', '3 REGISTER', 'tel:+14255550123', '7200'],
      ...['E5F60718', 'fe01.contoso.com', 'SIP Communications Service', 'snum="1'],
    ];
    const believed: string[] = [];
    let tried = 0;
    for (const field of fields) {
      const signedPart = field === '200 OK' ? '200' : field === 'snum="1' ? '1' : field;
      for (let at = text.indexOf(field); at >= 0; at = text.indexOf(field, at + 1)) {
        const start = field === 'snum="1' ? at + 6 : at;
        for (let index = start; index < start + signedPart.length; index += 1) {
          const flipped = String.fromCharCode(text.charCodeAt(index) ^ 1);
          const changed = text.slice(0, index) + flipped + text.slice(index + 1);
          tried += 1;
          if (inspected(changed).kind === 'pass' && inspected(changed, provenOne()).kind === 'pass') {
            believed.push(`${field} at ${index}: ${flipped}`);
          }
        }
      }
    }

    expect(tried).toBeGreaterThan(200);
    expect(believed).toEqual([]);
  });

  test('believes no signature of which one digit was changed', () => {
    const text = signed();
    const start = text.indexOf('rspauth="') + 9;
    const changed = Array.from({ length: 32 }, (_, index) => {
      const digit = text.charAt(start + index) === '7' ? '8' : '7';
      return codeOf(text.slice(0, start + index) + digit + text.slice(start + index + 1));
    });

    expect(new Set(changed)).toEqual(new Set(['AUTH_SIGNATURE_WRONG']));
  });

  test('refuses another association, a repeated number, and one that is long out of date', () => {
    const by = association();
    inspected(signed(ok, { num: '300' }), by);

    expect(codeOf(signed(ok, { opaque: 'FFFFFFFF' }), by)).toBe('AUTH_ASSOCIATION_CHANGED');
    expect(codeOf(signed(ok, { num: '300' }), by)).toBe('AUTH_MESSAGE_REPLAYED');
    expect(codeOf(signed(ok, { num: '44' }), by)).toBe('AUTH_MESSAGE_REPLAYED');
    expect(codeOf(signed(ok, { num: 'one' }), by)).toBe('AUTH_MESSAGE_REPLAYED');
    expect(codeOf(signed(ok, { num: '45' }), by)).toBe('pass');
  });

  test.each([
    ['SIP/2.0 100 Trying', 'pass'],
    ['SIP/2.0 401 Unauthorized', 'pass'],
    ['SIP/2.0 403 Forbidden', 'pass'],
    ['SIP/2.0 504 Server time-out', 'pass'],
    ['SIP/2.0 200 OK', 'AUTH_SERVER_PROOF_MISSING'],
    ['NOTIFY sip:kenmyer@contoso.com SIP/2.0', 'drop'],
  ])('before the server is proven, an unsigned %s comes to %s', (startLine, expected) => {
    expect(codeOf(`${startLine}\r\nCSeq: 1 INVITE\r\n\r\n`)).toBe(expected);
  });

  test('once the server is proven, an unsigned 200 is refused, but not that to a removal', () => {
    const by = provenOne();

    expect(codeOf('SIP/2.0 200 OK\r\nCSeq: 5 INVITE\r\n\r\n', by)).toBe('AUTH_MESSAGE_UNSIGNED');
    expect(codeOf('SIP/2.0 200 OK\r\nCSeq: 5 REGISTER\r\n\r\n', by)).toBe('pass');
  });

  test('drops requests without a signature and remembers a few of them; a signed one passes', () => {
    const by = association();
    for (let count = 0; count < 50; count += 1) inspected('BENOTIFY sip:a SIP/2.0\r\nCSeq: 1 BENOTIFY\r\n\r\n', by);

    expect(by.dropped).toHaveLength(10);
    expect(by.dropped[0]).toBe('BENOTIFY sip:a SIP/2.0');
    expect(codeOf(signed(notify, { num: '2' }), by)).toBe('pass');
  });

  test('a proof of another scheme, or without a signature, is none', () => {
    const text = 'SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\nAuthentication-Info: ';

    expect(codeOf(`${text}Digest rspauth="ff"\r\n\r\n`)).toBe('AUTH_SERVER_PROOF_MISSING');
    expect(codeOf(`${text}NTLM snum="1", opaque="5C3A91D0"\r\n\r\n`)).toBe('AUTH_SERVER_PROOF_MISSING');
  });
});

function provenOne(): SecurityAssociation {
  const by = association();
  inspected(signed(notify, { num: '9' }), by);
  return by;
}
