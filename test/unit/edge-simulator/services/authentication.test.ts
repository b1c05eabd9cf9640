import { describe, expect, test } from 'vitest';
import {
  type AuthenticationPolicy,
  authenticate,
  type Nonces,
  type Realm,
  usualPolicy,
  type Verdict,
} from '../../../edge-simulator/services/authentication.js';
import { type Answering, authorization, exchangeOf, fieldsOf, registerHead } from '../requests.js';

const realm: Realm = {
  name: 'contoso.test',
  opaque: 'op',
  passwords: new Map([['pilar', 'secret']]),
  nonceAgeMs: 300_000,
};
const none: Nonces = new Map();
const pilar = { nonce: 'nonce-1', password: 'secret' };

function ask(nonces: Nonces, answering?: Answering, policy: Partial<AuthenticationPolicy> = {}, nowMs = 1000): Verdict {
  const lines = answering === undefined ? [] : [authorization(answering)];
  const exchange = exchangeOf(registerHead({ lines }), { nowMs, token: nonces.size === 0 ? 'nonce-1' : 'nonce-2' });
  return authenticate(nonces, exchange, realm, { ...usualPolicy, ...policy });
}

function challenges(verdict: Verdict): readonly string[] {
  return verdict.kind === 'answered' ? fieldsOf(verdict.answer, 'WWW-Authenticate') : [];
}

describe('authenticate', () => {
  test('challenges a request without credentials, SHA-256 before MD5, with qop and opaque', () => {
    const verdict = ask(none);

    expect(verdict).toMatchObject({ kind: 'answered', answer: { status: 401, reasonPhrase: 'Unauthorized' } });
    expect(challenges(verdict)).toEqual([
      'Digest realm="contoso.test", nonce="nonce-1", opaque="op", qop="auth", algorithm=SHA-256',
      'Digest realm="contoso.test", nonce="nonce-1", opaque="op", qop="auth", algorithm=MD5',
    ]);
  });

  test.each(['MD5', 'SHA-256'] as const)('accepts the right response with %s and proves itself', (algorithm) => {
    const { nonces } = ask(none);

    const verdict = ask(nonces, { ...pilar, algorithm });

    expect(verdict).toMatchObject({ kind: 'accepted', userName: 'pilar' });
    expect(verdict.kind === 'accepted' && verdict.fields[0]).toMatchObject({ name: 'Authentication-Info' });
  });

  test('a wrong password and an unknown user get the same answer: a new challenge that is not stale', () => {
    const { nonces } = ask(none);

    const wrong = ask(nonces, { ...pilar, password: 'wrong' });
    const unknown = ask(nonces, { ...pilar, user: 'nobody' });

    expect(challenges(wrong)).toEqual(challenges(unknown));
    expect(challenges(wrong)[0]).toMatch(/nonce="nonce-2".*algorithm=SHA-256$/);
    expect(wrong).toMatchObject({ refused: 'pilar' });
    expect(unknown).toMatchObject({ refused: 'nobody' });
  });

  test('a nonce is stale from its age limit on, and its successor is accepted', () => {
    const { nonces } = ask(none);

    const young = ask(nonces, pilar, {}, 1000 + 299_999);
    const old = ask(nonces, pilar, {}, 1000 + 300_000);
    const again = ask(old.nonces, { ...pilar, nonce: 'nonce-2' }, {}, 1000 + 300_001);

    expect(young.kind).toBe('accepted');
    expect(challenges(old)[0]).toMatch(/, stale=true$/);
    expect(again.kind).toBe('accepted');
  });

  test('a nonce that was never issued is stale for who knows the password, and wrong for who does not', () => {
    const right = ask(none, { ...pilar, nonce: 'made-up' });
    const wrong = ask(none, { ...pilar, nonce: 'made-up', password: 'wrong' });

    expect(challenges(right)[0]).toContain('stale=true');
    expect(challenges(wrong)[0]).not.toContain('stale');
  });

  test('a nonce count that was used is refused, a higher one accepted (RFC 7616 section 3.4)', () => {
    const first = ask(ask(none).nonces, pilar);

    const replay = ask(first.nonces, pilar);
    const next = ask(first.nonces, { ...pilar, nc: '00000002' });

    expect(replay).toMatchObject({ kind: 'answered', answer: { status: 401 }, refused: 'pilar' });
    expect(next.kind).toBe('accepted');
  });

  test.each([
    ['uri of Authorization is not the Request-URI', { uri: 'sip:elsewhere.test' }],
    ['opaque was not returned', { opaque: 'other' }],
    ['nc is not eight hexadecimal digits', { nc: '1' }],
  ])('answers 400 when %s', (reasonPhrase, wrong) => {
    const verdict = ask(ask(none).nonces, { ...pilar, ...wrong });

    expect(verdict).toMatchObject({ kind: 'answered', answer: { status: 400, reasonPhrase } });
  });

  test('with stale nonces the first is stale once, or every one is', () => {
    const first = ask(none, undefined, { stale: 'first' });
    const once = ask(first.nonces, pilar, { stale: 'first' });
    const second = ask(once.nonces, { ...pilar, nonce: 'nonce-2' }, { stale: 'first' });
    const always = ask(once.nonces, { ...pilar, nonce: 'nonce-2' }, { stale: 'always' });

    expect(challenges(once)[0]).toContain('stale=true');
    expect(second.kind).toBe('accepted');
    expect(challenges(always)[0]).toContain('stale=true');
  });

  test('as a proxy it asks with 407 and reads Proxy-Authorization', () => {
    const first = ask(none, undefined, { challenge: 407 });
    const lines = [`Proxy-${authorization(pilar)}`];
    const answered = exchangeOf(registerHead({ lines }), { nowMs: 1000 });
    const second = authenticate(first.nonces, answered, realm, { ...usualPolicy, challenge: 407 });

    expect(first).toMatchObject({ answer: { status: 407, reasonPhrase: 'Proxy Authentication Required' } });
    expect(second).toMatchObject({ kind: 'accepted', userName: 'pilar' });
  });

  test('remembers no more than a thousand nonces', () => {
    let nonces = none;

    for (let index = 0; index < 1200; index += 1) {
      nonces = authenticate(nonces, exchangeOf(registerHead(), { token: `t${index}` }), realm, usualPolicy).nonces;
    }

    expect(nonces.size).toBe(1000);
    expect(nonces.has('t1199')).toBe(true);
  });
});
