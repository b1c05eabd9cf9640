import { describe, expect, test } from 'vitest';
import { formatTrace } from '../../../../shared/protocols/sip/trace.js';

const at = Date.parse('2026-11-20T23:15:00.012Z');
const peer = 'sip.contoso.example at 192.0.2.10:5061';
const canary = 'c4n4ry';

function sent(...lines: string[]): string {
  return formatTrace({ at, direction: 'sent', peer, text: `${lines.join('\r\n')}\r\n\r\n` });
}

describe('a trace', () => {
  test('shows time, direction, peer and the message', () => {
    const text = formatTrace({
      at,
      direction: 'received',
      peer,
      text: 'SIP/2.0 200 OK\r\nTo: <sip:a@b>;tag=1\r\n\r\n',
    });

    expect(text).toBe(`<<< 2026-11-20T23:15:00.012Z ${peer}\nSIP/2.0 200 OK\nTo: <sip:a@b>;tag=1\n\n\n\n`);
    expect(sent('REGISTER sip:a SIP/2.0')).toMatch(/^>>> /);
  });

  test.each([
    `Authorization: Digest username="pilar", nonce="${canary}", response="${canary}"`,
    `Proxy-Authorization: Digest response="${canary}"`,
    `authorization : Digest ${canary}`,
    `AUTHORIZATION:Digest ${canary}`,
    `WWW-Authenticate: Digest realm="r", nonce="${canary}"`,
    `Proxy-Authenticate: NTLM gssapi-data="${canary}"`,
    `Authentication-Info: rspauth="${canary}", nextnonce="${canary}"`,
    `Proxy-Authentication-Info: rspauth="${canary}"`,
    `Authorization: Digest username="pilar",\r\n response="${canary}",\r\n\tnonce="${canary}"`,
    `Authorization:\r\n Digest response="${canary}"`,
    `WWW-Authenticate: Digest realm="r",\n nonce="${canary}"`,
    `WWW-Authenticate: Digest realm="r",\r nonce="${canary}"`,
  ])('leaves out what proves or helps to guess a password: %j', (header) => {
    const text = sent('REGISTER sip:a SIP/2.0', header, 'Call-ID: shown');

    expect(text).not.toContain(canary);
    expect(text).toContain('[redacted]');
    expect(text).toContain('Call-ID: shown');
  });

  test('keeps the scheme, which says what was tried', () => {
    expect(sent('R sip:a SIP/2.0', `Authorization: Digest response="${canary}"`, 'CSeq: 1 R')).toContain(
      'Authorization: Digest [redacted]\nCSeq: 1 R',
    );
  });

  test('leaves it out also where a server sends our request back in a body', () => {
    const text = sent('SIP/2.0 500 Oops', '', 'REGISTER sip:a SIP/2.0', `Authorization: Digest response="${canary}"`);

    expect(text).not.toContain(canary);
  });

  test.each([
    `<password>${canary}</password>`,
    `<m:password xmlns:m="urn:x">\r\n${canary}\r\n</m:password >`,
    `<Password a="b"><![CDATA[${canary}]]></Password>`,
    `<password>${canary}`,
    `<password>${canary}</passwords>`,
    `<password/><password>${canary}</password>`,
  ])('leaves out the password of a media relay, however it is written: %j', (element) => {
    const text = sent('SIP/2.0 200 OK', '', `<response><username>shown</username>${element}</response>`);

    expect(text).not.toContain(canary);
    expect(text).toContain('<username>shown</username>');
    expect(text).toContain('[redacted]');
  });

  test('leaves it out where a message was cut in the middle of it', () => {
    expect(sent(`${canary}</password><duration>480</duration>`)).toContain(
      '\n[redacted]</password><duration>480</duration>',
    );
  });

  test('cannot drive a terminal', () => {
    const text = sent('SIP/2.0 500 \u001b]0;owned\u0007\u001b[2J', 'Server: a\tb\u009b31m');

    expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
    expect(text).toContain('SIP/2.0 500 \\x1b]0;owned\\x07\\x1b[2J\nServer: a\tb\\x9b31m');
  });
});
