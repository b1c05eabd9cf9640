import { describe, expect, test } from 'vitest';
import { Exchange, type Outgoing } from '../../../../shared/protocols/turn/exchange.js';
import type { Link, LinkReceiver, RelayTransport } from '../../../../shared/protocols/turn/link.js';
import { encodeMessage, type StunMessage } from '../../../../shared/protocols/turn/stun/message.js';
import { readAnswer } from '../../../../shared/protocols/turn/stun/request.js';
import { FakeScope } from '../../../fakes/fakeScope.js';
import { ManualClock, settled } from '../../../fakes/manualClock.js';

const id = '0123456789abcdef01234567';
const remote = { address: '192.0.2.10', port: 3478 };
const good = encodeMessage(3, 'success', id, []);

function open(transport: RelayTransport) {
  const clock = new ManualClock();
  const scope = new FakeScope();
  const sent: number[] = [];
  let receiver: LinkReceiver | undefined;
  const link: Link = {
    transport,
    peer: 'relay over x',
    remote,
    listen: (given) => {
      receiver = given;
    },
    send: () => void sent.push(clock.monotonic()),
    close: () => {},
  };
  const indications: StunMessage[] = [];
  const exchange = new Exchange<StunMessage>(link, readAnswer, (message) => indications.push(message), clock);
  const outgoing: Outgoing<StunMessage> = {
    what: 'Allocate',
    method: 3,
    id,
    bytes: Buffer.alloc(20),
    judge: () => undefined,
  };
  return {
    ...{ clock, scope, sent, exchange, outgoing, indications },
    take: (bytes: Buffer, from = remote) => receiver?.message(bytes, from, clock.monotonic()),
    end: () => receiver?.ended({ kind: 'closed' }),
  };
}

describe('a request over UDP', () => {
  test('is sent again at the times of RFC 8489 section 6.2.1, seven times in all, and told so', async () => {
    const { clock, scope, sent, exchange, outgoing } = open('udp');

    const answer = exchange.request(outgoing, scope);
    await clock.advance(60_000);
    scope.expire(60_000);

    expect(sent).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(await answer).toMatchObject({ kind: 'none', sends: 7, waitedMs: 60_000, doubts: [], isDatagram: true });
    expect(exchange.retransmissions).toBe(6);
    expect(clock.pending).toBe(0);
  });

  test('ends with the answer and is not sent again', async () => {
    const { clock, scope, sent, exchange, outgoing, take } = open('udp');

    const answer = exchange.request(outgoing, scope);
    take(good);
    await clock.advance(5_000);

    expect(await answer).toMatchObject({ kind: 'answer', message: { id } });
    expect(sent).toEqual([0]);
    expect(clock.pending).toBe(0);
  });

  test('waits past what is doubtful for the true answer', async () => {
    const { scope, exchange, outgoing, take } = open('udp');

    const answer = exchange.request(
      { ...outgoing, judge: ({ attributes }) => (attributes.length > 0 ? 'integrity' : undefined) },
      scope,
    );
    take(encodeMessage(3, 'success', id, [{ type: 1, value: Buffer.alloc(4) }]));
    take(good, { address: '192.0.2.99', port: 3478 });
    take(good);

    expect(await answer).toMatchObject({ kind: 'answer' });
  });

  test('tells what was doubtful when its own limit is over', async () => {
    const { clock, scope, exchange, outgoing, take } = open('udp');

    const answer = exchange.request(outgoing, scope, 1_000);
    take(good, { address: '192.0.2.99', port: 3478 });
    take(encodeMessage(3, 'success', 'f'.repeat(24), []));
    take(encodeMessage(4, 'success', id, []));
    await clock.advance(1_000);

    expect(await answer).toMatchObject({
      kind: 'none',
      waitedMs: 1_000,
      sends: 2,
      doubts: ['other-address', 'unknown-id', 'method'],
    });
  });

  test('holds nothing against the relay that a stranger sends', async () => {
    const { clock, scope, exchange, outgoing, take } = open('udp');

    const answer = exchange.request(outgoing, scope, 400);
    take(encodeMessage(3, 'success', 'f'.repeat(24), []), { address: '192.0.2.99', port: 9 });
    take(Buffer.from('rubbish'), { address: '192.0.2.99', port: 9 });
    await clock.advance(400);

    expect(await answer).toMatchObject({ kind: 'none', doubts: [] });
  });

  test('is not sent when time is up already', async () => {
    const { scope, sent, exchange, outgoing } = open('udp');
    scope.expire(1);

    expect(await exchange.request(outgoing, scope)).toMatchObject({ kind: 'none', sends: 0 });
    expect(sent).toEqual([]);
  });
});

describe('a request over TCP', () => {
  test('is sent once, however long it waits', async () => {
    const { clock, scope, sent, exchange, outgoing } = open('tcp');

    const answer = exchange.request(outgoing, scope);
    await clock.advance(30_000);
    scope.expire(30_000);

    expect(sent).toEqual([0]);
    expect(await answer).toMatchObject({ kind: 'none', sends: 1, isDatagram: false });
  });

  test('ends with the first answer of its own that is doubtful', async () => {
    const { scope, exchange, outgoing, take } = open('tcp');

    const answer = exchange.request({ ...outgoing, judge: () => 'integrity' }, scope);
    take(good);

    expect(await answer).toMatchObject({ kind: 'none', doubts: ['integrity'] });
  });

  test('ends with the connection, and the next one at once', async () => {
    const { scope, sent, exchange, outgoing, end } = open('tcp');

    const answer = exchange.request(outgoing, scope);
    end();

    expect(await answer).toMatchObject({ kind: 'none', end: { kind: 'closed' } });
    expect(await exchange.request(outgoing, scope)).toMatchObject({ kind: 'none', end: { kind: 'closed' }, sends: 0 });
    expect(sent).toEqual([0]);
  });
});

test('indications are handed on, requests are not', async () => {
  const { indications, take } = open('udp');

  take(encodeMessage(7, 'indication', id, []));
  take(encodeMessage(1, 'request', id, []));
  await settled();

  expect(indications.map(({ method }) => method)).toEqual([7]);
});
