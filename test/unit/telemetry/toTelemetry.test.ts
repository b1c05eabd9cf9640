import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { TelemetryItem } from '../../../shared/telemetry/telemetryItem.js';
import { toTelemetry } from '../../../shared/telemetry/toTelemetry.js';
import { canary, failure, inconclusive, success } from './sampleResults.js';

const operation = { id: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };
const startedAt = Date.parse('2026-11-20T23:15:00.012Z');

function dependenciesOf(items: readonly TelemetryItem[]) {
  return items.filter((item) => item.kind === 'dependency');
}

describe('a scheduled run that could tell', () => {
  test('is one availability result', () => {
    const [item] = toTelemetry(success, operation);

    expect(item).toEqual({
      kind: 'availability',
      id: 'contoso.registration.westeurope.20261120T231500Z',
      name: 'contoso/registration',
      runLocation: 'westeurope',
      durationMs: 61.4,
      success: true,
      message: '',
      timeMs: startedAt,
      operationId: operation.id,
      parentId: operation.parentId,
      properties: {
        edge: 'contoso',
        transaction: 'registration',
        dialect: 'lync',
        targetFqdn: 'sip.contoso.com',
        scheduledAt: '2026-11-20T23:15:00.000Z',
        proberVersion: '1.0.0',
        warnings: 'TLS_CERTIFICATE_EXPIRES_SOON',
      },
      measurements: {
        latencyMs: 61.4,
        lateMs: 12,
        eventLoopDelayMs: 3.1,
        certificateDaysLeft: 12,
        'step.resolve': 10.2,
        'step.connect': 15.1,
        'step.tls': 16,
        'step.register': 20.1,
        'step.unregister': 9.5,
      },
    });
  });

  test('says on failure what failed, where and why', () => {
    const [item] = toTelemetry(failure, operation);

    expect(item).toMatchObject({
      kind: 'availability',
      success: false,
      durationMs: 5051.3,
      message: 'TCP_CONNECT_TIMEOUT: no TCP connection to 203.0.113.10:443 within 5000 ms',
      properties: { code: 'TCP_CONNECT_TIMEOUT', layer: 'tcp', failedStep: 'connect' },
      measurements: { latencyMs: 5051.3, 'step.resolve': 10.2, 'step.connect': 5041.1 },
    });
    expect(item?.measurements).not.toHaveProperty('step.tls');
  });

  test('has its steps below it, one after the other', () => {
    const steps = dependenciesOf(toTelemetry(success, operation));

    expect(
      steps.map(({ name, type, timeMs, durationMs }) => [name, type, Math.round(timeMs - startedAt), durationMs]),
    ).toEqual([
      ['resolve', 'DNS', 0, 10.2],
      ['connect', 'TCP', 10, 15.1],
      ['tls', 'TLS', 25, 16],
      ['register', 'SIP', 41, 20.1],
      ['unregister', 'SIP', 61, 9.5],
    ]);
    expect(new Set(steps.map(({ operationId }) => operationId))).toEqual(new Set([operation.id]));
    expect(new Set(steps.map(({ parentId }) => parentId))).toEqual(new Set([success.runId]));
  });

  test('has a dependency for a step that failed, and none for a step that was not reached', () => {
    const steps = dependenciesOf(toTelemetry(failure, operation));

    expect(steps.map(({ name, success, resultCode, target }) => [name, success, resultCode, target])).toEqual([
      ['resolve', true, 'OK', 'sip.contoso.com'],
      ['connect', false, 'TCP_CONNECT_TIMEOUT', 'sip.contoso.com'],
    ]);
  });

  test('keeps the name of the activity with its step', () => {
    const steps = dependenciesOf(toTelemetry(success, operation));

    expect(steps.map(({ properties }) => properties.activity)).toEqual([
      undefined,
      undefined,
      undefined,
      'Register',
      undefined,
    ]);
  });
});

describe('a run that could not tell', () => {
  test('is an event and no availability result', () => {
    const items = toTelemetry(inconclusive, operation);

    expect(items).toEqual([
      expect.objectContaining({
        kind: 'event',
        name: 'ProbeInconclusive',
        operationId: operation.id,
        parentId: operation.parentId,
      }),
    ]);
    expect(items[0]?.properties).toMatchObject({
      edge: 'contoso',
      region: 'westeurope',
      runId: 'contoso.registration.westeurope.20261120T231500Z',
      code: 'CONFIG_SECRET_MISSING',
      layer: 'config',
      message: 'CONFIG_SECRET_MISSING: password of sip:pilar@contoso.com: PILAR_PASSWORD is not set',
    });
  });

  test('has the steps it took beside it', () => {
    const steps = dependenciesOf(toTelemetry({ ...inconclusive, steps: failure.steps }, operation));

    expect(steps.map(({ name, parentId }) => [name, parentId])).toEqual([
      ['resolve', operation.parentId],
      ['connect', operation.parentId],
    ]);
  });
});

test.each(['on-demand', 'cli'] as const)('a run with trigger %s is not sent', (trigger) => {
  expect(toTelemetry({ ...success, trigger }, operation)).toEqual([]);
});

test('without a trace context there is an operation and nothing above it', () => {
  const items = toTelemetry(success, { id: operation.id });

  expect(items.map(({ operationId }) => operationId)).toEqual(items.map(() => operation.id));
  expect(items[0]?.parentId).toBeUndefined();
});

describe('what is sent', () => {
  test.each([
    ['success', success],
    ['failure', failure],
    ['inconclusive', inconclusive],
  ])('of a %s is chosen: nothing that the server said, no observation, no advice', (_outcome, result) => {
    expect(JSON.stringify(result)).toContain(canary);
    expect(JSON.stringify(toTelemetry(result, operation))).not.toContain(canary);
  });

  test('is bounded and on one line, whatever a result holds', () => {
    const long = `a\r\nb\u202e${'x'.repeat(20_000)}`;
    const hostile: TransactionResult = {
      ...failure,
      targetFqdn: long,
      ...(failure.diagnosis ? { diagnosis: { ...failure.diagnosis, error: long } } : {}),
    };

    const [item, step] = toTelemetry(hostile, operation);

    expect(item).toMatchObject({ message: expect.stringMatching(/^TCP_CONNECT_TIMEOUT: a b x{50,230}…$/) });
    expect(item?.properties.targetFqdn).toBe(`a b ${'x'.repeat(250)}…`);
    expect(step).toMatchObject({ target: `a b ${'x'.repeat(250)}…` });
  });

  test('has numbers as measurements and nothing else', () => {
    const odd = {
      ...success,
      latencyMs: Number.NaN,
      steps: [{ name: 'resolve', outcome: 'passed', ms: Number.POSITIVE_INFINITY }],
      observations: { certificates: [{ daysLeft: '12' }, null, { daysLeft: Number.NaN }] },
    } as const;

    expect(toTelemetry(odd, operation)[0]?.measurements).toEqual({ lateMs: 12, eventLoopDelayMs: 3.1 });
  });

  test.each([undefined, 'none', [], {}])(
    'has no certificate days where the observations hold none: %j',
    (certificates) => {
      const [item] = toTelemetry({ ...success, observations: { certificates } }, operation);

      expect(item?.measurements).not.toHaveProperty('certificateDaysLeft');
    },
  );
});
