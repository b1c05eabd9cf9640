import { describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { limitOf, type Scope } from '../../../shared/domain/scope.js';
import type { SipAnswer } from '../../../shared/protocols/sip/answer.js';
import type { ReceivedMessage } from '../../../shared/protocols/sip/im/receivedMessage.js';
import type { Arrival } from '../../../shared/protocols/sip/inbox.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { im } from '../../../shared/transactions/im.js';
import { fakePorts, response, type Talk } from '../../fakes/fakePorts.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { sampleAccount, world } from '../../fakes/world.js';

const accounts = {
  first: sampleAccount(),
  second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example', userName: 'kenmyer' }),
};

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** A server that delivers each letter as `carry` says; by default once, as it was written. */
interface Post {
  readonly answer?: (letter: Letter) => SipAnswer;
  readonly carry?: (letter: Letter) => readonly Letter[];
}

function users({ answer = () => response(200, 'OK'), carry = (letter) => [letter] }: Post) {
  const sent: Letter[] = [];
  const boxes = new Map<string, ReceivedMessage[]>();
  const boxOf = (address: string) => boxes.get(address) ?? boxes.set(address, []).get(address) ?? [];
  const talk = ({ sipAddress }: { readonly sipAddress: string }): Talk => ({
    unreadMessages: boxOf(sipAddress),
    async sendMessage(to, text) {
      const letter = { from: sipAddress, to, text };
      sent.push(letter);
      for (const one of carry(letter)) {
        boxOf(one.to).push({ at: 0, from: one.from, contentType: 'text/plain', text: one.text });
      }
      return answer(letter);
    },
    nextMessage(scope) {
      const item = boxOf(sipAddress).shift();
      return item ? Promise.resolve({ kind: 'item', item }) : timeUp(scope);
    },
  });
  return { sent, ports: fakePorts({ talk }) };
}

function timeUp({ signal }: Scope): Promise<Arrival<ReceivedMessage>> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'timeout', limitMs: limitOf(signal), pendingBytes: 0 }));
  });
}

async function run(post: Post = {}) {
  const made = users(post);
  const clock = new ManualClock();
  let count = 0;
  const token = (length: number) => String.fromCharCode(97 + count++).repeat(length);
  const ended = runTransaction(im, world({ ports: made.ports, accounts, clock, token }));
  await clock.advance(45_000);
  return { ...made, clock, result: await ended };
}

function outcomes(result: TransactionResult): Record<string, string> {
  return Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]));
}

describe('im', () => {
  test('sends a message of its own both ways, with letters beyond ASCII and markup', async () => {
    const { sent, result, ports } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
    expect(sent.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'sip:pilar@contoso.example sip:kenmyer@contoso.example',
      'sip:kenmyer@contoso.example sip:pilar@contoso.example',
    ]);
    expect(sent[0]?.text).toBe(`Edge Probes message ${'a'.repeat(24)}: Grüße, 你好 <b>&amp; "quoted"</b> ✓ 🙂`);
    expect(sent[1]?.text).toBe(`Edge Probes reply ${'b'.repeat(24)}: Grüße, 你好 <b>&amp; "quoted"</b> ✓ 🙂`);
    expect(ports.calls.filter((call) => call.startsWith('register'))).toHaveLength(4);
  });

  test('does not take the reply of another run for its own', async () => {
    const carry: Post['carry'] = (letter) =>
      letter.text.includes('reply') ? [{ ...letter, text: letter.text.replace(/b{24}/, 'c'.repeat(24)) }] : [letter];

    const { result, clock } = await run({ carry });

    expect(result.diagnosis).toMatchObject({
      code: 'IM_DELIVERY_TIMEOUT',
      layer: 'im',
      step: 'receive-reply',
      error:
        'MESSAGE was answered 200, but did not reach sip:pilar@contoso.example within 10000 ms; 1 other message did',
    });
    expect(clock.pending).toBe(0);
  });

  test('passes over what a third user writes meanwhile', async () => {
    const carry: Post['carry'] = (letter) => [{ ...letter, from: 'sip:adele@contoso.example', text: 'Hello' }, letter];

    expect((await run({ carry })).result.outcome).toBe('success');
  });

  test('that is accepted and not delivered fails at the receiver, and sends no reply', async () => {
    const { sent, result } = await run({ answer: () => response(202, 'Accepted'), carry: () => [] });

    expect(result.diagnosis).toMatchObject({ code: 'IM_ACCEPTED_NOT_DELIVERED', step: 'receive-message' });
    expect(sent).toHaveLength(1);
    expect(outcomes(result)).toMatchObject({
      'send-reply': 'skipped',
      'unregister-receiver': 'passed',
      'unregister-sender': 'passed',
    });
  });

  test('that is refused on its way back fails at the reply', async () => {
    const answer: Post['answer'] = ({ text }) =>
      text.includes('reply') ? response(480, 'Temporarily Unavailable') : response(200, 'OK');

    const { result } = await run({ answer, carry: (letter) => (letter.text.includes('reply') ? [] : [letter]) });

    expect(result.diagnosis).toMatchObject({
      code: 'IM_RECEIVER_UNAVAILABLE',
      step: 'send-reply',
      error: 'server answered 480 Temporarily Unavailable to MESSAGE, expected 200',
    });
  });

  test('warns when a message came twice: users see it twice too', async () => {
    const { result } = await run({ carry: (letter) => [letter, letter] });

    expect(result.outcome).toBe('success');
    expect(result.warnings).toMatchObject([
      { code: 'IM_DELIVERED_TWICE', step: 'receive-reply', degrades: true },
      { code: 'IM_DELIVERED_TWICE', step: 'receive-reply', degrades: true },
    ]);
  });
});
