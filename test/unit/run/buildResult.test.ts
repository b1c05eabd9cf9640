import { describe, expect, test } from 'vitest';
import { diagnosis } from '../../../shared/domain/diagnosis.js';
import { type RunFacts, toResult } from '../../../shared/run/buildResult.js';
import { registration } from '../../../shared/transactions/registration.js';
import { sampleEdge, world } from '../../fakes/world.js';

const startedAt = Date.parse('2026-11-20T23:15:00.012Z');

function facts(differs: Partial<RunFacts> = {}): RunFacts {
  return {
    transaction: registration,
    world: world(),
    startedAt,
    steps: [
      { name: 'resolve', outcome: 'passed', ms: 3.4 },
      { name: 'connect', outcome: 'passed', ms: 10.1 },
      { name: 'tls', outcome: 'skipped', after: 'connect' },
      { name: 'register', outcome: 'failed', ms: 20.2, code: 'SIP_REQUEST_FORBIDDEN' },
      { name: 'unregister', outcome: 'passed', ms: 9.9 },
    ],
    notLatency: new Set(['unregister']),
    failure: undefined,
    warnings: [],
    observations: {},
    eventLoopDelayMs: 3.1234,
    ...differs,
  };
}

describe('a result', () => {
  test('has the shape that is stored and printed', () => {
    expect(toResult(facts())).toEqual({
      schema: 1,
      runId: 'contoso.registration.westeurope.20261120T231500Z',
      trigger: 'schedule',
      edge: 'contoso',
      transaction: 'registration',
      dialect: 'rfc',
      region: 'westeurope',
      scheduledAt: '2026-11-20T23:15:00.000Z',
      startedAt: '2026-11-20T23:15:00.012Z',
      targetFqdn: 'sip.contoso.example',
      outcome: 'success',
      latencyMs: 33.7,
      steps: facts().steps,
      warnings: [],
      followUps: [],
      observations: {},
      prober: {
        version: '1.2.3',
        node: '20.20.2',
        coldStart: false,
        lateMs: 12,
        eventLoopDelayMs: 3.1,
        leaseWaitMs: 0,
      },
    });
  });

  test('counts as latency what the user would wait for, a failed step included, clean-up and skipped steps not', () => {
    expect(toResult(facts()).latencyMs).toBe(33.7);
  });

  test('of a run that no schedule asked for is named by its start and a random suffix, and is not late', () => {
    const result = toResult(facts({ world: world({ trigger: 'cli', scheduledAt: undefined, token: () => 'k3v9q1' }) }));

    expect(result.runId).toBe('contoso.registration.westeurope.20261120T231500Z.k3v9q1');
    expect(result.scheduledAt).toBe(result.startedAt);
    expect(result.prober.lateMs).toBe(0);
  });

  test('of a timer that fired early is not late', () => {
    const scheduledAt = startedAt + 400;

    const result = toResult(facts({ world: world({ scheduledAt }) }));

    expect(result.prober.lateMs).toBe(0);
    expect(result.scheduledAt).toBe('2026-11-20T23:15:00.412Z');
  });

  test.each([
    ['success', undefined],
    ['failure', diagnosis('SIP_REQUEST_FORBIDDEN', { error: 'no' })],
    ['inconclusive', diagnosis('TCP_NO_ROUTE', { error: 'no' })],
  ] as const)('is a %s as the fault of its diagnosis says', (outcome, failure) => {
    const result = toResult(facts({ failure }));

    expect(result.outcome).toBe(outcome);
    expect(result.diagnosis).toEqual(failure);
    expect('diagnosis' in result).toBe(failure !== undefined);
  });

  test.each([
    ['the configured host', sampleEdge(), { srvTarget: 'other.contoso.example' }, 'sip.contoso.example'],
    [
      'the first SRV target',
      sampleEdge({ accessEdge: undefined }),
      { srvTarget: 'edge1.contoso.example' },
      'edge1.contoso.example',
    ],
    ['the conventional name where nothing was found', sampleEdge({ accessEdge: undefined }), {}, 'sip.contoso.example'],
  ])('names %s as its target', (_, edge, observations, expected) => {
    expect(toResult(facts({ world: world({ edge }), observations })).targetFqdn).toBe(expected);
  });
});
