import { describe, expect, test } from 'vitest';
import type { SipAnswer } from '../../../../shared/protocols/sip/answer.js';
import { diagnoseAnswer } from '../../../../shared/protocols/sip/diagnoseAnswer.js';
import { response } from '../../../fakes/fakePorts.js';

const peer = 'sip.contoso.example at 192.0.2.10:5061';

function diagnose(answer: SipAnswer) {
  return diagnoseAnswer('REGISTER', peer, answer);
}

describe('a final response', () => {
  test.each([200, 202, 204])('%d is a success', (status) => {
    expect(diagnose(response(status, 'OK'))).toBeUndefined();
  });

  test.each([
    [302, 'Moved Temporarily', 'SIP_REQUEST_REDIRECTED'],
    [400, 'Bad Request', 'SIP_REQUEST_REJECTED'],
    [403, 'Forbidden', 'SIP_REQUEST_FORBIDDEN'],
    [404, 'Not Found', 'SIP_USER_NOT_FOUND'],
    [408, 'Request Timeout', 'SIP_SERVER_TIMEOUT'],
    [423, 'Interval Too Brief', 'SIP_INTERVAL_TOO_BRIEF'],
    [480, 'Temporarily Unavailable', 'SIP_USER_UNAVAILABLE'],
    [482, 'Loop Detected', 'SIP_REQUEST_REJECTED'],
    [500, 'Server Internal Error', 'SIP_SERVER_ERROR'],
    [503, 'Service Unavailable', 'SIP_SERVICE_UNAVAILABLE'],
    [504, 'Server Time-out', 'SIP_GATEWAY_TIMEOUT'],
    [580, 'Precondition Failure', 'SIP_SERVER_ERROR'],
    [603, 'Decline', 'SIP_REQUEST_REJECTED'],
    [604, 'Does Not Exist Anywhere', 'SIP_USER_NOT_FOUND'],
  ])('%d %s is %s', (status, reason, code) => {
    expect(diagnose(response(status, reason))).toMatchObject({
      code,
      layer: 'sip',
      fault: 'target',
      error: `server answered ${status} ${reason} to REGISTER, expected 200`,
    });
  });

  test('keeps what the server says about itself, in its words', () => {
    const answer = response(
      503,
      'Service Unavailable',
      'Retry-After: 120 (in maintenance)',
      'Warning: 399 fe01 "pool is paused"',
      'ms-diagnostics: 15030;reason="Failed to route to pool";source="sip.contoso.example"',
      'Contact: <sip:not-shown@contoso.example>',
    );

    expect(diagnose(answer)?.serverDiagnosis).toBe(
      'ms-diagnostics: 15030;reason="Failed to route to pool";source="sip.contoso.example"; warning: 399 fe01 "pool is paused"; retry-after: 120 (in maintenance)',
    );
  });

  test('that redirects tells where to', () => {
    const answer = response(302, 'Moved', 'Contact: <sip:pool02.contoso.example:5061;transport=tls>');

    expect(diagnose(answer)?.serverDiagnosis).toBe('contact: <sip:pool02.contoso.example:5061;transport=tls>');
  });

  test('cannot bring control characters or endless text into the error', () => {
    const found = diagnose(response(500, `\u001b[2J${'x'.repeat(5_000)}`));

    expect(found?.error).toHaveLength(1_000);
    expect(found?.error).not.toContain('\u001b');
  });
});

describe('what is no response', () => {
  test('is silence', () => {
    expect(diagnose({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 })).toMatchObject({
      code: 'SIP_ANSWER_TIMEOUT',
      error: `no final answer from ${peer} to REGISTER within 10000 ms`,
    });
  });

  test('is silence after a provisional response', () => {
    expect(diagnose({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0, provisional: '100 Trying' })?.error).toBe(
      `no final answer from ${peer} to REGISTER within 10000 ms, only 100 Trying`,
    );
  });

  test('is an answer that stops half-way', () => {
    expect(diagnose({ kind: 'timeout', limitMs: 10_000, pendingBytes: 314 })).toMatchObject({
      code: 'SIP_ANSWER_INCOMPLETE',
      error: `${peer} sent 314 bytes of an answer to REGISTER and did not complete it within 10000 ms`,
    });
  });

  test('is a connection that was closed', () => {
    const lost = (cause: Error | undefined, pendingBytes = 0) =>
      diagnose({ kind: 'connection-lost', cause, pendingBytes });
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

    expect(lost(undefined)).toMatchObject({
      code: 'SIP_CONNECTION_LOST',
      error: `${peer} closed the connection before it answered REGISTER`,
    });
    expect(lost(reset)?.error).toBe(`${peer} closed the connection before it answered REGISTER (ECONNRESET)`);
    expect(lost(new Error('odd'), 20)?.error).toBe(
      `${peer} closed the connection after 20 bytes of its answer to REGISTER (odd)`,
    );
  });

  test('is a demand for a client certificate that TLS 1.3 makes after the handshake', () => {
    const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
    const cause = Object.assign(new Error('certificate required'), { code });

    expect(diagnose({ kind: 'connection-lost', cause, pendingBytes: 0 })).toMatchObject({
      code: 'TLS_CLIENT_CERTIFICATE_REQUIRED',
      layer: 'tls',
      error: `${peer} broke off after the TLS handshake, before it answered REGISTER: it demands a client certificate (${code})`,
    });
  });

  test('is a message that is not correct SIP, with its beginning', () => {
    expect(diagnose({ kind: 'unparsable', excerpt: 'SIP/2.0 200 OK\r\nCSeq: broken' })).toMatchObject({
      code: 'SIP_ANSWER_UNPARSABLE',
      error: `${peer} answered REGISTER with a message that is not correct SIP`,
      serverDiagnosis: 'SIP/2.0 200 OK CSeq: broken',
    });
  });

  test.each([
    ['not-sip', 'SIP_NOT_SPOKEN', 'something that is not SIP'],
    ['start-line-invalid', 'SIP_ANSWER_UNPARSABLE', 'a status line that is not correct SIP'],
    [
      'out-of-step',
      'SIP_ANSWER_UNPARSABLE',
      'bytes behind a message that begin no other: its Content-Length may be too small',
    ],
    ['header-too-large', 'SIP_MESSAGE_TOO_LARGE', 'a header section that does not end within 64 KiB'],
    ['body-too-large', 'SIP_MESSAGE_TOO_LARGE', 'a body of more than 1 MiB'],
    ['content-length-invalid', 'SIP_ANSWER_UNPARSABLE', 'a Content-Length that is no number or contradicts itself'],
  ] as const)('is a stream that breaks off with %s', (violation, code, words) => {
    expect(diagnose({ kind: 'violation', violation, excerpt: 'HTTP/1.1 400' })).toMatchObject({
      code,
      error: `${peer} answered REGISTER with ${words}`,
      serverDiagnosis: 'HTTP/1.1 400',
    });
  });
});
