import { describe, expect, test } from 'vitest';
import {
  dnsServer,
  isBareJid,
  isHost,
  isHostName,
  isLoopback,
  isoTime,
  isSipAddress,
  xmppService,
} from '../../../shared/config/formats.js';

/** Which of `texts` pass. */
function passing(test: (text: string) => boolean, texts: readonly string[]): readonly string[] {
  return texts.filter(test);
}

test('host names are ASCII names without a final dot, and hosts are addresses as well', () => {
  const names = ['contoso.com', 'lab', 'xn--mnchen-3ya.example', '_sip.contoso.com', '3com.example'];
  const addresses = ['192.0.2.1', '2001:db8::1'];
  const neither = [
    '',
    '.',
    'contoso.com.',
    'a..b',
    '-a.com',
    'a-.com',
    'münchen.example',
    '10.0.0.256',
    '1.2.3',
    'a b',
    'a/b',
    'a:443',
    '[::1]',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.com`,
    'a.'.repeat(130).concat('com'),
  ];

  expect(passing(isHostName, [...names, ...addresses, ...neither])).toEqual(names);
  expect(passing(isHost, [...names, ...addresses, ...neither])).toEqual([...names, ...addresses]);
});

test('a SIP address is sip:user@domain and nothing more', () => {
  const right = ['sip:pilar@contoso.com', "SIP:o'neil+x=1%20y@contoso.com"];
  const wrong = [
    'pilar@contoso.com',
    'sips:a@b.c',
    'sip:contoso.com',
    'sip:@b.c',
    'sip:a@b.c;transport=tcp',
    'sip:a@b.c:5061',
    'sip:a@b@c.d',
    'sip:a b@c.d',
    'sip:a\r\nb@c.d',
    'sip:a%2@c.d',
    'sip:a@10.0.0.1',
    '<sip:a@b.c>',
  ];

  expect(passing(isSipAddress, [...right, ...wrong])).toEqual(right);
});

test('a bare JID has a local part, a domain and no resource', () => {
  const right = ['adelaney@partner.example', 'zoë@partner.example'];
  const wrong = [
    'partner.example',
    'a@b.example/home',
    '@b.example',
    'a@',
    'a b@c.example',
    'a@b@c.example',
    '<a@b.example',
    'a\u0000@b.example',
  ];

  expect(passing(isBareJid, [...right, ...wrong])).toEqual(right);
});

test('loopback is an address of this machine, never a name', () => {
  const right = ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'];
  const wrong = ['localhost', '127.evil.example', '128.0.0.1', '0.0.0.0', '::', '::2', '127.0.0.1.example.com'];

  expect(passing(isLoopback, [...right, ...wrong])).toEqual(right);
});

test.each([
  ['192.0.2.53', '192.0.2.53:53'],
  ['192.0.2.53:5353', '192.0.2.53:5353'],
  ['::1', '[::1]:53'],
  ['[::1]', '[::1]:53'],
  ['[::1]:5353', '[::1]:5353'],
  ['192.0.2.53:0', undefined],
  ['192.0.2.53:65536', undefined],
  ['192.0.2.53:', undefined],
  ['192.0.2.256', undefined],
  ['[192.0.2.53]:53', undefined],
  ['[fe80::1%eth0]:53', undefined],
  ['dns.contoso.com', undefined],
  ['https://192.0.2.53', undefined],
])('the DNS server %j is %j', (text, expected) => {
  expect(dnsServer(text)).toBe(expected);
});

describe('an XMPP service', () => {
  test.each([
    ['xmpps://xmpp.partner.example', { host: 'xmpp.partner.example', port: 5223, directTls: true }],
    ['xmpp://127.0.0.1:15222', { host: '127.0.0.1', port: 15_222, directTls: false }],
    ['xmpp://[::1]', { host: '::1', port: 5222, directTls: false }],
  ])('%j names scheme, host and port', (text, expected) => {
    expect(xmppService(text)).toEqual(expected);
  });

  test.each([
    'xmpp:b.example',
    'xmpp://',
    'xmpp://b.example:0',
    'xmpp://b.example/',
    'xmpp://u:p@b.example',
    'wss://b.example',
    'xmpp://[b.example]',
  ])('%j is none', (text) => {
    expect(xmppService(text)).toBeUndefined();
  });
});

test.each([
  ['2026-11-21T22:00:00Z', Date.UTC(2026, 10, 21, 22)],
  ['2026-11-21T22:00+05:30', Date.UTC(2026, 10, 21, 16, 30)],
  ['2028-02-29T00:00:00.5Z', Date.UTC(2028, 1, 29, 0, 0, 0, 500)],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-02-30T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-11-21T25:00:00Z', undefined],
  ['2026-11-21T22:00:00', undefined],
  ['2026-11-21', undefined],
  ['tomorrow', undefined],
])('the time %j is %j', (text, expected) => {
  expect(isoTime(text)).toBe(expected);
});
