import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../shared/domain/secret.js';
import { chooseScheme } from '../../../../shared/protocols/lync/chooseScheme.js';
import { LyncAuthentication } from '../../../../shared/protocols/lync/lyncAuthentication.js';
import { readToken } from '../../../../shared/protocols/lync/readToken.js';
import type { SipResponse } from '../../../../shared/protocols/sip/answer.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';
import { composed } from './ntlm/vectors.js';

const password = 'canary-password';
const uri = 'sip:contoso.com';
const ntlm = 'NTLM realm="SIP Communications Service", targetname="fe01.contoso.com", version=4';
const token = composed.challenge.toString('base64');
const challenge = `NTLM opaque="5C3A91D0", gssapi-data="${token}", targetname="fe01.contoso.com", realm="SIP Communications Service", version=4`;

function unauthorized(offers: readonly string[], status = 401, ...more: readonly string[]): SipResponse {
  const field = status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
  const lines = [`SIP/2.0 ${status} Unauthorized`, ...offers.map((offer) => `${field}: ${offer}`), ...more];
  const message = readMessage(`${lines.join('\r\n')}\r\n\r\n`);
  return { kind: 'response', status, reasonPhrase: 'Unauthorized', message };
}

function authentication(): LyncAuthentication {
  const account = {
    sipAddress: 'sip:kenmyer@contoso.com',
    userName: 'CONTOSO\\kenmyer',
    password: new Secret(password),
  };
  return new LyncAuthentication({ account, randomBytes: (length) => Buffer.alloc(length, 7), now: () => 0 });
}

const request = (method: string) => `${method} sip:contoso.com SIP/2.0\r\nCSeq: 1 ${method}\r\nCall-ID: x\r\n\r\n`;

describe('signing in with NTLM', () => {
  test('takes three legs and then signs everything', () => {
    const by = authentication();
    const sent = [by.guard.outgoing(request('REGISTER'))];
    expect(by.respond(unauthorized(['Kerberos realm="x"', ntlm]), uri)).toEqual({ kind: 'again', headers: [] });
    sent.push(by.guard.outgoing(request('REGISTER')));
    expect(by.respond(unauthorized([challenge]), uri)).toEqual({ kind: 'again', headers: [] });
    sent.push(by.guard.outgoing(request('REGISTER')), by.guard.outgoing(request('ACK')));
    sent.push(by.guard.outgoing('SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\nbody\r\n\r\nmore'));

    expect(sent[0]).toBe(request('REGISTER'));
    expect(sent[1]).toMatch(
      /\r\nAuthorization: NTLM qop="auth", realm="SIP Communications Service", targetname="fe01\.contoso\.com", gssapi-data="", version=4\r\n\r\n$/,
    );
    expect(sent[2]).toMatch(
      /opaque="5C3A91D0".*gssapi-data="TlRMTVNTUAADAAAA[^"]+", version=4, crand="07070707", cnum="1", response="01/,
    );
    expect(sent[3]).toMatch(
      /\r\nAuthorization: NTLM qop="auth", opaque="5C3A91D0", .*cnum="2", response="[0-9a-f]{32}"\r\n\r\n$/,
    );
    expect(sent[4]).toMatch(/cnum="3", response="[0-9a-f]{32}"\r\n\r\nbody\r\n\r\nmore$/);
    expect(sent.join('')).not.toContain(password);
  });

  test('with version 3 signs from the message after the one that brings the keys', () => {
    const by = authentication();
    by.respond(unauthorized([ntlm.replace('version=4', 'version=3')]), uri);
    by.guard.outgoing(request('REGISTER'));
    by.respond(unauthorized([challenge]), uri);

    expect(by.guard.outgoing(request('REGISTER'))).not.toContain('cnum');
    expect(by.guard.outgoing(request('REGISTER'))).toContain('cnum="1"');
  });

  test('answers a proxy by Proxy-Authorization', () => {
    const by = authentication();
    by.respond(unauthorized([ntlm], 407), uri);

    expect(by.guard.outgoing(request('REGISTER'))).toContain('\r\nProxy-Authorization: NTLM qop="auth"');
  });

  test('a refused password is not tried again, whatever the server offers next', () => {
    const by = authentication();
    by.respond(unauthorized([ntlm]), uri);
    by.guard.outgoing(request('REGISTER'));
    by.respond(unauthorized([challenge]), uri);
    by.guard.outgoing(request('REGISTER'));
    by.guard.outgoing('SIP/2.0 405 Method Not Allowed\r\nCSeq: 1 OPTIONS\r\n\r\n');
    const decision = by.respond(unauthorized([ntlm], 401, 'Date: Thu, 01 Jan 1970 00:20:00 GMT'), uri);

    expect(decision).toMatchObject({
      kind: 'refused',
      diagnosis: {
        code: 'AUTH_CREDENTIALS_REJECTED',
        error:
          "server answered 401 Unauthorized to REGISTER with the credentials of CONTOSO\\kenmyer (its clock is 20 minutes ahead of the prober's)",
      },
    });
    expect(by.respond(unauthorized([ntlm]), uri).kind).toBe('refused');
    expect(JSON.stringify(decision)).not.toContain(password);
  });

  test('a challenge to a later message is not taken for a refused password', () => {
    const by = authentication();
    by.respond(unauthorized([ntlm]), uri);
    by.guard.outgoing(request('REGISTER'));
    by.respond(unauthorized([challenge]), uri);
    by.guard.outgoing(request('REGISTER'));
    // The answer got lost; the sign-out meets a server that knows nothing.
    by.guard.outgoing(request('REGISTER'));

    expect(by.respond(unauthorized([ntlm]), uri)).toMatchObject({
      kind: 'refused',
      diagnosis: {
        code: 'AUTH_CHALLENGE_LOOP',
        error: 'server answered 401 Unauthorized to a signed REGISTER: it does not know the sign-in any more',
      },
    });
  });

  test('a server that asks for the opening again and again is left', () => {
    const by = authentication();
    by.respond(unauthorized([ntlm]), uri);
    by.guard.outgoing(request('REGISTER'));

    expect(by.respond(unauthorized([ntlm]), uri)).toMatchObject({
      kind: 'refused',
      diagnosis: {
        code: 'AUTH_NTLM_MALFORMED',
        error:
          'server answered 401 Unauthorized with an NTLM challenge that cannot be answered: it came without gssapi-data',
      },
    });
  });
});

describe('the schemes that a server offers', () => {
  const codeOf = (offers: readonly string[]) => {
    const choice = chooseScheme(unauthorized(offers));
    return choice.kind === 'refused' ? `${choice.diagnosis.code}: ${choice.diagnosis.error}` : choice.kind;
  };

  test.each([
    [['Digest realm="x", nonce="y"', ntlm], 'ntlm'],
    [['TLS-DSK realm="x"', 'Digest realm="x", nonce="y"'], 'digest'],
    [
      ['Kerberos realm="x"'],
      'AUTH_KERBEROS_ONLY: server answered 401 Unauthorized and offers Kerberos; spoken here are NTLM and Digest',
    ],
    [
      ['Kerberos realm="x"', 'TLS-DSK realm="x"'],
      'AUTH_CERTIFICATE_ONLY: server answered 401 Unauthorized and offers Kerberos, TLS-DSK; spoken here are NTLM and Digest',
    ],
    [
      ['Bearer'],
      'AUTH_SCHEME_UNSUPPORTED: server answered 401 Unauthorized and offers Bearer; spoken here are NTLM and Digest',
    ],
    [[], 'AUTH_CHALLENGE_MALFORMED: server answered 401 Unauthorized with no WWW-Authenticate header field'],
    [
      ['NTLM realm="x"'],
      'AUTH_CHALLENGE_MALFORMED: server answered 401 Unauthorized and offers NTLM without targetname',
    ],
    [
      ['NTLM realm="x", targetname="y", version=7'],
      'AUTH_ALGORITHM_UNSUPPORTED: server answered 401 Unauthorized and offers NTLM with signatures of version 7; spoken here are 2, 3 and 4',
    ],
  ])('%j come to %s', (offers, expected) => {
    expect(codeOf(offers)).toBe(expected);
  });
});

describe('the token of a challenge', () => {
  const flawOf = (offer: string): string => {
    const reading = readToken(unauthorized([offer]));
    return reading.kind === 'refused' ? `${reading.diagnosis.code} ${reading.diagnosis.error.split(': ')[1]}` : 'read';
  };

  test.each([
    [challenge, 'read'],
    ['Digest realm="x"', 'AUTH_NTLM_MALFORMED it came without an NTLM challenge'],
    ['NTLM opaque="x"', 'AUTH_NTLM_MALFORMED it came without gssapi-data'],
    [`NTLM gssapi-data="${token}"`, 'AUTH_NTLM_MALFORMED it came without opaque'],
    ['NTLM opaque="x", gssapi-data="*"', 'AUTH_NTLM_MALFORMED it is not base64'],
    [`NTLM opaque="x", gssapi-data="${'A'.repeat(20_000)}"`, 'AUTH_NTLM_OVERSIZED it has 20000 characters of base64'],
    [`NTLM opaque="x", gssapi-data="${token.slice(0, 40)}"`, 'AUTH_NTLM_TRUNCATED it ends after 30 of 48 bytes'],
  ])('%#: %s', (offer, expected) => {
    expect(flawOf(offer)).toBe(expected);
  });
});
