import { describe, expect, test } from 'vitest';
import { DeadlineExceeded } from '../../../shared/domain/scope.js';
import { bounded, Unsettled } from '../../../shared/run/bounded.js';
import { ManualClock } from '../../fakes/manualClock.js';

const never = () => new Promise<never>(() => {});
const quiet = () => new AbortController().signal;

/** Work that gives up with its signal's reason, as ports do. */
function obedient(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('bounded work', () => {
  test('gives its value and leaves no timer', async () => {
    const clock = new ManualClock();

    const value = await bounded(1_000, quiet(), clock, async () => 'done');

    expect(value).toBe('done');
    expect(clock.pending).toBe(0);
  });

  test('that throws before its first await rejects like any other', async () => {
    const clock = new ManualClock();
    const work = () => {
      throw new Error('at once');
    };

    await expect(bounded(1_000, quiet(), clock, work)).rejects.toThrow('at once');
    expect(clock.pending).toBe(0);
  });

  test('is told the limit when its time is up, and rejects with its own words', async () => {
    const clock = new ManualClock();
    const ended = bounded(1_000, quiet(), clock, (signal) =>
      obedient(signal).catch((reason) => Promise.reject(new Error(`waited ${reason.limitMs} ms for an answer`))),
    );
    const seen = expect(ended).rejects.toThrow('waited 1000 ms for an answer');

    await clock.advance(1_000);

    await seen;
    expect(clock.pending).toBe(0);
  });

  test('that ignores its signal is given up half a second later', async () => {
    const clock = new ManualClock();
    let settledAs: unknown;
    bounded(1_000, quiet(), clock, never).catch((error) => {
      settledAs = error;
    });

    await clock.advance(1_499);
    expect(settledAs).toBeUndefined();
    await clock.advance(1);

    expect(settledAs).toBeInstanceOf(Unsettled);
    expect((settledAs as Unsettled).cause).toBeInstanceOf(DeadlineExceeded);
    expect(clock.pending).toBe(0);
  });

  test('that ends in the half second after its deadline still counts', async () => {
    const clock = new ManualClock();
    const ended = bounded(
      1_000,
      quiet(),
      clock,
      () => new Promise((resolve) => clock.after(1_200, () => resolve('late'))),
    );

    await clock.advance(1_200);

    expect(await ended).toBe('late');
    expect(clock.pending).toBe(0);
  });

  test('is stopped by the outer signal with that reason', async () => {
    const clock = new ManualClock();
    const outer = new AbortController();
    const ended = bounded(1_000, outer.signal, clock, obedient);
    const seen = expect(ended).rejects.toThrow('stop now');

    await clock.advance(10);
    outer.abort(new Error('stop now'));

    await seen;
    expect(clock.pending).toBe(0);
  });

  test('gets a signal that is aborted already where the outer one is', async () => {
    const clock = new ManualClock();
    const outer = AbortSignal.abort(new Error('too late'));

    const aborted = await bounded(1_000, outer, clock, async (signal) => signal.aborted);

    expect(aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
