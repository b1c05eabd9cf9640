import { describe, expect, test } from 'vitest';
import { Delivery } from '../../../shared/telemetry/delivery.js';
import { ManualClock } from '../../fakes/manualClock.js';

type Policy = Delivery['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;

/** The parts of the SDK's pipeline that a delivery touches. */
function start(answer: (request: Request) => Promise<Pick<Response, 'status' | 'bodyAsText'>>) {
  const clock = new ManualClock();
  const delivery = new Delivery(clock, {});
  const request = { body: '[]' } as Request;
  const sent = delivery.policy.sendRequest(request, async (passed) => (await answer(passed)) as Response);
  return { clock, delivery, request, sent };
}

describe('a request to the ingestion endpoint', () => {
  test('that is accepted leaves no trouble and no timer', async () => {
    const { clock, delivery, sent } = start(async () => ({ status: 200, bodyAsText: '{}' }));

    expect(await sent).toMatchObject({ status: 200 });
    expect(delivery.takeTrouble()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test('that is refused is told once', async () => {
    const { delivery, sent } = start(async () => ({ status: 500, bodyAsText: '' }));
    await sent;

    expect(delivery.takeTrouble()).toBe('ingestion answered 500');
    expect(delivery.takeTrouble()).toBeUndefined();
  });

  test('that cannot be made is told by its kind, and rejects as before', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const { clock, delivery, sent } = start(() => Promise.reject(refused));

    await expect(sent).rejects.toBe(refused);
    expect(delivery.takeTrouble()).toBe('ingestion was not reached: ECONNREFUSED');
    expect(clock.pending).toBe(0);
  });

  test('that is never answered is aborted and given up, also when nothing heeds the signal', async () => {
    const { clock, delivery, request, sent } = start(() => new Promise(() => {}));
    const ended = expect(sent).rejects.toThrow('no answer within 10000 ms');

    await clock.advance(9_999);
    expect(request.abortSignal?.aborted).toBe(false);
    await clock.advance(1);
    await ended;

    expect(request.abortSignal?.aborted).toBe(true);
    expect(delivery.takeTrouble()).toBe('ingestion was not reached: no answer within 10000 ms');
  });
});

describe('a token for it', () => {
  test('is passed on as it is', async () => {
    const clock = new ManualClock();
    const delivery = new Delivery(clock, {});
    const token = { token: 'of the identity', expiresOnTimestamp: 1 };
    const credential = delivery.guarded({ getToken: async (scopes) => ({ ...token, scopes }) });

    expect(await credential.getToken('https://monitor.azure.com/.default')).toEqual({
      ...token,
      scopes: 'https://monitor.azure.com/.default',
    });
    expect([delivery.takeTrouble(), clock.pending]).toEqual([undefined, 0]);
  });

  test('that is refused is told by the kind of the refusal', async () => {
    const delivery = new Delivery(new ManualClock(), {});
    const refused = Object.assign(new Error('canary'), { name: 'CredentialUnavailableError' });
    const credential = delivery.guarded({ getToken: () => Promise.reject(refused) });

    await expect(credential.getToken('scope')).rejects.toBe(refused);
    expect(delivery.takeTrouble()).toBe('the identity gave no token: CredentialUnavailableError');
  });

  test('that never comes is given up', async () => {
    const clock = new ManualClock();
    const delivery = new Delivery(clock, {});
    const ended = expect(delivery.guarded({ getToken: () => new Promise(() => {}) }).getToken('scope')).rejects.toThrow(
      'no answer within 10000 ms',
    );

    await clock.advance(10_000);
    await ended;

    expect(delivery.takeTrouble()).toBe('the identity gave no token: no answer within 10000 ms');
  });
});
