import { describe, expect, test } from 'vitest';
import { diagnosis } from '../../../../../shared/domain/diagnosis.js';
import type { Scope } from '../../../../../shared/domain/scope.js';
import { Distrust } from '../../../../../shared/protocols/lync/session/distrust.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const wrong = diagnosis('AUTH_SIGNATURE_WRONG', { error: 'the signature of the request MESSAGE is not right' });
const until = (scope: Scope) =>
  new Promise<'nothing'>((resolve) => {
    if (scope.signal.aborted) resolve('nothing');
    scope.signal.addEventListener('abort', () => resolve('nothing'));
  });
const came = () => Promise.resolve('item' as const);
const isNothing = (value: string) => value === 'nothing';

describe('what must not be believed', () => {
  test('ends a wait that is going on', async () => {
    const distrust = new Distrust(() => []);
    const waiting = diagnosisOf(distrust.watch(new FakeScope(), until, isNothing));
    distrust.note(wrong);

    expect(await waiting).toEqual(wrong);
  });

  test('is told by the next wait when nobody waited, the first of several, and once', async () => {
    const distrust = new Distrust(() => []);
    distrust.note(wrong);
    distrust.note(diagnosis('AUTH_SIGNED_OUT', { error: 'later' }));

    expect(await diagnosisOf(distrust.watch(new FakeScope(), until, isNothing))).toEqual(wrong);
    expect(await distrust.watch(new FakeScope(), came, isNothing)).toBe('item');
  });

  test('a request without a signature is a warning where the awaited came, and the diagnosis where nothing did', async () => {
    const unsigned: string[] = ['MESSAGE sip:pilar@contoso.com SIP/2.0'];
    const distrust = new Distrust(() => unsigned);
    const scope = new FakeScope();
    await distrust.watch(scope, came, isNothing);
    unsigned.push('BENOTIFY sip:pilar@contoso.com SIP/2.0');
    const over = new FakeScope();
    over.expire();

    const found = await diagnosisOf(distrust.watch(over, until, isNothing));

    const said = (method: string) =>
      `the request ${method} came without a signature although the sign-in agreed on signatures, and was not taken`;
    expect(scope.warnings).toEqual([{ code: 'AUTH_MESSAGE_UNSIGNED', message: said('MESSAGE') }]);
    expect(found).toMatchObject({ code: 'AUTH_MESSAGE_UNSIGNED', error: said('BENOTIFY') });
    expect(await distrust.watch(over, until, isNothing)).toBe('nothing');
  });
});
