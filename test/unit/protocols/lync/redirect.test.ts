import { expect, test } from 'vitest';
import { readRedirect } from '../../../../shared/protocols/lync/redirect.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';

function answer(status: number, contact: string) {
  const lines = contact === '' ? '' : `Contact: ${contact}\r\n`;
  const message = readMessage(`SIP/2.0 ${status} Moved\r\n${lines}\r\n`);
  return { kind: 'response', status, reasonPhrase: 'Moved', message } as const;
}

test.each([
  ['<sip:pool02.contoso.com:5061;transport=tls>', { kind: 'inside', host: 'pool02.contoso.com', port: 5061 }],
  ['<sip:user@Contoso.COM;transport=TLS>;q=0.5', { kind: 'inside', host: 'contoso.com', port: 5061 }],
  ['<sips:pool02.contoso.com:443>', { kind: 'inside', host: 'pool02.contoso.com', port: 443 }],
  ['sip:pool02.contoso.com;transport=tls', { kind: 'inside', host: 'pool02.contoso.com', port: 5061 }],
])('a redirect to %s leads inside', (contact, expected) => {
  expect(readRedirect(answer(301, contact), 'contoso.com')).toEqual(expected);
  expect(readRedirect(answer(302, contact), 'contoso.com')).toEqual(expected);
});

test.each([
  '<sip:sip.fabrikam.com:443;transport=tls>',
  '<sip:contoso.com.evil.test:443;transport=tls>',
  '<sip:evilcontoso.com:443;transport=tls>',
  '<sip:contoso.com@evil.test:443;transport=tls>',
  '<sip:pool02.contoso.com:5060;transport=tcp>',
  '<sip:pool02.contoso.com:5060>',
  '<sip:192.0.2.1:5061;transport=tls>',
  '<http://pool02.contoso.com>',
])('a redirect to %s leads out of the domain or off TLS', (contact) => {
  expect(readRedirect(answer(302, contact), 'contoso.com')).toEqual({ kind: 'foreign', place: contact });
});

test('a redirect without a Contact leads nowhere, and other answers are none', () => {
  expect(readRedirect(answer(301, ''), 'contoso.com')).toEqual({ kind: 'foreign', place: 'nowhere' });
  expect(readRedirect(answer(300, '<sip:contoso.com;transport=tls>'), 'contoso.com')).toEqual({ kind: 'none' });
  expect(readRedirect({ kind: 'unparsable', excerpt: '' }, 'contoso.com')).toEqual({ kind: 'none' });
});
