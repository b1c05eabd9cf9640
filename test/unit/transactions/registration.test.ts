import { describe, expect, test } from 'vitest';
import { fail } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { limitOf, type Scope } from '../../../shared/domain/scope.js';
import type { SipAnswer } from '../../../shared/protocols/sip/answer.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { transactions } from '../../../shared/transactions/catalogue.js';
import { registration } from '../../../shared/transactions/registration.js';
import { fakePorts, type PortPlan, registered, removed, response, sampleTarget } from '../../fakes/fakePorts.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { world } from '../../fakes/world.js';

/** A REGISTER whose final answer never comes. */
function silence({ signal }: Scope): Promise<SipAnswer> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'timeout', limitMs: limitOf(signal), pendingBytes: 0 }));
  });
}

function outcomes(result: TransactionResult): string {
  return result.steps.map((step) => step.outcome).join(' ');
}

async function run(plan: PortPlan) {
  const ports = fakePorts(plan);
  const result = await runTransaction(registration, world({ ports }));
  return { ports, result };
}

describe('registration', () => {
  test('signs in, signs out and closes what it opened', async () => {
    const { ports, result } = await run({});

    expect(result.outcome).toBe('success');
    expect(outcomes(result)).toBe('passed passed passed passed passed');
    expect(ports.calls).toEqual([
      'findAccessEdge',
      'connectTcp',
      'startTls',
      'register 90',
      'register 0',
      'close user',
      'close tls',
      'close tcp',
    ]);
  });

  test('shows the cmdlet its activity name at the step that has one', async () => {
    const { result } = await run({});

    expect(result.steps.map((step) => ('activity' in step ? step.activity : undefined))).toEqual([
      undefined,
      undefined,
      undefined,
      'Register',
      undefined,
    ]);
  });

  test('in a lab without TLS skips that step after connect', async () => {
    const { ports, result } = await run({ findAccessEdge: async () => ({ ...sampleTarget, transport: 'tcp' }) });

    expect(result.outcome).toBe('success');
    expect(result.steps[2]).toEqual({ name: 'tls', outcome: 'skipped', after: 'connect' });
    expect(ports.calls).not.toContain('startTls');
    expect(ports.calls.at(-1)).toBe('close tcp');
  });

  test('that is answered 403 fails at register, and has nothing to remove', async () => {
    const { ports, result } = await run({ register: [response(403, 'Forbidden')] });

    expect(result.outcome).toBe('failure');
    expect(result.diagnosis).toMatchObject({
      code: 'SIP_REQUEST_FORBIDDEN',
      layer: 'sip',
      step: 'register',
      error: 'server answered 403 Forbidden to REGISTER, expected 200',
    });
    expect(result.steps[4]).toEqual({ name: 'unregister', outcome: 'skipped', after: 'register' });
    expect(ports.calls.slice(3)).toEqual(['register 90', 'close user', 'close tls', 'close tcp']);
  });

  test('with a refused password is not tried again, neither to sign in nor to sign out', async () => {
    const { ports, result } = await run({ register: [{ throws: 'AUTH_CREDENTIALS_REJECTED' }] });

    expect(result).toMatchObject({
      outcome: 'failure',
      diagnosis: { code: 'AUTH_CREDENTIALS_REJECTED', step: 'register' },
    });
    expect(result.steps[4]).toEqual({ name: 'unregister', outcome: 'skipped', after: 'register' });
    expect(ports.calls.filter((call) => call.startsWith('register'))).toEqual(['register 90']);
  });

  test('whose answer is lost removes the binding all the same', async () => {
    const clock = new ManualClock();
    const ports = fakePorts({ register: [silence, removed] });
    const ended = runTransaction(registration, world({ ports, clock }));

    await clock.advance(10_000);
    const result = await ended;

    expect(result.diagnosis).toMatchObject({
      code: 'SIP_ANSWER_TIMEOUT',
      error: 'no final answer from sip.contoso.example at 192.0.2.10:5061 to REGISTER within 10000 ms',
    });
    expect(outcomes(result)).toBe('passed passed passed failed passed');
    expect(ports.calls.slice(3)).toEqual(['register 90', 'register 0', 'close user', 'close tls', 'close tcp']);
    expect(clock.pending).toBe(0);
  });

  test('that cannot sign out again is a failure although it signed in', async () => {
    const { result } = await run({ register: [registered, response(500, 'Server Internal Error')] });

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'SIP_SERVER_ERROR', step: 'unregister' } });
    expect(result.diagnosis?.error).toBe(
      'server answered 500 Server Internal Error to REGISTER with Expires: 0, expected 200',
    );
  });

  test('does not count the sign-out as latency', async () => {
    const clock = new ManualClock();
    const later = (ms: number, answer: SipAnswer) => () =>
      new Promise<SipAnswer>((resolve) => clock.after(ms, () => resolve(answer)));
    const ports = fakePorts({ register: [later(40, registered), later(300, removed)] });
    const ended = runTransaction(registration, world({ ports, clock }));

    await clock.advance(400);

    expect((await ended).latencyMs).toBe(40);
  });

  test('whose user agent cannot be opened closes the connection from the outside in', async () => {
    const ports = fakePorts();
    const openUserAgent = () => {
      throw new Error('not a SIP URI: sip:probe@[fe80::1%eth0]:5061');
    };

    const result = await runTransaction(registration, world({ ports: { ...ports, openUserAgent } }));

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'PROBER_UNEXPECTED_ERROR' } });
    expect(ports.calls.slice(3)).toEqual(['close tls', 'close tcp']);
  });

  test.each([
    ['findAccessEdge', 'resolve', 'failed skipped skipped skipped skipped', []],
    ['connectTcp', 'connect', 'passed failed skipped skipped skipped', []],
    ['startTls', 'tls', 'passed passed failed skipped skipped', ['close tcp']],
  ] as const)('ends where %s fails and closes what was open by then', async (port, step, expected, closed) => {
    const broken = async () => fail('TCP_CONNECT_TIMEOUT', { error: 'no answer' });

    const { ports, result } = await run({ [port]: broken });

    expect(result.diagnosis).toMatchObject({ code: 'TCP_CONNECT_TIMEOUT', step });
    expect(outcomes(result)).toBe(expected);
    expect(ports.calls.filter((call) => call.startsWith('close'))).toEqual(closed);
  });
});

test('the catalogue has one transaction of each name in each dialect', () => {
  const keys = transactions.flatMap(({ name, dialects }) => dialects.map((dialect) => `${name} in ${dialect}`));

  expect(keys).toContain('registration in lync');
  expect(new Set(keys).size).toBe(keys.length);
});
