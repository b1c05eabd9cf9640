import { diagnosis } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';

/** A word that must not leave the process: it stands in every place of a result that telemetry has no business with. */
export const canary = 'canary-7f3a';

/** A run that went well, with a lease it waited for. */
export const success: TransactionResult = {
  schema: 1,
  runId: 'contoso.registration.westeurope.20261120T231500Z',
  trigger: 'schedule',
  edge: 'contoso',
  transaction: 'registration',
  dialect: 'lync',
  region: 'westeurope',
  scheduledAt: '2026-11-20T23:15:00.000Z',
  startedAt: '2026-11-20T23:15:00.012Z',
  targetFqdn: 'sip.contoso.com',
  outcome: 'success',
  latencyMs: 61.4,
  steps: [
    { name: 'resolve', outcome: 'passed', ms: 10.2 },
    { name: 'connect', outcome: 'passed', ms: 15.1 },
    { name: 'tls', outcome: 'passed', ms: 16 },
    { name: 'register', activity: 'Register', outcome: 'passed', ms: 20.1 },
    { name: 'unregister', outcome: 'passed', ms: 9.5 },
  ],
  warnings: [
    { code: 'TLS_CERTIFICATE_EXPIRES_SOON', step: 'tls', message: `expires soon ${canary}`, degrades: false },
    { code: 'TLS_CERTIFICATE_EXPIRES_SOON', step: 'tls', message: `and another ${canary}`, degrades: false },
  ],
  followUps: [],
  observations: {
    remoteAddress: `203.0.113.10:443 ${canary}`,
    certificates: [{ host: canary, daysLeft: 41 }, { host: canary, daysLeft: 12 }, { host: canary }],
  },
  prober: { version: '1.0.0', node: '20.20.2', coldStart: true, lateMs: 12, eventLoopDelayMs: 3.1, leaseWaitMs: 500 },
};

/** The same run, when the registrar said no. */
export const failure: TransactionResult = {
  ...success,
  outcome: 'failure',
  latencyMs: 5051.3,
  steps: [
    { name: 'resolve', outcome: 'passed', ms: 10.2 },
    { name: 'connect', outcome: 'failed', ms: 5041.1, code: 'TCP_CONNECT_TIMEOUT' },
    { name: 'tls', outcome: 'skipped', after: 'connect' },
    { name: 'register', outcome: 'skipped', after: 'connect' },
    { name: 'unregister', outcome: 'skipped', after: 'connect' },
  ],
  diagnosis: {
    ...diagnosis('TCP_CONNECT_TIMEOUT', {
      error: 'no TCP connection to 203.0.113.10:443 within 5000 ms',
      serverDiagnosis: `ErrorCode=1;${canary}`,
    }),
    step: 'connect',
    causes: [canary],
    next: [canary],
  },
  warnings: [],
};

/** The same run, when something of ours kept it from telling. */
export const inconclusive: TransactionResult = {
  ...success,
  outcome: 'inconclusive',
  latencyMs: 0,
  steps: success.steps.map(({ name }) => ({ name, outcome: 'skipped', after: 'start' })),
  diagnosis: {
    ...diagnosis('CONFIG_SECRET_MISSING', { error: 'password of sip:pilar@contoso.com: PILAR_PASSWORD is not set' }),
    causes: [canary],
  },
  warnings: [],
  observations: {},
};
