import { describe, expect, test } from 'vitest';
import { OnDemand, type RunOnDemand } from '../../shared/onDemand.js';
import { type PlannedRun, planOf } from '../../shared/plan.js';
import { ManualClock } from '../fakes/manualClock.js';
import { account, edge, settingsOf } from './config/samples.js';
import { sampleResult } from './store/sampleResult.js';

function planned(): readonly PlannedRun[] {
  const rfc = (name: string) =>
    edge({ name, dialect: 'rfc', accounts: { first: account('pilar') }, transactions: { registration: {} } });
  return planOf(settingsOf({ edges: [rfc('contoso'), rfc('fabrikam')] }));
}

function opened() {
  const clock = new ManualClock();
  const onDemand = new OnDemand(planned(), clock);
  const result = sampleResult();
  const runs: { readonly functionName: string; readonly force: boolean }[] = [];
  const succeed: RunOnDemand = async ({ functionName }, force) => {
    runs.push({ functionName, force });
    return { kind: 'result', result };
  };
  const post = (edgeName: string, run = succeed, request: { force?: string; body?: string } = {}) => {
    const { force, body = '' } = request;
    return onDemand.answer({ edge: edgeName, transaction: 'registration', force, body }, run);
  };
  return { clock, onDemand, post, runs, result };
}

const refused = (status: number, error: string) => ({ kind: 'json', status, document: { error } });
const running = 'this transaction is being run on demand at this moment';

describe('a run on demand', () => {
  test('answers 200 with the whole result', async () => {
    const { post, runs, result } = opened();

    const answer = await post('contoso');

    expect(answer).toEqual({ kind: 'json', status: 200, document: result });
    expect(runs).toEqual([{ functionName: 'contoso-registration', force: false }]);
  });

  test('passes the wish on to try a parked account', async () => {
    const { post, runs } = opened();

    await post('contoso', undefined, { force: 'true' });
    await post('contoso', undefined, { body: '{"force": true}' });

    expect(runs.map(({ force }) => force)).toEqual([true, true]);
  });

  test('of an unknown edge or transaction answers 404 with what there is', async () => {
    const { onDemand, post, runs } = opened();
    const run: RunOnDemand = () => Promise.reject(new Error('nothing may run'));

    const unknown = { edge: 'contoso', transaction: 'presence', force: undefined, body: '' };

    expect(await post('northwind', run)).toEqual(
      refused(404, 'no such edge; there is contoso/registration, fabrikam/registration'),
    );
    expect(await onDemand.answer(unknown, run)).toEqual(
      refused(404, 'no such transaction of this edge; there is contoso/registration'),
    );
    expect(runs).toEqual([]);
  });

  test('that cannot be read answers 400 and runs nothing', async () => {
    const { post, runs } = opened();

    const answer = await post('contoso', undefined, { force: 'perhaps' });

    expect(answer).toEqual(refused(400, 'force: expected true or false'));
    expect(runs).toEqual([]);
  });

  test('is refused with 409 while the same is running, and only then', async () => {
    const { post } = opened();
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const first = post('contoso', () => ended.then(() => ({ kind: 'busy' })));

    const meanwhile = [await post('contoso'), await post('fabrikam')];
    end();
    await first;

    expect(meanwhile[0]).toEqual(refused(409, running));
    expect(meanwhile[1]?.status).toBe(200);
    expect((await post('contoso')).status).toBe(200);
  });

  test('is refused with 409 when its accounts do not come free', async () => {
    const { post } = opened();

    const answer = await post('contoso', async () => ({ kind: 'busy' }));

    expect(answer).toEqual(refused(409, 'another run is using its test accounts: try again in a moment'));
  });

  test('is possible again after one that could not be run at all', async () => {
    const { post } = opened();

    await expect(post('contoso', () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');

    expect((await post('contoso')).status).toBe(200);
  });

  test('is refused with 429 and Retry-After from the seventh in a minute on, for that edge alone', async () => {
    const { clock, post, runs } = opened();
    for (let count = 0; count < 6; count += 1) {
      await post('contoso');
      clock.block(1_000);
    }

    const seventh = await post('contoso');
    const other = await post('fabrikam');
    clock.block(54_000);
    const later = await post('contoso');

    expect(seventh).toEqual({
      ...refused(429, 'more than 6 runs a minute of one edge: try again in 54 s'),
      headers: { 'Retry-After': '54' },
    });
    expect([other.status, later.status]).toEqual([200, 200]);
    expect(runs).toHaveLength(8);
  });
});
