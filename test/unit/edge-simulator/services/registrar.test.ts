import { describe, expect, test } from 'vitest';
import { usualPolicy } from '../../../edge-simulator/services/authentication.js';
import {
  dropFlow,
  newRegistrar,
  type Registered,
  type RegistrarState,
  register,
} from '../../../edge-simulator/services/registrar.js';
import { authorization, exchangeOf, fieldsOf, type RegisterParts, registerHead } from '../requests.js';

const passwords = new Map([
  ['pilar', 'secret'],
  ['kenmyer', 'other'],
]);
const realm = { name: 'contoso.test', opaque: 'op', passwords, nonceAgeMs: 300_000 };
const contact = 'Contact: <sip:pilar@192.0.2.4:5061;transport=tls>';
const listed = '<sip:pilar@192.0.2.4:5061;transport=tls>;expires=';

/** Sends a REGISTER of pilar with the right password: the challenge first, then the answer to it. */
function signedIn(state: RegistrarState, parts: RegisterParts, at: { nowMs?: number; flow?: number } = {}): Registered {
  const asked = register(state, exchangeOf(registerHead(parts), { ...at, token: 'nonce' }), realm, usualPolicy);
  const uri = parts.uri ?? 'sip:contoso.test';
  const lines = [...(parts.lines ?? []), authorization({ nonce: 'nonce', password: 'secret', uri })];
  return register(asked.state, exchangeOf(registerHead({ ...parts, lines }), at), realm, usualPolicy);
}

const empty = newRegistrar(realm);

describe('register', () => {
  test('answers 200 with the binding and its seconds, and copies what a response must copy', () => {
    const { answer, state } = signedIn(empty, { lines: [contact, 'Expires: 90'] });

    expect(answer).toMatchObject({ status: 200, reasonPhrase: 'OK' });
    expect(fieldsOf(answer, 'Contact')).toEqual([`${listed}90`]);
    expect(fieldsOf(answer, 'Via')).toEqual(['SIP/2.0/TLS 192.0.2.4:5061;branch=z9hG4bK-1;received=127.0.0.1']);
    expect(fieldsOf(answer, 'To')).toEqual(['<sip:pilar@contoso.test>;tag=token-1-to']);
    expect(fieldsOf(answer, 'CSeq')).toEqual(['1 REGISTER']);
    expect(state.bindings).toHaveLength(1);
    expect(state.signIns.get('pilar')).toEqual({ accepted: 1, refused: 0 });
  });

  test.each([
    ['600 seconds where the client names none', [contact], '600'],
    ['the expires parameter before the Expires header field', [`${contact};expires=60`, 'Expires: 90'], '60'],
    ['the longest it grants where the client wants more', [contact, 'Expires: 999999'], '3600'],
    ['the default where expires cannot be read', [`${contact};expires=soon`, 'Expires: 90'], '600'],
  ])('grants %s', (_, lines, seconds) => {
    const { answer } = signedIn(empty, { lines });

    expect(fieldsOf(answer, 'Contact')).toEqual([`${listed}${seconds}`]);
  });

  test('refuses 29 seconds with 423 and Min-Expires, and grants 30', () => {
    const brief = signedIn(empty, { lines: [contact, 'Expires: 29'] });
    const enough = signedIn(empty, { lines: [contact, 'Expires: 30'] });

    expect(brief.answer).toMatchObject({ status: 423, reasonPhrase: 'Interval Too Brief' });
    expect(fieldsOf(brief.answer, 'Min-Expires')).toEqual(['30']);
    expect(brief.state.bindings).toEqual([]);
    expect(enough.answer.status).toBe(200);
  });

  test('lists the bindings of the user alone when asked without Contact', () => {
    const one = signedIn(empty, { lines: [contact, 'Expires: 90'] });

    const own = signedIn(one.state, { cseq: 2 }, { nowMs: 1_000_000 + 30_500 });

    expect(fieldsOf(own.answer, 'Contact')).toEqual([`${listed}60`]);
    expect(own.state.bindings).toEqual(one.state.bindings);
  });

  test('keeps Contact parameters and lists them again', () => {
    const lines = [`${contact};+sip.instance="<urn:uuid:1,2;3>";reg-id=1;expires=60`];

    const { answer } = signedIn(empty, { lines });

    expect(fieldsOf(answer, 'Contact')).toEqual([
      `${listed.replace(';expires=', ';+sip.instance="<urn:uuid:1,2;3>";reg-id=1;expires=')}60`,
    ]);
  });

  test.each([
    ['Expires: 0', [contact, 'Expires: 0']],
    ['an expires parameter of 0', [`${contact};expires=0`]],
    ['Contact: *', ['Contact: *', 'Expires: 0']],
    ['a host in other letters', ['Contact: <SIP:pilar@192.0.2.4:5061;transport=tls>', 'Expires: 0']],
  ])('removes the binding with %s', (_, lines) => {
    const one = signedIn(empty, { lines: [contact, 'Expires: 90'] });

    const removed = signedIn(one.state, { cseq: 2, lines });

    expect(removed.answer.status).toBe(200);
    expect(fieldsOf(removed.answer, 'Contact')).toEqual([]);
    expect(removed.state.bindings).toEqual([]);
  });

  test('renews a binding in place of a second one', () => {
    const one = signedIn(empty, { lines: [contact, 'Expires: 90'] });

    const renewed = signedIn(one.state, { cseq: 2, lines: [contact, 'Expires: 120'] });

    expect(fieldsOf(renewed.answer, 'Contact')).toEqual([`${listed}120`]);
  });

  test('fails a change that is older than the binding (RFC 3261 section 10.3 step 7)', () => {
    const one = signedIn(empty, { cseq: 5, lines: [contact, 'Expires: 90'] });

    const older = signedIn(one.state, { cseq: 4, lines: [contact, 'Expires: 0'] });
    const olderAll = signedIn(one.state, { cseq: 4, lines: ['Contact: *', 'Expires: 0'] });
    const otherCall = signedIn(one.state, { callId: 'call-2', cseq: 1, lines: [contact, 'Expires: 0'] });

    expect(older.answer).toMatchObject({ status: 500, reasonPhrase: 'CSeq is out of order' });
    expect(olderAll.answer.status).toBe(500);
    expect(older.state.bindings).toHaveLength(1);
    expect(otherCall.state.bindings).toEqual([]);
  });

  test('forgets a binding when its time is over, and when its connection is closed', () => {
    const one = signedIn(empty, { lines: [contact, 'Expires: 90'] }, { flow: 7 });

    const late = signedIn(one.state, { cseq: 2 }, { nowMs: 1_000_000 + 90_000 });

    expect(late.state.bindings).toEqual([]);
    expect(dropFlow(one.state, 6).bindings).toHaveLength(1);
    expect(dropFlow(one.state, 7).bindings).toEqual([]);
  });

  test.each([
    [400, 'Contact: * goes only alone and with Expires: 0', { lines: ['Contact: *', 'Expires: 60'] }],
    [400, 'Contact: * goes only alone and with Expires: 0', { lines: ['Contact: *', contact, 'Expires: 0'] }],
    [400, 'Contact cannot be read', { lines: ['Contact: nonsense'] }],
    [400, 'Contact cannot be read', { lines: ['Contact: <tel:+15555550100>'] }],
    [400, 'more than 10 Contact values', { lines: [`Contact: ${'<sip:a@b>,'.repeat(10)}<sip:c@d>`] }],
    [400, 'To or From cannot be read', { from: 'tel:+15555550100' }],
    [403, 'From is not To', { from: 'sip:kenmyer@contoso.test' }],
    [403, 'To is another user', { user: 'kenmyer' }],
    [404, 'Request-URI is not of this domain', { uri: 'sip:fabrikam.test' }],
  ])('answers %i: %s', (status, reasonPhrase, parts) => {
    const { answer, state } = signedIn(empty, parts);

    expect(answer).toMatchObject({ status, reasonPhrase });
    expect(state.bindings).toEqual([]);
  });

  test('challenges before it says anything about the user, and counts only refusals of users it knows', () => {
    const lines = [authorization({ nonce: 'n', user: 'nobody', password: 'guess' })];
    const unknown = register(empty, exchangeOf(registerHead({ user: 'nobody', lines })), realm, usualPolicy);
    const wrongLines = [authorization({ nonce: 'n', password: 'guess' })];
    const wrong = register(empty, exchangeOf(registerHead({ lines: wrongLines })), realm, usualPolicy);

    expect(unknown.answer.status).toBe(401);
    expect([...unknown.state.signIns.keys()]).toEqual(['pilar', 'kenmyer']);
    expect(wrong.state.signIns.get('pilar')).toEqual({ accepted: 0, refused: 1 });
  });

  test('without a challenge it binds known users and answers 404 to others', () => {
    const policy = { ...usualPolicy, challenge: 'nobody' } as const;

    const known = register(empty, exchangeOf(registerHead({ lines: [contact] })), realm, policy);
    const unknown = register(empty, exchangeOf(registerHead({ user: 'nobody', lines: [contact] })), realm, policy);

    expect(known.answer.status).toBe(200);
    expect(unknown.answer).toMatchObject({ status: 404, reasonPhrase: 'Not Found' });
  });

  test('keeps no more than twenty bindings of a user', () => {
    const policy = { ...usualPolicy, challenge: 'nobody' } as const;
    const many = (first: number): RegisterParts => ({
      lines: [`Contact: ${Array.from({ length: 10 }, (_, index) => `<sip:pilar@h${first + index}>`).join(', ')}`],
    });
    const filled = [0, 10].reduce(
      (state, first) => register(state, exchangeOf(registerHead(many(first))), realm, policy).state,
      empty,
    );

    const one = register(filled, exchangeOf(registerHead({ lines: [contact] })), realm, policy);

    expect(one.answer).toMatchObject({ status: 403, reasonPhrase: 'more than 20 bindings' });
    expect(one.state.bindings).toHaveLength(20);
  });
});
