import { describe, expect, test } from 'vitest';
import {
  formatMsDiagnostics,
  msDiagnosticsOf,
  readMsDiagnostics,
} from '../../../../../shared/protocols/lync/diagnostics/msDiagnostics.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';

const text = (value: string): string | undefined => {
  const read = readMsDiagnostics(value);
  return read && formatMsDiagnostics(read);
};

describe('ms-diagnostics', () => {
  test.each([
    [
      '1008;reason="Unable to resolve DNS SRV record";domain="fabrikam.com";dns-srv-result="NegativeResult";source="sip.contoso.com"',
      'ErrorCode=1008,Source=sip.contoso.com,Reason=Unable to resolve DNS SRV record,domain=fabrikam.com,dns-srv-result=NegativeResult',
    ],
    ['4005 ; reason = "Not here; or = there" ;Source="fe01"', 'ErrorCode=4005,Source=fe01,Reason=Not here; or = there'],
    ['1047.2;WinsockFailureCode=10054', 'ErrorCode=1047.2,WinsockFailureCode=10054'],
    ['25008', 'ErrorCode=25008'],
  ])('%s reads as the cmdlets print it', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test.each(['', 'reason="x"', '12345678', '1008 reason="x"', '-1;reason="x"'])('%j is none', (value) => {
    expect(readMsDiagnostics(value)).toBeUndefined();
  });

  test('is bounded, and carries no control characters', () => {
    const read = readMsDiagnostics(`1;reason="\u001b[31m${'x'.repeat(5000)}"${';a="b"'.repeat(100)}`);

    expect(read?.reason).toMatch(/^\[31mx+…$/);
    expect(read?.reason).toHaveLength(300);
    expect(read?.more).toHaveLength(19);
  });

  test('of a message are all of both kinds, topmost first, the same one once', () => {
    const message = readMessage(
      [
        'SIP/2.0 504 Server time-out',
        'ms-diagnostics: 1014;reason="A";source="edge"',
        'Ms-Diagnostics-Public: 1014;reason="A";source="edge"',
        'ms-diagnostics: nonsense',
        'MS-Diagnostics: 1;reason="B"',
        '\r\n',
      ].join('\r\n'),
    );

    expect(msDiagnosticsOf(message).map(({ id }) => id)).toEqual([1014, 1]);
  });
});
