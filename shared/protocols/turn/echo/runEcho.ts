import type { Clock } from '../../../domain/clock.js';
import type { Scope } from '../../../domain/scope.js';
import type { RelayClient } from '../relayClient.js';
import type { TransportAddress } from '../transportAddress.js';
import { readPacket, writePacket } from './packet.js';
import { type EchoSample, toSample } from './sample.js';

/** One allocation and where peers reach it. */
export interface EchoEnd {
  readonly client: Pick<RelayClient, 'send' | 'receive'>;
  readonly relayed: TransportAddress;
}

/** As speech is sent: one packet each 20 ms. */
const intervalMs = 20;
/** What has not come back this long after the last packet was sent is lost. */
const patienceMs = 1_000;

/**
 * Sends packets from one allocation to the other, which sends each back, and waits for them. `token` tells them from all
 * others. Resolves also when the scope ends before: what was not back by then is lost.
 */
export function runEcho(
  from: EchoEnd,
  to: EchoEnd,
  { packets, token, clock }: { readonly packets: number; readonly token: string; readonly clock: Clock },
  scope: Scope,
): Promise<EchoSample> {
  return new Promise((resolve) => {
    const sentAt: number[] = [];
    const backAt = new Map<number, number>();
    const arrived = new Set<number>();
    let duplicates = 0;
    let reordered = 0;
    let last = -1;
    let stopTimer = () => {};

    const finish = () => {
      stopTimer();
      scope.signal.removeEventListener('abort', finish);
      from.client.receive(() => {});
      to.client.receive(() => {});
      const roundTripsMs = sentAt.flatMap((at, sequence) => {
        const back = backAt.get(sequence);
        return back === undefined ? [] : [Math.max(back - at, 0)];
      });
      // The pauses between the packets are ours.
      scope.exclude((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0));
      resolve(toSample({ sent: sentAt.length, arrived: arrived.size, roundTripsMs, duplicates, reordered }));
    };
    const sendNext = () => {
      const sequence = sentAt.length;
      sentAt.push(clock.monotonic());
      from.client.send(to.relayed, writePacket(token, 'out', sequence));
      stopTimer = sequence + 1 < packets ? clock.after(intervalMs, sendNext) : clock.after(patienceMs, finish);
    };
    to.client.receive((data) => {
      const sequence = readPacket(data, token, 'out');
      if (sequence === undefined || sequence >= sentAt.length || arrived.has(sequence)) return;
      arrived.add(sequence);
      to.client.send(from.relayed, writePacket(token, 'back', sequence));
    });
    from.client.receive((data, at) => {
      const sequence = readPacket(data, token, 'back');
      if (sequence === undefined || sequence >= sentAt.length) return;
      if (backAt.has(sequence)) {
        duplicates += 1;
        return;
      }
      backAt.set(sequence, at);
      if (sequence < last) reordered += 1;
      last = Math.max(last, sequence);
      if (backAt.size === packets) finish();
    });
    if (scope.signal.aborted) return finish();
    scope.signal.addEventListener('abort', finish, { once: true });
    sendNext();
  });
}
