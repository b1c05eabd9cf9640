import { describe, expect, test } from 'vitest';
import { Inbox } from '../../../../shared/protocols/sip/inbox.js';
import { FakeScope } from '../../../fakes/fakeScope.js';
import { ManualClock } from '../../../fakes/manualClock.js';

const lost = { kind: 'connection-lost', cause: undefined, pendingBytes: 0 } as const;

function inbox() {
  const clock = new ManualClock();
  const scope = new FakeScope();
  return { clock, scope, box: new Inbox<{ at: number; name: string }>(clock, () => 17) };
}

describe('an inbox', () => {
  test('gives what came before anybody asked, in its order', async () => {
    const { box, scope } = inbox();
    box.push({ at: 0, name: 'first' });
    box.push({ at: 0, name: 'second' });

    const taken = [await box.next(scope), await box.next(scope)];

    expect(taken).toMatchObject([{ item: { name: 'first' } }, { item: { name: 'second' } }]);
  });

  test('gives what comes while somebody waits', async () => {
    const { box, scope } = inbox();
    const waiting = box.next(scope);

    box.push({ at: 0, name: 'late' });

    expect(await waiting).toMatchObject({ kind: 'item', item: { name: 'late' } });
  });

  test('gives up when the time is over, and tells how much of a message had come', async () => {
    const { box, scope } = inbox();
    const waiting = box.next(scope);

    scope.expire(1_000);

    expect(await waiting).toEqual({ kind: 'timeout', limitMs: 1_000, pendingBytes: 17 });
  });

  test('tells of the end of the connection only after what came before it', async () => {
    const { box, scope } = inbox();
    box.push({ at: 0, name: 'last words' });
    box.end(lost);

    expect(await box.next(scope)).toMatchObject({ kind: 'item' });
    expect(await box.next(scope)).toEqual({ kind: 'ended', end: lost });
  });

  test('ends a wait at once when the connection ends', async () => {
    const { box, scope } = inbox();
    const waiting = box.next(scope);

    box.end(lost);

    expect(await waiting).toEqual({ kind: 'ended', end: lost });
  });

  test('counts the time on the wire alone: what passed between arrival and taking is ours', async () => {
    const { box, scope, clock } = inbox();
    const waiting = box.next(scope);

    clock.block(40);
    const arrivedAt = clock.monotonic();
    clock.block(3);
    box.push({ at: arrivedAt, name: 'parsed for 3 ms' });
    await waiting;

    expect(scope.excludedMs).toBe(3);
  });

  test('books no time for what had come before the wait began', async () => {
    const { box, scope, clock } = inbox();
    box.push({ at: clock.monotonic(), name: 'early' });
    clock.block(100);

    await box.next(scope);

    expect(scope.excludedMs).toBe(0);
  });

  test('drops what a flooding peer sends beyond two hundred', () => {
    const { box } = inbox();

    for (let count = 0; count < 1_000; count += 1) box.push({ at: 0, name: String(count) });

    expect(box.unread).toHaveLength(200);
    expect(box.unread[0]?.name).toBe('0');
  });
});
