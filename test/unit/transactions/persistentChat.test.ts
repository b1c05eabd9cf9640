import { describe, expect, test } from 'vitest';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { persistentChat } from '../../../shared/transactions/persistentChat.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { fakeXmppClients, type XmppPlan } from '../../fakes/fakeXmppClient.js';
import { sampleAccount, sampleSettings, world } from '../../fakes/world.js';

const accounts = {
  firstMember: sampleAccount({ sipAddress: 'sip:ade@partner.example', userName: 'ade@partner.example' }),
  secondMember: sampleAccount({ sipAddress: 'sip:bjo@partner.example', userName: 'bjo@partner.example' }),
};
const member = (name: string) => ({ jid: `${name}@partner.example`, password: { env: 'X' }, service: undefined });
const users = { first: member('ade'), second: member('bjo') };

async function run(plan: XmppPlan = {}) {
  const { calls, open } = fakeXmppClients(plan);
  const settings = sampleSettings({ room: 'probes@rooms.partner.example', create: true, users });
  const ports = fakePorts({ xmppClient: open });
  let tokens = 0;
  const token = (length: number) => String(tokens++).padStart(length, '0');
  const result = await runTransaction(persistentChat, world({ accounts, ports, settings, token }));
  const outcomes = Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]));
  return { result, calls, outcomes };
}

describe('persistent-chat in dialect rfc', () => {
  test('succeeds when each has seen the message of the other, and ends what it began in reverse order', async () => {
    const { result, calls } = await run();

    expect(result.outcome).toBe('success');
    expect(result.targetFqdn).toBe('xmpp.partner.example');
    expect(calls.filter((call) => !/resolve|connect|secure/.test(call))).toEqual([
      ...['ade authenticate', 'ade announce', 'bjo authenticate', 'bjo announce'],
      // The first may make the room; the second must find it.
      ...['ade join or make', 'bjo join', 'ade say', 'bjo say'],
      ...['bjo leave', 'ade leave', 'bjo sign out', 'ade sign out', 'bjo close', 'ade close'],
    ]);
  });

  test('leaves a room whose answer to the entry was lost', async () => {
    const { outcomes, calls, result } = await run({
      entry: { kind: 'timeout', limitMs: 10_000, pendingCharacters: 0 },
    });

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_ROOM_SILENT', step: 'join-sender' });
    expect(outcomes).toMatchObject({ 'leave-room': 'passed', 'sign-out-sender': 'passed' });
    expect(calls).toContain('ade leave');
  });

  test('fails at leaving where the room does not let go, and signs both out', async () => {
    const { outcomes, result } = await run({ holdsFast: true });

    expect(result.diagnosis).toMatchObject({
      code: 'XMPP_ROOM_SILENT',
      step: 'leave-room',
      error: expect.stringMatching(
        /^xmpp\.partner\.example sent no that probes@rooms\.partner\.example\/probe-\w+ has left the room within 10000 ms$/,
      ),
    });
    expect(outcomes).toMatchObject({ 'sign-out-receiver': 'passed', 'sign-out-sender': 'passed' });
  });

  test('signs the first user out where the second is refused, and asks nothing of a room', async () => {
    const { outcomes, calls } = await run({ failing: { call: 'bjo authenticate', code: 'AUTH_CREDENTIALS_REJECTED' } });

    expect(outcomes).toMatchObject({
      'sign-in-receiver': 'failed',
      'leave-room': 'skipped',
      'sign-out-sender': 'passed',
    });
    expect(calls.filter((call) => /join|leave/.test(call))).toEqual([]);
  });

  test('does not sign out whom it did not come to sign in', async () => {
    const { calls, outcomes } = await run({ failing: { call: 'ade secure', code: 'TLS_NAME_MISMATCH' } });

    expect(outcomes).toMatchObject({ 'tls-sender': 'failed', 'sign-out-sender': 'skipped' });
    expect(calls).toEqual(['ade resolve', 'ade connect', 'ade secure', 'ade close']);
  });
});
