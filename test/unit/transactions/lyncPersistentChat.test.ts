import { describe, expect, test } from 'vitest';
import { type DiagnosisCode, diagnosis, ProbeError } from '../../../shared/domain/diagnosis.js';
import type { Account } from '../../../shared/domain/edge.js';
import type { PostedText } from '../../../shared/protocols/lync/chat/chatText.js';
import type { LyncChat } from '../../../shared/protocols/lync/chat/lyncChat.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { lyncPersistentChat } from '../../../shared/transactions/lyncPersistentChat.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { sampleAccount, sampleEdge, sampleSettings, world } from '../../fakes/world.js';

const accounts = {
  first: sampleAccount(),
  second: sampleAccount({ sipAddress: 'sip:kenmyer@contoso.example', userName: 'kenmyer' }),
};
const room = { domain: 'contoso.example', id: 'r1' };

/** What is asked of the two users, in order, and at which of it the service fails. */
interface Plan {
  readonly failing?: string;
  readonly code?: DiagnosisCode;
}

function chats({ failing, code = 'CHAT_REPLY_TIMEOUT' }: Plan) {
  const calls: string[] = [];
  const posted: PostedText[] = [];
  const chat = ({ sipAddress }: Account): LyncChat => {
    const name = sipAddress.slice('sip:'.length, sipAddress.indexOf('@'));
    let inside = false;
    const step = async (what: string): Promise<void> => {
      calls.push(`${name} ${what}`);
      if (`${name} ${what}` === failing) throw new ProbeError(diagnosis(code, { error: `${what} went wrong` }));
    };
    return {
      sipAddress,
      peer: 'sip.contoso.example',
      get mayBeInside() {
        return inside;
      },
      async findService() {
        await step('finds service');
        return `sip:${name}-service@contoso.example`;
      },
      async open(uri) {
        inside = true;
        await step(`opens ${uri}`);
      },
      async findRoom(wanted) {
        await step(`finds room ${wanted}`);
        return room;
      },
      join: ({ id }) => step(`joins ${id}`),
      async post(message) {
        posted.push(message);
        await step('posts');
        return message;
      },
      receive: (message) => step(`receives ${message.token}`),
      warnOfCopies: (message) => step(`looks for copies of ${message.token}`),
      async leave() {
        inside = false;
        await step('leaves');
      },
      close: () => void calls.push(`${name} closes`),
    };
  };
  return { calls, posted, chat };
}

async function run(plan: Plan = {}) {
  const made = chats(plan);
  const ports = fakePorts({ chat: made.chat });
  let count = 0;
  const token = (length: number) => String.fromCharCode(97 + count++).repeat(length);
  const edge = sampleEdge({ dialect: 'lync' });
  const settings = sampleSettings({ room: 'Probe room', users: undefined });
  const result = await runTransaction(lyncPersistentChat, world({ edge, ports, accounts, settings, token }));
  return { ...made, ports, result };
}

describe('persistent-chat', () => {
  test('lets both users enter the room of the settings, and each see the message of the other', async () => {
    const { calls, posted, result } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
      Object.keys(lyncPersistentChat.steps).map((name) => `${name} passed`),
    );
    const [mine, theirs] = ['a'.repeat(24), 'b'.repeat(24)];
    expect(calls).toEqual([
      'pilar finds service',
      'pilar opens sip:pilar-service@contoso.example',
      'pilar finds room Probe room',
      'pilar joins r1',
      'kenmyer finds service',
      'kenmyer opens sip:kenmyer-service@contoso.example',
      'kenmyer joins r1',
      'pilar posts',
      `kenmyer receives ${mine}`,
      'kenmyer posts',
      `pilar receives ${theirs}`,
      `kenmyer looks for copies of ${mine}`,
      `pilar looks for copies of ${theirs}`,
      'kenmyer leaves',
      'pilar leaves',
      'kenmyer closes',
      'pilar closes',
    ]);
    expect(posted).toEqual([
      {
        room,
        from: 'sip:pilar@contoso.example',
        to: 'sip:kenmyer@contoso.example',
        token: mine,
        text: `Edge Probes message ${mine}: Grüße, 你好 <b>&amp; "quoted"</b> ✓ 🙂`,
      },
      expect.objectContaining({ from: 'sip:kenmyer@contoso.example', token: theirs }),
    ]);
  });

  test.each([
    ['pilar finds service', 'find-service-sender', []],
    ['pilar opens sip:pilar-service@contoso.example', 'open-session-sender', ['pilar leaves']],
    ['pilar joins r1', 'join-sender', ['pilar leaves']],
    ['kenmyer finds service', 'find-service-receiver', ['pilar leaves']],
    ['kenmyer joins r1', 'join-receiver', ['kenmyer leaves', 'pilar leaves']],
    [`kenmyer receives ${'a'.repeat(24)}`, 'receive-message', ['kenmyer leaves', 'pilar leaves']],
  ])('that fails when %s fails at %s, and takes out whoever may be inside', async (failing, step, leaving) => {
    const { calls, ports, result } = await run({ failing });

    expect(result.diagnosis).toMatchObject({ code: 'CHAT_REPLY_TIMEOUT', step, layer: 'chat' });
    expect(calls.filter((call) => call.endsWith('leaves'))).toEqual(leaving);
    // Both sign out, whatever happened in the room.
    expect(ports.calls.filter((call) => call === 'register 0')).toHaveLength(2);
    expect(result.steps.find(({ name }) => name === 'leave-room')?.outcome).toBe(
      leaving.length > 0 ? 'passed' : 'skipped',
    );
  });

  test('fails where a user cannot leave, and lets the other one leave all the same', async () => {
    const { calls, result } = await run({ failing: 'kenmyer leaves', code: 'CHAT_LEAVE_REFUSED' });

    expect(result.diagnosis).toMatchObject({ code: 'CHAT_LEAVE_REFUSED', step: 'leave-room' });
    expect(calls).toContain('pilar leaves');
  });
});
