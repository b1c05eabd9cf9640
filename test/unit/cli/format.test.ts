import { describe, expect, test } from 'vitest';
import { formatLatency, formatResult } from '../../../shared/cli/formatResult.js';
import { formatStep } from '../../../shared/cli/formatStep.js';
import { diagnosis } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';

const success: TransactionResult = {
  schema: 1,
  runId: 'contoso.registration.local.20261120T231500Z.abc123',
  trigger: 'cli',
  edge: 'contoso',
  transaction: 'registration',
  dialect: 'rfc',
  region: 'local',
  scheduledAt: '2026-11-20T23:15:00.000Z',
  startedAt: '2026-11-20T23:15:00.000Z',
  targetFqdn: 'sip.contoso.com',
  outcome: 'success',
  latencyMs: 2536.2,
  steps: [],
  warnings: [],
  followUps: [],
  observations: {},
  prober: { version: '1', node: '20', coldStart: false, lateMs: 0, eventLoopDelayMs: 0, leaseWaitMs: 0 },
};

describe('a result as text', () => {
  test('has the five lines of the cmdlets', () => {
    expect(formatResult(success)).toBe(
      [
        'Target Fqdn   : sip.contoso.com',
        'Result        : Success',
        'Latency       : 00:00:02.5362000',
        'Error Message :',
        'Diagnosis     :',
        '',
      ].join('\n'),
    );
  });

  test('shows what its follow-ups found, a line each', () => {
    const gone = diagnosis('DNS_NAME_NOT_FOUND', { error: 'av.contoso.com does not exist' });
    const followUps: readonly TransactionResult[] = [
      { ...success, transaction: 'sip-federation' },
      { ...success, transaction: 'av-edge', outcome: 'failure', diagnosis: gone },
    ];

    expect(formatResult({ ...success, followUps })).toContain(
      'Follow-up     : sip-federation: Success\n' +
        'Follow-up     : av-edge: Failure, DNS_NAME_NOT_FOUND: av.contoso.com does not exist\n',
    );
  });

  test('shows what the server said, warnings, causes and next steps of a failure', () => {
    const found = diagnosis('SIP_GATEWAY_TIMEOUT', {
      error: 'server answered 504 Server time-out to REGISTER, expected 200',
      serverDiagnosis: 'warning: 399 edge "no next hop"',
    });
    const warning = {
      code: 'TLS_CERTIFICATE_EXPIRES_SOON',
      step: 'tls',
      message: 'in 3 days',
      degrades: false,
    } as const;

    const text = formatResult({ ...success, outcome: 'failure', diagnosis: found, warnings: [warning] });

    expect(text).toContain('Error Message : server answered 504 Server time-out to REGISTER, expected 200\n');
    expect(text).toContain('Diagnosis     : SIP_GATEWAY_TIMEOUT, warning: 399 edge "no next hop"\n');
    expect(text).toContain('Warning       : TLS_CERTIFICATE_EXPIRES_SOON: in 3 days\n');
    expect(text).toContain(`\nLikely causes:\n  1. ${found.causes[0]}\n`);
    expect(text).toContain(`\nNext steps:\n  1. ${found.next[0]}\n`);
  });
});

describe('a latency', () => {
  test.each([
    [0, '00:00:00.0000000'],
    [34.6, '00:00:00.0346000'],
    [59_999.99, '00:00:59.9999900'],
    [3_723_004.5, '01:02:03.0045000'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatLatency(ms)).toBe(text);
  });
});

describe('a step as a line', () => {
  test('uses the name of the cmdlets where there is one', () => {
    const result = { name: 'register', activity: 'Register', outcome: 'passed', ms: 34.5791 } as const;

    expect(formatStep({ kind: 'ended', result })).toBe("'Register' activity completed in '0.0345791' secs.");
  });

  test('says what failed and how', () => {
    const result = { name: 'tls', outcome: 'failed', ms: 12, code: 'TLS_NAME_MISMATCH' } as const;

    expect(formatStep({ kind: 'ended', result, error: 'it names other.test' })).toBe(
      "'tls' step failed in '0.0120000' secs. TLS_NAME_MISMATCH: it names other.test",
    );
  });
});
