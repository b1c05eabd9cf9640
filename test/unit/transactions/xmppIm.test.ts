import { describe, expect, test } from 'vitest';
import type { Account } from '../../../shared/domain/edge.js';
import { limitOf } from '../../../shared/domain/scope.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { xmppIm } from '../../../shared/transactions/xmppIm.js';
import { fakePorts, response, type Talk } from '../../fakes/fakePorts.js';
import { fakeXmppClients, type XmppPlan } from '../../fakes/fakeXmppClient.js';
import { sampleAccount, sampleSettings, world } from '../../fakes/world.js';

const sipAddress = 'sip:ade@partner.example';
const partner = sampleAccount({ sipAddress, userName: 'ade@partner.example' });
const receiver = { jid: 'ade@partner.example', sipAddress, password: undefined, service: undefined };

interface Plan extends XmppPlan {
  /** Whether the settings have the password of the receiver. */
  readonly signsIn?: boolean;
  readonly status?: number;
}

/** A gateway that carries everything at once, both ways. */
async function run({ signsIn = true, status = 202, ...plan }: Plan = {}) {
  const repliedTo: string[] = [];
  let written = '';
  const { calls, sent, open } = fakeXmppClients({
    async awaitMessage({ sentId }, { signal }) {
      if (sentId === undefined) {
        return { kind: 'message', message: { at: 0, from: 'pilar@contoso.example', id: undefined, text: written } };
      }
      return { kind: 'timeout', limitMs: limitOf(signal), pendingCharacters: 0 };
    },
    ...plan,
  });
  const talk = (_: Account): Talk => ({
    unreadMessages: [],
    async sendMessage(to, text) {
      written = text;
      calls.push(`pilar writes to ${to}`);
      return response(status, 'As Planned');
    },
    nextMessage: ({ signal }) =>
      new Promise((resolve) => {
        const reply = sent.shift();
        if (!reply) {
          signal.addEventListener('abort', () => resolve({ kind: 'timeout', limitMs: 0, pendingBytes: 0 }));
          return;
        }
        repliedTo.push(reply.to);
        resolve({ kind: 'item', item: { at: 0, from: sipAddress, contentType: 'text/plain', text: reply.text } });
      }),
  });
  const ports = fakePorts({ talk, xmppClient: open });
  const result = await runTransaction(
    xmppIm,
    world({
      accounts: { first: sampleAccount(), ...(signsIn ? { receiver: partner } : {}) },
      ports,
      settings: sampleSettings({ receiver }),
    }),
  );
  const outcomes = Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]));
  return { result, outcomes, calls, repliedTo, sip: ports.calls };
}

describe('xmpp-im in dialect rfc', () => {
  test('has the receiver signed in before anything is sent, and replies to the address that the message came from', async () => {
    const { result, calls, repliedTo, sip } = await run();

    expect(result.diagnosis).toBeUndefined();
    expect(calls).toEqual([
      ...['resolve', 'connect', 'secure', 'authenticate', 'announce'].map((call) => `ade ${call}`),
      `pilar writes to ${sipAddress}`,
      'ade sign out',
      'ade close',
    ]);
    expect(repliedTo).toEqual(['pilar@contoso.example']);
    expect(sip.slice(-4)).toEqual(['register 0', 'close user', 'close tls', 'close tcp']);
  });

  test('without credentials of the receiver ends with the sending, and says that nobody saw it arrive', async () => {
    const { result, outcomes, calls } = await run({ signsIn: false });

    expect(result.outcome).toBe('success');
    expect(result.warnings).toMatchObject([{ code: 'XMPP_DELIVERY_UNSEEN', step: 'send-message' }]);
    expect(outcomes).toMatchObject({ 'sign-in-receiver': 'skipped', 'receive-message': 'skipped' });
    expect(calls).toEqual([`pilar writes to ${sipAddress}`]);
  });

  test('fails at sending where the gateway refuses, and signs both out', async () => {
    const { result, outcomes } = await run({ status: 404 });

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_GATEWAY_MISSING', step: 'send-message' });
    expect(outcomes).toMatchObject({ 'sign-out-receiver': 'passed', 'unregister-sender': 'passed' });
  });

  test('sends nothing where the receiver is refused, and signs the sender out', async () => {
    const { result, outcomes, calls } = await run({
      failing: { call: 'ade authenticate', code: 'AUTH_CREDENTIALS_REJECTED' },
    });

    expect(result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', step: 'sign-in-receiver' });
    expect(outcomes).toMatchObject({ 'send-message': 'skipped', 'unregister-sender': 'passed' });
    expect(calls.filter((call) => call.includes('writes'))).toEqual([]);
  });
});
