import { describe, expect, test } from 'vitest';
import { DeadlineExceeded } from '../../../../shared/domain/scope.js';
import { connectFirst, type Endpoint } from '../../../../shared/protocols/net/connectFirst.js';
import { ManualClock, settled } from '../../../fakes/manualClock.js';

interface Attempt {
  readonly address: string;
  readonly at: number;
  readonly signal: AbortSignal;
  connect(): void;
  fail(code: string): void;
}

function endpoint(address: string, server = 0): Endpoint {
  return { host: `host${server}.contoso.example`, address, port: 5061, server };
}

/** A network in which a test decides what becomes of each attempt. */
function network(endpoints: readonly Endpoint[]) {
  const clock = new ManualClock();
  const attempts: Attempt[] = [];
  const dropped: string[] = [];
  const controller = new AbortController();
  const dial = ({ address }: Endpoint, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      attempts.push({
        address,
        at: clock.monotonic(),
        signal,
        connect: () => resolve(address),
        fail: (code) => reject(Object.assign(new Error(code), { code })),
      });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const outcome = connectFirst(endpoints, dial, (socket) => dropped.push(socket), clock, controller.signal);
  const attempt = (address: string) => {
    const found = attempts.find((candidate) => candidate.address === address);
    if (!found) throw new Error(`no attempt at ${address}`);
    return found;
  };
  const starts = () => attempts.map(({ address, at }) => `${address} at ${at}`);
  return { clock, attempt, starts, outcome, controller, dropped };
}

describe('connecting', () => {
  test('takes the first address where it is there', async () => {
    const { attempt, outcome, starts, clock } = network([endpoint('a'), endpoint('b')]);

    attempt('a').connect();

    expect(await outcome).toEqual({ kind: 'connected', socket: 'a', endpoint: endpoint('a'), failed: [] });
    expect(starts()).toEqual(['a at 0']);
    expect(clock.pending).toBe(0);
  });

  test('gives an address of the same server a head start of 250 ms (RFC 8305), the next server 2 s', async () => {
    const { clock, starts } = network([endpoint('a'), endpoint('b'), endpoint('c', 1), endpoint('d', 1)]);

    await clock.advance(5_000);

    expect(starts()).toEqual(['a at 0', 'b at 250', 'c at 2250', 'd at 2500']);
  });

  test('goes on at once when an attempt fails', async () => {
    const { attempt, clock, starts } = network([endpoint('a'), endpoint('b', 1), endpoint('c', 2)]);

    await clock.advance(100);
    attempt('a').fail('ECONNREFUSED');
    await clock.advance(0);
    attempt('b').fail('ECONNREFUSED');
    await clock.advance(0);

    expect(starts()).toEqual(['a at 0', 'b at 100', 'c at 100']);
  });

  test('ends the losers, names those that had failed, and leaves no timer', async () => {
    const { attempt, clock, outcome } = network([endpoint('a'), endpoint('b'), endpoint('c'), endpoint('d')]);
    await clock.advance(250);
    attempt('a').fail('ENETUNREACH');
    await settled();

    attempt('c').connect();
    const found = await outcome;

    expect(found).toMatchObject({ kind: 'connected', socket: 'c', failed: [{ address: 'a', code: 'ENETUNREACH' }] });
    expect([attempt('b').signal.aborted, attempt('c').signal.aborted]).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  test('drops a connection that comes in the same moment as the winner', async () => {
    const { attempt, clock, outcome, dropped } = network([endpoint('a'), endpoint('b')]);
    await clock.advance(250);

    attempt('b').connect();
    attempt('a').connect();
    await settled();

    expect(await outcome).toMatchObject({ socket: 'b' });
    expect(dropped).toEqual(['a']);
  });

  test('fails when every address has failed, with what became of each', async () => {
    const { attempt, outcome, clock } = network([endpoint('a'), endpoint('b')]);

    attempt('a').fail('ECONNREFUSED');
    await settled();
    attempt('b').fail('EHOSTUNREACH');

    expect(await outcome).toMatchObject({
      kind: 'failed',
      aborted: undefined,
      failed: [
        { address: 'a', code: 'ECONNREFUSED' },
        { address: 'b', code: 'EHOSTUNREACH' },
      ],
    });
    expect(clock.pending).toBe(0);
  });

  test('that runs out of time tells who was silent from who was never tried', async () => {
    const { attempt, clock, controller, outcome } = network([endpoint('a'), endpoint('b'), endpoint('c', 1)]);
    await clock.advance(100);
    attempt('a').fail('ECONNREFUSED');
    await clock.advance(1_000);

    controller.abort(new DeadlineExceeded(1_100));

    expect(await outcome).toMatchObject({
      kind: 'failed',
      failed: [
        { address: 'a', code: 'ECONNREFUSED' },
        { address: 'b', code: 'TIMEOUT' },
        { address: 'c', code: 'NOT_TRIED' },
      ],
    });
    expect(attempt('b').signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('that is ended for another reason is not called silent', async () => {
    const { controller, outcome } = network([endpoint('a')]);

    controller.abort(new Error('stop'));

    expect(await outcome).toMatchObject({ kind: 'failed', failed: [{ code: 'ABORTED' }], aborted: new Error('stop') });
  });

  test('to one address that two servers share tries and names it for both', async () => {
    const { clock, controller, outcome, starts } = network([endpoint('a', 0), endpoint('a', 1)]);
    await clock.advance(3_000);

    controller.abort(new DeadlineExceeded(3_000));

    expect(starts()).toEqual(['a at 0', 'a at 2000']);
    expect(await outcome).toMatchObject({
      failed: [{ host: 'host0.contoso.example' }, { host: 'host1.contoso.example' }],
    });
  });

  test('with no address at all fails at once', async () => {
    const { outcome, clock } = network([]);

    expect(await outcome).toEqual({ kind: 'failed', failed: [], aborted: undefined });
    expect(clock.pending).toBe(0);
  });

  test('that is to stop before it began tries nothing', async () => {
    const clock = new ManualClock();
    const dial = () => Promise.reject(new Error('must not be called'));

    const outcome = await connectFirst(
      [endpoint('a')],
      dial,
      () => {},
      clock,
      AbortSignal.abort(new DeadlineExceeded(0)),
    );

    expect(outcome).toMatchObject({ kind: 'failed', failed: [{ address: 'a', code: 'NOT_TRIED' }] });
    expect(clock.pending).toBe(0);
  });
});
