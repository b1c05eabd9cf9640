import { describe, expect, test } from 'vitest';
import { diagnoseLync } from '../../../../../shared/protocols/lync/diagnostics/diagnoseLync.js';
import { explain, msDiagnosticsRows } from '../../../../../shared/protocols/lync/diagnostics/msDiagnosticsTable.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';

const peer = 'sip.contoso.com at 192.0.2.10:443';

function diagnosed(status: number, reasonPhrase: string, ...headers: readonly string[]) {
  const message = readMessage(`${[`SIP/2.0 ${status} ${reasonPhrase}`, ...headers].join('\r\n')}\r\n\r\n`);
  return diagnoseLync('REGISTER', peer, { kind: 'response', status, reasonPhrase, message });
}

describe('the table of ms-diagnostics', () => {
  test('has every number once, in order within its range, each with a meaning', () => {
    const ids = msDiagnosticsRows.map(([id]) => id);

    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(ids).toHaveLength(149);
    for (const [, , meaning, cause] of msDiagnosticsRows) {
      expect(meaning).toMatch(/^[a-z].*[^.]$/);
      expect(cause ?? 'A cause.').toMatch(/^[A-Z].*\.$/);
    }
  });

  test('knows the range of the IM filter and nothing of numbers that nobody published', () => {
    expect(explain(16_123)?.meaning).toBe('the IM filter decided about the message');
    expect(explain(17_999)).toBeUndefined();
    expect(explain(4)?.code).toBeUndefined();
  });
});

describe('an answer of a Lync server', () => {
  test('that is no refusal has no diagnosis', () => {
    expect(diagnosed(200, 'OK')).toBeUndefined();
  });

  test('is diagnosed by its ms-diagnostics where they tell faults apart', () => {
    const found = diagnosed(
      404,
      'Not Found',
      'ms-diagnostics: 4005;reason="Destination URI either not enabled for SIP or does not exist";source="fe01.contoso.com"',
      'ms-diagnostics-public: 4005;reason="Destination URI either not enabled for SIP or does not exist";source="fe01.contoso.com"',
    );

    expect(found).toMatchObject({
      code: 'SIP_USER_NOT_FOUND',
      error: '404, Not Found: answer of sip.contoso.com at 192.0.2.10:443 to REGISTER, expected 200',
      serverDiagnosis:
        'ErrorCode=4005,Source=fe01.contoso.com,Reason=Destination URI either not enabled for SIP or does not exist',
    });
    expect(found?.causes[0]).toBe(
      'ms-diagnostics 4005: the user does not exist or is not enabled for SIP. The address is wrong, or the account was never enabled or was disabled.',
    );
  });

  test.each([
    [504, '1008', 'FEDERATION_SRV_UNRESOLVED'],
    [504, '1010', 'SIP_NEXT_HOP_UNTRUSTED'],
    [504, '1014', 'SIP_NEXT_HOP_UNRESOLVED'],
    [403, '4003', 'AUTH_REMOTE_ACCESS_FORBIDDEN'],
    [403, '4004', 'AUTH_IDENTITY_MISMATCH'],
    [403, '1002', 'FEDERATION_POLICY_FORBIDS'],
    [403, '17002', 'SIP_CLIENT_VERSION_REFUSED'],
    [480, '4006', 'SIP_USER_HOMED_ELSEWHERE'],
    [504, '5001', 'SIP_GATEWAY_TIMEOUT'],
    [503, '99999', 'SIP_SERVICE_UNAVAILABLE'],
  ])('%i with %s is %s', (status, id, code) => {
    expect(diagnosed(status, 'No', `ms-diagnostics: ${id};reason="x"`)?.code).toBe(code);
  });

  test('says how sure a meaning is, and looks past numbers that mean nothing', () => {
    const found = diagnosed(
      504,
      'No',
      'ms-diagnostics: 99999',
      'ms-diagnostics-public: 1038;reason="x"',
      'Retry-After: 5',
    );

    expect(found?.causes[0]).toBe(
      'ms-diagnostics 1038: no connection to another server (from memory, not confirmed). Its port is closed.',
    );
    expect(found?.serverDiagnosis).toBe('ErrorCode=99999; ErrorCode=1038,Reason=x; retry-after: 5');
  });

  test('that warns of the client version is told from other refusals without ms-diagnostics', () => {
    expect(diagnosed(403, 'Forbidden', 'Warning: 310 lcs.microsoft.com "old"')?.code).toBe(
      'SIP_CLIENT_VERSION_REFUSED',
    );
    expect(diagnosed(403, 'Forbidden')?.code).toBe('SIP_REQUEST_FORBIDDEN');
  });

  test('that did not come is diagnosed as elsewhere', () => {
    expect(diagnoseLync('REGISTER', peer, { kind: 'timeout', limitMs: 100, pendingBytes: 0 })?.code).toBe(
      'SIP_ANSWER_TIMEOUT',
    );
  });
});
