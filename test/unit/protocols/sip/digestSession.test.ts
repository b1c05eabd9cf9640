import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../shared/domain/secret.js';
import type { SipResponse } from '../../../../shared/protocols/sip/answer.js';
import { readParameters } from '../../../../shared/protocols/sip/challenge.js';
import { type DigestDecision, DigestSession } from '../../../../shared/protocols/sip/digestSession.js';
import { readMessage } from '../../../../shared/protocols/sip/rawMessage.js';
import { sampleAccount } from '../../../fakes/world.js';

const uri = 'sip:contoso.example';

function open(): DigestSession {
  let made = 0;
  return new DigestSession(sampleAccount({ password: new Secret('canary-password') }), () => `cnonce${++made}`);
}

function response(status: number, reasonPhrase: string, ...headers: string[]): SipResponse {
  const message = readMessage(`${[`SIP/2.0 ${status} ${reasonPhrase}`, ...headers].join('\r\n')}\r\n\r\n`);
  return { kind: 'response', status, reasonPhrase, message };
}

function unauthorized(...challenges: string[]): SipResponse {
  return response(401, 'Unauthorized', ...challenges.map((challenge) => `WWW-Authenticate: ${challenge}`));
}

function proxyDemands(...challenges: string[]): SipResponse {
  return response(407, 'Proxy Authentication Required', ...challenges.map((value) => `Proxy-Authenticate: ${value}`));
}

function answerOf(decision: DigestDecision): Record<string, string>[] {
  if (decision.kind !== 'answer') throw new Error(`refused: ${decision.diagnosis.error}`);
  return decision.headers.map((header) => {
    const [field = '', ...rest] = header.split(': ');
    return { field, ...readParameters(rest.join(': ')) };
  });
}

function refusalOf(decision: DigestDecision) {
  if (decision.kind !== 'refused') throw new Error(`answered: ${decision.headers.join()}`);
  return decision.diagnosis;
}

describe('a challenge', () => {
  test('is answered once, with the account and the first use of the nonce', () => {
    const session = open();

    const decision = session.respond(unauthorized('Digest realm="r", nonce="n1", qop="auth"'), 'REGISTER', uri);

    expect(answerOf(decision)).toMatchObject([
      { field: 'Authorization', username: 'pilar', realm: 'r', nonce: 'n1', uri, nc: '00000001', cnonce: 'cnonce1' },
    ]);
    expect(session.challenged).toBe(true);
  });

  test('that comes again means that the password is refused: it is not tried a second time', () => {
    const session = open();
    session.respond(unauthorized('Digest realm="r", nonce="n1"'), 'REGISTER', uri);

    const found = refusalOf(
      session.respond(
        response(
          401,
          'Unauthorized',
          'WWW-Authenticate: Digest realm="r", nonce="n2"',
          'Warning: 399 r "bad password"',
        ),
        'REGISTER',
        uri,
      ),
    );

    expect(found).toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
      fault: 'target',
      error: 'server answered 401 Unauthorized to REGISTER with the credentials of pilar',
      serverDiagnosis: '399 r "bad password"',
    });
    expect(JSON.stringify(found)).not.toContain('canary-password');
  });

  test('that is stale is answered with the new nonce (RFC 7616 section 3.3)', () => {
    const session = open();
    session.respond(unauthorized('Digest realm="r", nonce="n1", qop="auth"'), 'REGISTER', uri);

    const decision = session.respond(
      unauthorized('Digest realm="r", nonce="n2", qop="auth", stale=TRUE'),
      'REGISTER',
      uri,
    );

    expect(answerOf(decision)).toMatchObject([{ nonce: 'n2', nc: '00000001', cnonce: 'cnonce2' }]);
  });

  test('that is stale a third time in a row is a loop', () => {
    const session = open();
    const stale = (nonce: string) => unauthorized(`Digest realm="r", nonce="${nonce}", stale=true`);
    session.respond(unauthorized('Digest realm="r", nonce="n1"'), 'REGISTER', uri);
    session.respond(stale('n2'), 'REGISTER', uri);
    session.respond(stale('n3'), 'REGISTER', uri);

    expect(refusalOf(session.respond(stale('n4'), 'REGISTER', uri))).toMatchObject({
      code: 'AUTH_CHALLENGE_LOOP',
      error: 'server answered 401 Unauthorized again: it called its own nonce stale 3 times in a row',
    });
  });

  test('that is stale once for each of many requests is no loop: nonces may be good for one request only', () => {
    const session = open();
    session.respond(unauthorized('Digest realm="r", nonce="n0"'), 'REGISTER', uri);

    const decisions = Array.from({ length: 6 }, (_, index) => {
      session.credentials('MESSAGE', uri);
      return session.respond(unauthorized(`Digest realm="r", nonce="n${index + 1}", stale=true`), 'MESSAGE', uri).kind;
    });

    expect(decisions).toEqual(Array(6).fill('answer'));
  });

  test('of the proxy and one of the registrar are both answered, each in its own field', () => {
    const session = open();
    session.respond(proxyDemands('Digest realm="edge", nonce="p"'), 'REGISTER', uri);

    const decision = session.respond(unauthorized('Digest realm="pool", nonce="r"'), 'REGISTER', uri);

    expect(answerOf(decision)).toMatchObject([
      { field: 'Proxy-Authorization', realm: 'edge', nonce: 'p' },
      { field: 'Authorization', realm: 'pool', nonce: 'r' },
    ]);
  });

  test('of one realm, once by the registrar and once by a proxy, is not a refused password', () => {
    const session = open();
    session.respond(unauthorized('Digest realm="same", nonce="r"'), 'REGISTER', uri);

    expect(session.respond(proxyDemands('Digest realm="same", nonce="p"'), 'REGISTER', uri).kind).toBe('answer');
  });

  test('for ever more realms is a loop', () => {
    const session = open();
    const decisions = ['a', 'b', 'c', 'd', 'e'].map((realm) =>
      session.respond(unauthorized(`Digest realm="${realm}", nonce="n"`), 'REGISTER', uri),
    );

    expect(decisions.map(({ kind }) => kind)).toEqual(['answer', 'answer', 'answer', 'answer', 'refused']);
    expect(decisions[4]).toMatchObject({
      diagnosis: {
        code: 'AUTH_CHALLENGE_LOOP',
        error: 'server answered 401 Unauthorized again: it asked for more than 4 realms',
      },
    });
  });

  test.each([
    ['MD5', 'SHA-256'],
    ['SHA-256', 'MD5'],
  ])('in two algorithms is answered in the one the server prefers: %s before %s (RFC 8760)', (first, second) => {
    const challenges = [first, second].map((name) => `Digest realm="r", nonce="n", algorithm=${name}, qop="auth"`);

    const decision = open().respond(unauthorized(...challenges), 'REGISTER', uri);

    expect(answerOf(decision)).toMatchObject([{ algorithm: first }]);
  });

  test('among schemes that are not spoken here is found', () => {
    const decision = open().respond(
      unauthorized('NTLM realm="r"', 'Digest realm="r", nonce="x", algorithm=SHA-1', 'Digest realm="r", nonce="n"'),
      'REGISTER',
      uri,
    );

    expect(answerOf(decision)).toMatchObject([{ nonce: 'n' }]);
  });
});

describe('a challenge that cannot be answered', () => {
  test.each([
    [
      ['NTLM realm="r"', 'Kerberos realm="r"', 'TLS-DSK realm="r"'],
      'AUTH_SCHEME_UNSUPPORTED',
      'server answered 401 Unauthorized and offers NTLM, Kerberos, TLS-DSK; spoken here is Digest',
    ],
    [
      ['NTLM realm="r"', 'Digest realm="r", nonce="n", algorithm=SHA-1'],
      'AUTH_ALGORITHM_UNSUPPORTED',
      'server answered 401 Unauthorized and asks for algorithm SHA-1; spoken here are MD5, SHA-256 and SHA-512-256 with qop auth',
    ],
    [
      ['Digest realm="r", nonce="n", qop="auth-int"'],
      'AUTH_ALGORITHM_UNSUPPORTED',
      'server answered 401 Unauthorized and asks for qop auth-int; spoken here are MD5, SHA-256 and SHA-512-256 with qop auth',
    ],
    [
      ['Digest realm="r"'],
      'AUTH_CHALLENGE_MALFORMED',
      'server answered 401 Unauthorized with Digest challenge without nonce',
    ],
    [[], 'AUTH_CHALLENGE_MALFORMED', 'server answered 401 Unauthorized with no WWW-Authenticate header field'],
  ])('%j has its own code', (challenges, code, error) => {
    const session = open();

    expect(refusalOf(session.respond(unauthorized(...challenges), 'REGISTER', uri))).toMatchObject({ code, error });
    expect(session.challenged).toBe(false);
  });

  test('in a 407 names the field of the proxy, and that of the registrar does not count', () => {
    const wrongField = response(407, 'Proxy', 'WWW-Authenticate: Digest realm="r", nonce="n"');

    expect(refusalOf(open().respond(wrongField, 'REGISTER', uri)).error).toBe(
      'server answered 407 Proxy with no Proxy-Authenticate header field',
    );
  });
});

describe('a later request', () => {
  test('is signed before it is asked for, with the next use of the nonce', () => {
    const session = open();
    session.respond(unauthorized('Digest realm="r", nonce="n", qop="auth"'), 'REGISTER', uri);

    const [header = ''] = session.credentials('REGISTER', uri);

    expect(header).toContain('nc=00000002');
    expect(header).toContain('cnonce="cnonce2"');
  });

  test('before any challenge carries nothing', () => {
    expect(open().credentials('REGISTER', uri)).toEqual([]);
  });
});

describe('the proof of the server', () => {
  const accepted = (value: string) => response(200, 'OK', `Authentication-Info: ${value}`);

  function signedIn(): DigestSession {
    const session = open();
    session.respond(unauthorized('Digest realm="r", nonce="n", qop="auth"'), 'REGISTER', uri);
    return session;
  }

  test('is not missed where there is none', () => {
    expect(signedIn().checkServer(response(200, 'OK'))).toBeUndefined();
    expect(signedIn().checkServer(accepted('nextnonce="x"'))).toBeUndefined();
  });

  test('that is wrong is a diagnosis', () => {
    const value = `rspauth="${'0'.repeat(32)}", cnonce="cnonce1", nc=00000001, qop=auth`;

    expect(signedIn().checkServer(accepted(value))).toMatchObject({
      code: 'AUTH_SERVER_PROOF_WRONG',
      error: 'the rspauth in Authentication-Info does not match the password of the account',
    });
  });
});
