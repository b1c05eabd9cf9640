import { describe, expect, test } from 'vitest';
import { readPacket, writePacket } from '../../../../../shared/protocols/turn/echo/packet.js';
import { requireEcho } from '../../../../../shared/protocols/turn/echo/requireEcho.js';
import { runEcho } from '../../../../../shared/protocols/turn/echo/runEcho.js';
import { type EchoSample, toSample } from '../../../../../shared/protocols/turn/echo/sample.js';
import type { DataListener } from '../../../../../shared/protocols/turn/relayClient.js';
import type { TransportAddress } from '../../../../../shared/protocols/turn/transportAddress.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { ManualClock } from '../../../../fakes/manualClock.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const token = 'abcdefghijklmnopqrstuvwx';

/** Two ends and a wire between them: `carry` says when, in milliseconds from now, a packet arrives, as often as it does. */
function wire(clock: ManualClock, carry: (data: Buffer, to: number) => readonly number[]) {
  const listeners: DataListener[] = [() => {}, () => {}];
  const end = (own: number) => ({
    relayed: { address: '192.0.2.10', port: 50_000 + own },
    client: {
      send: ({ port }: TransportAddress, data: Buffer) => {
        const to = port - 50_000;
        for (const ms of carry(data, to)) clock.after(ms, () => listeners[to]?.(data, clock.monotonic()));
      },
      receive: (listener: DataListener) => {
        listeners[own] = listener;
      },
    },
  });
  return { from: end(0), to: end(1), hear: (own: number, data: Buffer) => listeners[own]?.(data, clock.monotonic()) };
}

async function run(packets: number, carry: (data: Buffer, to: number) => readonly number[], scope = new FakeScope()) {
  const clock = new ManualClock();
  const { from, to } = wire(clock, carry);
  const sample = runEcho(from, to, { packets, token, clock }, scope);
  await clock.advance(20_000);
  return { sample: await sample, scope, pending: clock.pending };
}

describe('an echo', () => {
  test('through a wire of 5 ms each way counts every packet and round trip; the pauses are ours', async () => {
    const { sample, scope, pending } = await run(10, () => [5]);

    expect(sample).toEqual({
      ...{ sent: 10, arrived: 10, returned: 10, lossPercent: 0, duplicates: 0, reordered: 0 },
      roundTripMs: { min: 10, median: 10, p95: 10, max: 10, jitter: 0 },
    });
    expect(scope.excludedMs).toBe(180);
    expect(pending).toBe(0);
  });

  test('tells packets that are lost there from those that are lost back', async () => {
    const { sample } = await run(10, (data, to) =>
      to === 1 ? ((data[25] ?? 0) + (data[28] ?? 0) < 2 ? [] : [1]) : [],
    );

    expect(sample).toMatchObject({ sent: 10, arrived: 8, returned: 0, lossPercent: 100 });
    expect(sample.roundTripMs).toBeUndefined();
  });

  test('counts what comes twice once, and what comes late', async () => {
    let count = 0;
    const { sample } = await run(4, (_, to) => {
      if (to === 1) return [1];
      count += 1;
      return count === 1 ? [50] : [1, 2];
    });

    expect(sample).toMatchObject({ returned: 4, reordered: 1 });
    expect(sample.duplicates).toBeGreaterThan(0);
    expect(sample.roundTripMs).toMatchObject({ min: 2, max: 51 });
  });

  test('ends with what there is when time is up', async () => {
    const clock = new ManualClock();
    const scope = new FakeScope();
    const { from, to } = wire(clock, () => [1]);

    const sample = runEcho(from, to, { packets: 100, token, clock }, scope);
    await clock.advance(30);
    scope.expire(30);

    expect(await sample).toMatchObject({ sent: 2, returned: 2 });
    expect(clock.pending).toBe(0);
  });

  test('takes no packet of another run, none that was changed and none that was not sent', async () => {
    const clock = new ManualClock();
    const { from, to, hear } = wire(clock, () => []);

    const sample = runEcho(from, to, { packets: 1, token, clock }, new FakeScope());
    hear(0, writePacket(token.toUpperCase(), 'back', 0));
    hear(0, writePacket(token, 'out', 0));
    hear(0, writePacket(token, 'back', 7));
    hear(0, Buffer.alloc(172));
    hear(0, Buffer.alloc(3));
    await clock.advance(2_000);

    expect(await sample).toMatchObject({ sent: 1, returned: 0 });
  });
});

test('a packet comes back as it was written, and no other way', () => {
  const packet = writePacket(token, 'out', 70_000);

  expect(packet).toHaveLength(172);
  expect(readPacket(packet, token, 'out')).toBe(70_000);
  expect(readPacket(packet, token, 'back')).toBeUndefined();
});

test('a sample has nearest ranks, mean difference and tenths', () => {
  const roundTripsMs = [10, 12, 11, 30, 10.04];

  expect(toSample({ sent: 6, arrived: 6, roundTripsMs, duplicates: 0, reordered: 0 })).toMatchObject({
    lossPercent: 16.7,
    roundTripMs: { min: 10, median: 11, p95: 30, max: 30, jitter: 10.5 },
  });
});

describe('of an echo is demanded', () => {
  const sample = (differs: Partial<EchoSample>): EchoSample => ({
    ...{ sent: 20, arrived: 20, returned: 20, lossPercent: 0, duplicates: 0, reordered: 0 },
    ...differs,
  });

  test('that something comes back', async () => {
    const demand = async (arrived: number) =>
      requireEcho(sample({ arrived, returned: 0, lossPercent: 100 }), 'relay', new FakeScope());

    expect(await diagnosisOf(demand(3))).toMatchObject({
      code: 'TURN_ECHO_LOST',
      error: 'relay relayed none of 20 packets: 3 reached the other, none came back',
    });
  });

  test.each([
    [5, []],
    [5.1, ['TURN_ECHO_LOSS']],
  ])('no more loss than 5 %%: %s', (lossPercent, warnings) => {
    const scope = new FakeScope();

    requireEcho(sample({ returned: 19, lossPercent }), 'relay', scope);

    expect(scope.warnings.map(({ code }) => code)).toEqual(warnings);
  });
});
