/** Published and computed exchanges; hexadecimal as printed. */

/** MS-NLMP 4.2.4, with the keys of the server's direction computed. */
export const specification = {
  user: 'User',
  password: 'Password',
  domain: 'Domain',
  flags: 0xe28a8233,
  serverChallenge: '0123456789abcdef',
  clientChallenge: 'aaaaaaaaaaaaaaaa',
  time: '0000000000000000',
  exportedSessionKey: '55555555555555555555555555555555',
  targetInfo: '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
  ntHash: 'a4f49c406510bdcab6824ee7c30fd852',
  ntowf: '0c868a403bfd7a93a3001ef22ef02e3f',
  lm: '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa',
  proof: '68cd0ab851e51c96aabc927bebef6a1c',
  sessionBaseKey: '8de40ccadbc14a82f15cb0ad0de95ca3',
  encryptedSessionKey: 'c5dad2544fc9799094ce1ce90bc9d03e',
  clientSign: '4788dc861b4782f35d43fd98fe1a2d39',
  clientSeal: '59f600973cc4960a25480a7c196e4c58',
  serverSign: 'd04d6f10741041d1d246d64188d7a8ad',
  serverSeal: '9355f3a957c1583d25c4c2f11e40390e',
} as const;

/** An exchange of a real server with a client, from the password to both signatures; its challenge bears no time. */
export const recorded = {
  user: 'User',
  password: 'Pa$$word',
  domain: 'COSMO',
  workstation: 'COSMO-OCS-R2',
  clientChallenge: 'd6ae875cb0fdaa41',
  time: '59519a1727b9ca01',
  version: '0502ce0e0000000f',
  exportedSessionKey: '6742fbe37bb1946b49d86a525bd29a9b',
  serverFlags: 0xe29882f3,
  clientFlags: 0x62988255,
  serverChallenge: 'dd1baaf4e7e218d1',
  ntHash: '1a4b1757588cab6298e29e91c06df58d',
  ntowf: '164b086e00d2f393529fa3a98209f99e',
  lm: 'a1e92efe4e078bf7c5c0049acc6166c2d6ae875cb0fdaa41',
  proof: '8dc0c800ae76eca606d2b9fbebd04731',
  sessionBaseKey: '02959b1d938e14ccc8412639311cdd49',
  encryptedSessionKey: '31cb739e1ca80a498591e8ae797115e4',
  clientSign: 'ea5e87c195ae65338f7c023e7600690d',
  clientSeal: '83013a189002d3abad49c4c8f605ecc8',
  clientMessageKey: '9c4f4700459447d91cd5f161601e400c',
  serverSign: '0151fe94dba8c83f3c6a6e5444ae54b4',
  serverSeal: '2a2e34e8d420c039e8f31cb9e8e0cd88',
  serverMessageKey: '98a7586f30f71015b079ec4f86de9c34',
  challenge: hex(`
4E544C4D53535000020000000000000038000000F38298E2DD1BAAF4E7E218D1000000000000000096009600380000000502CE0E0000000F
02000A0043004F0053004D004F000100180043004F0053004D004F002D004F00430053002D00520032000400160063006F0073006D006F00
2E006C006F00630061006C000300300063006F0073006D006F002D006F00630073002D00720032002E0063006F0073006D006F002E006C00
6F00630061006C000500160063006F0073006D006F002E006C006F00630061006C0000000000
`),
  authenticate: hex(`
4E544C4D53535000030000001800180072000000C600C6008A0000000A000A00480000000800080052000000180018005A00000010001000
50010000558298620502CE0E0000000F43004F0053004D004F00550073006500720043004F0053004D004F002D004F00430053002D005200
3200A1E92EFE4E078BF7C5C0049ACC6166C2D6AE875CB0FDAA418DC0C800AE76ECA606D2B9FBEBD04731010100000000000059519A1727B9
CA01D6AE875CB0FDAA410000000002000A0043004F0053004D004F000100180043004F0053004D004F002D004F00430053002D0052003200
0400160063006F0073006D006F002E006C006F00630061006C000300300063006F0073006D006F002D006F00630073002D00720032002E00
63006F0073006D006F002E006C006F00630061006C000500160063006F0073006D006F002E006C006F00630061006C000000000000000000
31CB739E1CA80A498591E8AE797115E4
`),
  clientBuffer:
    '<NTLM><13317733><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><><><><>',
  clientHmac: 'd01c6988f1c870f07b55fd4e4e0ae83f',
  clientSignature: '0100000029618e9651b65a7764000000',
  serverBuffer:
    '<NTLM><9616454F><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><5E61CCD925D17E043D9A74835A88F664><><><7200><200>',
  serverHmac: 'ec253d2ef7104c1ae09d7aae5ac6d598',
  serverSignature: '01000000e615438a917661be64000000',
} as const;

/** A whole session, composed: its challenge bears the time. */
export const composed = {
  user: 'kenmyer',
  password: 'Tr33house!42',
  domain: 'CONTOSO',
  workstation: 'PROBE01',
  clientChallenge: 'a1a2a3a4a5a6a7a8',
  exportedSessionKey: '00112233445566778899aabbccddeeff',
  serverChallenge: '0f1e2d3c4b5a6978',
  time: '0080d5deb19dd801',
  challenge: Buffer.from(
    'TlRMTVNTUAACAAAAAAAAADgAAADzgpjiDx4tPEtaaXgAAAAAAAAAAGwAbAA4AAAABgOAJQAAAA8CAA4AQwBPAE4AVABPAFMATwABAAgARgBFADAAMQAEABYAYwBvAG4AdABvAHMAbwAuAGMAbwBtAAMAIABmAGUAMAAxAC4AYwBvAG4AdABvAHMAbwAuAGMAbwBtAAcACAAAgNXesZ3YAQAAAAA=',
    'base64',
  ),
  authenticate: Buffer.from(
    'TlRMTVNTUAADAAAAGAAYAHIAAACcAJwAigAAAA4ADgBIAAAADgAOAFYAAAAOAA4AZAAAABAAEAAmAQAAVYKYYgUBKAoAAAAPQwBPAE4AVABPAFMATwBrAGUAbgBtAHkAZQByAFAAUgBPAEIARQAwADEAVbrlDh+Nrb0XQDtlCxSLI6Gio6SlpqeofiIiOTZRn2qrFzX/8iY6JQEBAAAAAAAAAIDV3rGd2AGhoqOkpaanqAAAAAACAA4AQwBPAE4AVABPAFMATwABAAgARgBFADAAMQAEABYAYwBvAG4AdABvAHMAbwAuAGMAbwBtAAMAIABmAGUAMAAxAC4AYwBvAG4AdABvAHMAbwAuAGMAbwBtAAcACAAAgNXesZ3YAQAAAAAAAAAAGBBgmTkFb+w4BfmdEKb43A==',
    'base64',
  ),
  ntHash: '14a7be1bb955d03c84401aae897ccbb8',
  ntowf: 'ec942fa8de47342342f01f58e40243c6',
  proof: '7e22223936519f6aab1735fff2263a25',
  lm: '55bae50e1f8dadbd17403b650b148b23a1a2a3a4a5a6a7a8',
  sessionBaseKey: '66535353498c7b7139bee19e066ef7f8',
  encryptedSessionKey: '1810609939056fec3805f99d10a6f8dc',
  clientSign: '59d6baefd8fb9cfe7c66605162a2b238',
  clientSeal: '248e660b070223ef5f92354062032e48',
  clientMessageKey: '3c20216b444276b38bb595d5907d9575',
  serverSign: '60f654677506d6aaf0bca42ab24cf43e',
  serverSeal: '4c8365f39288454902f2775f9bef872f',
  serverMessageKey: '7fa2d2bcbd263fb47b8188c589aad2b1',
  messages: [
    {
      side: 'client',
      buffer:
        '<NTLM><1A2B3C4D><1><SIP Communications Service><fe01.contoso.com><6f1b2c3d4e5f40718293a4b5c6d7e8f9><3><REGISTER><sip:kenmyer@contoso.com><9f8e7d6c5b><sip:kenmyer@contoso.com><><><><>',
      signature: '010000009ecd63fb3e60266064000000',
    },
    {
      side: 'server',
      buffer:
        '<NTLM><E5F60718><1><SIP Communications Service><fe01.contoso.com><6f1b2c3d4e5f40718293a4b5c6d7e8f9><3><REGISTER><sip:kenmyer@contoso.com><9f8e7d6c5b><sip:kenmyer@contoso.com><4D3C2B1A4D3C2B1A4D3C2B1A4D3C2B1A><><><7200><200>',
      signature: '0100000028a17d430bdba00a64000000',
    },
    {
      side: 'client',
      buffer:
        '<NTLM><2B3C4D5E><2><SIP Communications Service><fe01.contoso.com><c0ffee00c0ffee00c0ffee00c0ffee00><1><INVITE><sip:kenmyer@contoso.com><0a1b2c3d4e><sip:pilar@contoso.com><><><><>',
      signature: '010000003d28a5620f0513cb64000000',
    },
    {
      side: 'server',
      buffer:
        '<NTLM><F6071829><2><SIP Communications Service><fe01.contoso.com><c0ffee00c0ffee00c0ffee00c0ffee00><1><INVITE><sip:kenmyer@contoso.com><0a1b2c3d4e><sip:pilar@contoso.com><77aa88bb99><sip:pilar@contoso.com><tel:+14255550123><><200>',
      signature: '01000000daf255e6d61702ee64000000',
    },
    {
      side: 'client',
      buffer:
        '<NTLM><3C4D5E6F><3><SIP Communications Service><fe01.contoso.com><6f1b2c3d4e5f40718293a4b5c6d7e8f9><4><REGISTER><sip:kenmyer@contoso.com><9f8e7d6c5b><sip:kenmyer@contoso.com><><><><0>',
      signature: '01000000a38f53719cf1b51e64000000',
    },
  ],
} as const;

/** A server without extended session security; its buffer is of version 2. */
export const old = {
  exportedSessionKey: '5f029153bc025058969548615e7099ba',
  buffer:
    '<NTLM><0878F41B><1><SIP Communications Service><ocs1.ocs.provo.novell.com><8592g5DCBa1694i5887m0D0Bt2247b3F38xAE9Fx><3><REGISTER><sip:gabriel@ocs.provo.novell.com><2947328781><B816D65C2300A32CFA6D371F2AF537FD><900><200>',
  signature: '0100000000000000bf2e52667ddf6ded',
} as const;

/** Sixteen or more bytes from text with line ends. */
function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s/g, ''), 'hex');
}
