import { diagnosis } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';

/** A scheduled success; a test names what differs. */
export function sampleResult(differs: Partial<TransactionResult> = {}): TransactionResult {
  const { edge = 'contoso', transaction = 'registration', region = 'westeurope' } = differs;
  const scheduledAt = differs.scheduledAt ?? '2026-11-20T23:15:00.000Z';
  const second = scheduledAt.replace(/\.\d+Z$/, 'Z').replace(/[-:]/g, '');
  return {
    schema: 1,
    runId: `${edge}.${transaction}.${region}.${second}`,
    trigger: 'schedule',
    edge,
    transaction,
    dialect: 'rfc',
    region,
    scheduledAt,
    startedAt: scheduledAt.replace('.000Z', '.012Z'),
    targetFqdn: 'sip.contoso.example',
    outcome: 'success',
    latencyMs: 48.25,
    steps: [
      { name: 'resolve', outcome: 'passed', ms: 3 },
      { name: 'register', activity: 'Register', outcome: 'passed', ms: 45.25 },
    ],
    warnings: [],
    followUps: [],
    observations: { tlsVersion: 'TLSv1.3', addresses: ['203.0.113.10:443'] },
    prober: { version: '0.1.0', node: '20.20.2', coldStart: false, lateMs: 12, eventLoopDelayMs: 3.1, leaseWaitMs: 0 },
    ...differs,
  };
}

/** A scheduled failure at the step `register`. */
export function sampleFailure(differs: Partial<TransactionResult> = {}): TransactionResult {
  return sampleResult({
    outcome: 'failure',
    steps: [
      { name: 'resolve', outcome: 'passed', ms: 3 },
      { name: 'register', activity: 'Register', outcome: 'failed', ms: 45.25, code: 'SIP_ANSWER_TIMEOUT' },
      { name: 'unregister', outcome: 'skipped', after: 'register' },
    ],
    diagnosis: {
      ...diagnosis('SIP_ANSWER_TIMEOUT', { error: 'no answer to REGISTER within 10000 ms' }),
      step: 'register',
    },
    ...differs,
  });
}

/** A scheduled run that could not tell. */
export function sampleInconclusive(differs: Partial<TransactionResult> = {}): TransactionResult {
  return sampleResult({
    outcome: 'inconclusive',
    latencyMs: 0,
    steps: [],
    diagnosis: diagnosis('PROBER_EVENT_LOOP_STARVED', { error: 'the event loop stood still for 6000 ms' }),
    ...differs,
  });
}
