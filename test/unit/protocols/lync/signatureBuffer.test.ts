import { describe, expect, test } from 'vitest';
import { type SignedParameters, signatureBuffer } from '../../../../shared/protocols/lync/signatureBuffer.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';
import { composed, old, recorded } from './ntlm/vectors.js';

const fe01: Omit<SignedParameters, 'rand' | 'num'> = {
  scheme: 'NTLM',
  realm: 'SIP Communications Service',
  targetName: 'fe01.contoso.com',
};

function message(...lines: readonly string[]) {
  return readMessage(`${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
}

const register = [
  'REGISTER sip:contoso.com SIP/2.0',
  'From: <sip:kenmyer@contoso.com>;tag=9f8e7d6c5b;epid=a1b2c3d4e5f6',
  'To: <sip:kenmyer@contoso.com>',
  'Call-ID: 6f1b2c3d4e5f40718293a4b5c6d7e8f9',
];

const ok = [
  'SIP/2.0 200 OK',
  'From: <sip:kenmyer@contoso.com>;tag=9f8e7d6c5b;epid=a1b2c3d4e5f6',
  'To: <sip:kenmyer@contoso.com>;tag=4D3C2B1A4D3C2B1A4D3C2B1A4D3C2B1A',
  'Call-ID: 6f1b2c3d4e5f40718293a4b5c6d7e8f9',
  'CSeq: 3 REGISTER',
  'Expires: 7200',
];

const invite = [
  'From: "Ken Myer; <boss>" <sip:kenmyer@contoso.com> ; epid=a1b2c3d4e5f6 ; TAG=0a1b2c3d4e',
  'Call-ID: c0ffee00c0ffee00c0ffee00c0ffee00',
  'CSeq: 1 INVITE',
];

describe('the text that is signed, version 4', () => {
  test.each([
    [{ ...fe01, rand: '1A2B3C4D', num: '1' }, message(...register, 'CSeq: 3 REGISTER'), composed.messages[0].buffer],
    [{ ...fe01, rand: 'E5F60718', num: '1' }, message(...ok), composed.messages[1].buffer],
    [
      { ...fe01, rand: '2B3C4D5E', num: '2' },
      message('INVITE sip:pilar@contoso.com SIP/2.0', ...invite, 'To: sip:pilar@contoso.com'),
      composed.messages[2].buffer,
    ],
    [
      { ...fe01, rand: 'F6071829', num: '2' },
      message(
        'SIP/2.0 200 OK',
        ...invite,
        't: <sip:pilar@contoso.com>;tag=77aa88bb99;epid=000102030405',
        'P-Asserted-Identity: "Pilar"<sip:pilar@contoso.com>, <tel:+14255550123>',
        'P-Preferred-Identity: <sip:other@contoso.com>',
      ),
      composed.messages[3].buffer,
    ],
    [
      { ...fe01, rand: '3C4D5E6F', num: '3' },
      message(...register, 'CSeq: 4 REGISTER', 'Expires: 0'),
      composed.messages[4].buffer,
    ],
    [
      {
        scheme: 'NTLM',
        rand: '9616454F',
        num: '1',
        realm: 'SIP Communications Service',
        targetName: 'cosmo-ocs-r2.cosmo.local',
      },
      message(
        'SIP/2.0 200 OK',
        'f: <sip:user@cosmo.local>;tag=3e49177a52;epid=01010101',
        'To: <sip:user@cosmo.local>;tag=5E61CCD925D17E043D9A74835A88F664',
        'i: 4037df9284354df39065195bd57a4b14',
        'CSeq: 3 REGISTER',
        'Expires: 7200',
      ),
      recorded.serverBuffer,
    ],
    [
      {
        scheme: 'NTLM',
        rand: '1B6D47A1',
        num: '11',
        realm: 'SIP Communications Service',
        targetName: 'LOC-COMPANYT-FE03.COMPANY.COM',
      },
      message(
        'SIP/2.0 180 Ringing',
        'From: "sender" <sip:sender@company.com>;tag=2420628112;epid=54392c3d4e5f',
        'To: <sip:recipient@company.com>;tag=7aee15546a;epid=3102EB8BD1',
        'Call-ID: 41CEg82ECa0AC8i3DD7mE673t9CF4b19DAxF780x',
        'CSeq: 1 INVITE',
        'P-Asserted-Identity: "recipient"<SIP:recipient@company.com>',
      ),
      '<NTLM><1B6D47A1><11><SIP Communications Service><LOC-COMPANYT-FE03.COMPANY.COM><41CEg82ECa0AC8i3DD7mE673t9CF4b19DAxF780x><1><INVITE><sip:sender@company.com><2420628112><sip:recipient@company.com><7aee15546a><SIP:recipient@company.com><><><180>',
    ],
  ])('is that of the vector: %#', (parameters, raw, expected) => {
    expect(signatureBuffer(raw, parameters, 4)).toBe(expected);
    expect(signatureBuffer(raw, parameters, 3)).toBe(expected);
  });

  test('takes the identity from P-Preferred-Identity where nobody asserts one', () => {
    const raw = message(...ok, 'P-Preferred-Identity: <tel:+1>', 'P-Preferred-Identity: sip:kenmyer@contoso.com');

    expect(signatureBuffer(raw, { ...fe01, rand: '', num: '' }, 4)).toContain(
      '><sip:kenmyer@contoso.com><tel:+1><7200>',
    );
  });

  test('has an empty place for everything that is missing', () => {
    expect(signatureBuffer(readMessage('REGISTER x SIP/2.0\r\n\r\n'), { ...fe01, rand: 'a', num: '1' }, 4)).toBe(
      `<NTLM><a><1><SIP Communications Service><fe01.contoso.com>${'<>'.repeat(10)}`,
    );
  });
});

test('version 2 leaves out the URI of To and the identities', () => {
  const raw = message(
    'SIP/2.0 200 OK',
    'From: <sip:gabriel@ocs.provo.novell.com>;tag=2947328781;epid=1234567890',
    'To: <sip:gabriel@ocs.provo.novell.com>;tag=B816D65C2300A32CFA6D371F2AF537FD',
    'Call-ID: 8592g5DCBa1694i5887m0D0Bt2247b3F38xAE9Fx',
    'CSeq: 3 REGISTER',
    'Expires: 900',
  );
  const parameters = { ...fe01, rand: '0878F41B', num: '1', targetName: 'ocs1.ocs.provo.novell.com' };

  expect(signatureBuffer(raw, parameters, 2)).toBe(old.buffer);
});
