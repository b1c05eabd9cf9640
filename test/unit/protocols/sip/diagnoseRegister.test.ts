import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../shared/domain/diagnosis.js';
import type { SipAnswer } from '../../../../shared/protocols/sip/answer.js';
import { requireRegistered, requireUnregistered } from '../../../../shared/protocols/sip/diagnoseRegister.js';
import { response } from '../../../fakes/fakePorts.js';

const peer = 'sip.contoso.example at 192.0.2.10:5061';
const own = 'Contact: <sip:probe-abc@192.0.2.1:40000;transport=tls>;expires=90';
const foreign = 'Contact: <sip:phone@198.51.100.7>;expires=3600';

function registration(answer: SipAnswer) {
  return { answer, peer, contactMark: 'sip:probe-abc@' };
}

function diagnosisOf(check: () => void) {
  try {
    check();
  } catch (error) {
    if (error instanceof ProbeError) return error.diagnosis;
    throw error;
  }
  return undefined;
}

describe('a REGISTER', () => {
  test.each([
    ['alone', [own]],
    ['among others', [foreign, own]],
    ['among others in one header field', [`${foreign}, <sip:probe-abc@192.0.2.1:40000>;expires=90`]],
  ])('is taken when the 200 lists the binding %s (RFC 3261 section 10.3)', (_, contacts) => {
    expect(diagnosisOf(() => requireRegistered(registration(response(200, 'OK', ...contacts))))).toBeUndefined();
  });

  test.each([
    [[], 0],
    [[foreign, 'Contact: <sip:probe-abcd@192.0.2.1>'], 2],
  ])('is not taken when the 200 lists other bindings only: %j', (contacts, count) => {
    const found = diagnosisOf(() => requireRegistered(registration(response(200, 'OK', ...contacts))));

    expect(found).toMatchObject({
      code: 'SIP_BINDING_MISSING',
      error: `${peer} answered 200 to REGISTER, but none of the ${count} Contact header fields is the binding asked for`,
    });
  });

  test('that was answered otherwise is diagnosed by its answer', () => {
    expect(diagnosisOf(() => requireRegistered(registration(response(404, 'Not Found'))))).toMatchObject({
      code: 'SIP_USER_NOT_FOUND',
      error: 'server answered 404 Not Found to REGISTER, expected 200',
    });
  });
});

describe('a removal', () => {
  test.each([[[]], [[foreign]]])('is done when the binding is listed no more: %j', (contacts) => {
    expect(diagnosisOf(() => requireUnregistered(registration(response(200, 'OK', ...contacts))))).toBeUndefined();
  });

  test('is not done when the binding is still listed (RFC 3261 section 10.2.2)', () => {
    expect(diagnosisOf(() => requireUnregistered(registration(response(200, 'OK', own))))).toMatchObject({
      code: 'SIP_BINDING_REMAINS',
      error: `${peer} answered 200 to REGISTER with Expires: 0, but still lists the binding`,
    });
  });

  test('that was not answered is diagnosed as such', () => {
    const silence: SipAnswer = { kind: 'timeout', limitMs: 5_000, pendingBytes: 0 };

    expect(diagnosisOf(() => requireUnregistered(registration(silence)))?.error).toBe(
      `no final answer from ${peer} to REGISTER with Expires: 0 within 5000 ms`,
    );
  });
});
