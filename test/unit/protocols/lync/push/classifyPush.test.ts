import { describe, expect, test } from 'vitest';
import { classifyPush } from '../../../../../shared/protocols/lync/push/classifyPush.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { response } from '../../../../fakes/fakePorts.js';

const peer = 'sip.contoso.example at 192.0.2.10:443';

function read(status: number, reasonPhrase: string, diagnostics?: string) {
  const headers = diagnostics === undefined ? [] : [`ms-diagnostics: ${diagnostics}`];
  return classify(response(status, reasonPhrase, ...headers));
}

function classify(answer: SipAnswer) {
  const reading = classifyPush('MESSAGE', peer, answer);
  return reading.kind === 'reached' ? `reached: ${reading.by}` : reading.diagnosis;
}

describe('the clearing house was reached when', () => {
  test.each([
    [200, undefined, 'an answer of success'],
    [202, undefined, 'an answer of success'],
    [405, undefined, '405'],
    [415, undefined, '415'],
    [481, undefined, '481'],
    [501, undefined, '501'],
    [603, undefined, '603'],
    [480, '1034;reason="Previous hop told nothing";source="sip.contoso.example"', '480 with ms-diagnostics 1034'],
    [488, '1035;reason="Provider told nothing";source="sip.contoso.example"', '488 with ms-diagnostics 1035'],
  ])('it is answered %i with ms-diagnostics %s', (status, diagnostics, by) => {
    expect(read(status, 'Answer', diagnostics)).toBe(`reached: ${by}`);
  });
});

describe('the route ends', () => {
  test.each([
    [504, '1005;source="sip.contoso.example"', 'PUSH_DOMAIN_NOT_ALLOWED', 'target'],
    [403, '1028', 'PUSH_DOMAIN_NOT_ALLOWED', 'target'],
    [504, '1009', 'PUSH_DOMAIN_NOT_ALLOWED', 'target'],
    [504, '1008', 'PUSH_DNS_UNRESOLVED', 'target'],
    [504, '1014', 'PUSH_DNS_UNRESOLVED', 'target'],
    [504, '1010', 'PUSH_TLS_FAILED', 'target'],
    [504, '1047', 'PUSH_TLS_FAILED', 'target'],
    [504, '1038', 'PUSH_CONNECTION_FAILED', 'target'],
    [504, '1046', 'PUSH_CONNECTION_FAILED', 'target'],
    [403, '1002', 'PUSH_USER_NOT_ALLOWED', 'prober'],
    [403, '1012', 'PUSH_USER_NOT_ALLOWED', 'prober'],
    [403, '1027', 'PUSH_REQUEST_UNSUITABLE', 'prober'],
    [606, '16003', 'PUSH_URL_FILTER_REJECTED', 'target'],
    [403, '16999', 'PUSH_URL_FILTER_REJECTED', 'target'],
    [403, '1034', 'PUSH_AUTHENTICATION_REFUSED', 'target'],
    [401, '1034', 'PUSH_AUTHENTICATION_REFUSED', 'target'],
    [504, '1034', 'PUSH_SERVER_TIMEOUT', 'target'],
    [504, undefined, 'PUSH_SERVER_TIMEOUT', 'target'],
    [408, undefined, 'PUSH_SERVER_TIMEOUT', 'target'],
    [404, '4005;source="fe01.contoso.example"', 'PUSH_REQUEST_NOT_ROUTED', 'target'],
    [405, '5003;source="fe01.contoso.example"', 'PUSH_REQUEST_NOT_ROUTED', 'target'],
    [404, '4005;source="fe01.internal.example"', 'PUSH_REQUEST_NOT_ROUTED', 'target'],
    [480, undefined, 'PUSH_REQUEST_NOT_ROUTED', 'target'],
    [603, '13001;source="fe01.contoso.example"', 'PUSH_REQUEST_NOT_ROUTED', 'target'],
    [503, undefined, 'SIP_SERVICE_UNAVAILABLE', 'target'],
    [503, '1034', 'FEDERATION_PARTNER_REFUSED', 'target'],
  ] as const)('for %i with ms-diagnostics %s at %s', (status, diagnostics, code, fault) => {
    expect(read(status, 'Refusal', diagnostics)).toMatchObject({
      code,
      fault,
      error: `${status}, Refusal: answer of ${peer} to MESSAGE, expected 200`,
    });
  });

  test('where nobody answers, as for any request', () => {
    expect(classify({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 })).toMatchObject({
      code: 'SIP_ANSWER_TIMEOUT',
    });
    expect(classify({ kind: 'connection-lost', cause: undefined, pendingBytes: 0 })).toMatchObject({
      code: 'SIP_CONNECTION_LOST',
    });
  });

  test('with what the number means before the causes', () => {
    expect(read(504, 'Server time-out', '1008;reason="No record"')).toMatchObject({
      serverDiagnosis: 'ErrorCode=1008,Reason=No record',
      causes: [
        expect.stringMatching(/^ms-diagnostics 1008: /),
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ],
    });
  });

  test('at the filter before anything else that is said', () => {
    expect(read(504, 'Server time-out', '16001')).toMatchObject({ code: 'PUSH_URL_FILTER_REJECTED' });
  });
});
