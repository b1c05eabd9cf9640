import { describe, expect, test } from 'vitest';
import {
  answeringHeader,
  openingHeader,
  readGssapiHeader,
  readVersion,
  signatureParameters,
  signedHeader,
} from '../../../../shared/protocols/lync/gssapiHeader.js';

const names = { realm: 'SIP Communications Service', targetName: 'fe01.contoso.com' };

describe('a GSS-API header', () => {
  test('is read with its values as they are written', () => {
    const { scheme, parameters } = readGssapiHeader(
      'NTLM  Realm="SIP \\ Service",targetname="sip/fe01" , version=4, opaque="", realm="second", gssapi-data="TlRM=="',
    );

    expect(scheme).toBe('NTLM');
    expect(Object.fromEntries(parameters)).toEqual({
      realm: 'SIP \\ Service',
      targetname: 'sip/fe01',
      version: '4',
      opaque: '',
      'gssapi-data': 'TlRM==',
    });
  });

  test('that is a scheme alone, or empty, or has more parameters than anybody sends, does no harm', () => {
    expect(readGssapiHeader('Kerberos').scheme).toBe('Kerberos');
    expect(readGssapiHeader('').scheme).toBe('');
    expect(
      readGssapiHeader(`NTLM ${'a=1,'.repeat(10)}${Array.from({ length: 500 }, (_, n) => `p${n}=1`)}`).parameters.size,
    ).toBe(30);
  });

  test.each([
    ['NTLM realm="x"', 2],
    ['NTLM version=2', 2],
    ['NTLM version=3', 3],
    ['NTLM version="4"', 4],
    ['NTLM version=7', '7'],
    ['NTLM version=', ''],
  ])('%s is of signature version %s', (text, version) => {
    expect(readVersion(readGssapiHeader(text))).toBe(version);
  });

  test('is written as clients write it, the version unquoted and left out for 2', () => {
    expect(openingHeader(names, 4)).toBe(
      'NTLM qop="auth", realm="SIP Communications Service", targetname="fe01.contoso.com", gssapi-data="", version=4',
    );
    expect(answeringHeader(names, 2, '5C3A91D0', Buffer.from('token'))).toBe(
      'NTLM qop="auth", opaque="5C3A91D0", realm="SIP Communications Service", targetname="fe01.contoso.com", gssapi-data="dG9rZW4="',
    );
    expect(signedHeader(names, '5C3A91D0') + signatureParameters('1a2b3c4d', 7, 'ff')).toBe(
      'NTLM qop="auth", opaque="5C3A91D0", realm="SIP Communications Service", targetname="fe01.contoso.com", crand="1a2b3c4d", cnum="7", response="ff"',
    );
  });
});
