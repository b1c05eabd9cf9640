import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../../shared/cli/runCli.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';
import { type Simulated, simulatedRun } from './simulatedRun.js';

let simulator: EdgeSimulator;
let simulated: Simulated;

beforeAll(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
  simulated = simulatedRun(simulator);
});
afterAll(async () => {
  simulated.close();
  await simulator.close();
});

/** Nobody is in a room, has a session or is signed in: the next run finds a clean state. */
afterEach(() => nobodyIsLeft(simulator));

function nobodyIsLeft(left: EdgeSimulator): Promise<void> {
  return vi.waitFor(() => {
    const { bindings, chatSessions, chatRooms, connections } = left.state();
    const participants = (chatRooms as { participants: string[] }[]).flatMap((room) => room.participants);
    expect({ bindings, chatSessions, participants, open: connections.open }).toEqual({
      bindings: [],
      chatSessions: [],
      participants: [],
      open: 0,
    });
  });
}

async function under(fault: string, timeoutMs?: number) {
  await simulator.setFault(fault);
  return simulated.run('persistent-chat', timeoutMs).finally(() => simulator.clearFault(fault));
}

function configOf({ folder }: Simulated): string {
  return join(folder, 'probes.json');
}

/** A run in another room than usual. */
async function inRoom(room: string) {
  const other = simulatedRun(simulator);
  const document = JSON.parse(readFileSync(configOf(other), 'utf8'));
  document.edges[0].transactions['persistent-chat'].room = room;
  writeFileSync(configOf(other), JSON.stringify(document));
  return other.run('persistent-chat').finally(() => other.close());
}

describe('persistent-chat', () => {
  test('proves that each user sees the message of the other, and leaves nobody behind', async () => {
    const result = await simulated.run('persistent-chat');

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'connect-sender passed',
      'tls-sender passed',
      'register-sender passed',
      'connect-receiver passed',
      'tls-receiver passed',
      'register-receiver passed',
      'find-service-sender passed',
      'open-session-sender passed',
      'find-room passed',
      'join-sender passed',
      'find-service-receiver passed',
      'open-session-receiver passed',
      'join-receiver passed',
      'send-message passed',
      'receive-message passed',
      'send-reply passed',
      'receive-reply passed',
      'leave-room passed',
      'unregister-receiver passed',
      'unregister-sender passed',
    ]);
    expect(result.observations).toMatchObject({
      chatServer: 'sip:gc01@contoso.test',
      room: 'ma-chan://contoso.test/8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f10',
      participants: 2,
      longestMessage: 512,
    });
  });

  test.each([
    ['chat-requri-refused', []],
    ['chat-replies-together', []],
    ['chat-message-not-echoed', []],
    ['chat-message-other-run', []],
    ['chat-reply-twice', ['CHAT_REPLY_REPEATED', 'CHAT_REPLY_REPEATED']],
    ['chat-room-crowded', ['CHAT_ROOM_CROWDED', 'CHAT_ROOM_CROWDED']],
  ])('%s is no failure', async (fault, warnings) => {
    const result = await under(fault);

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings.map(({ code }) => code)).toEqual(warnings);
  });

  test.each([
    ['Board', 'CHAT_NOT_MEMBER', 'join-sender', 'FAILURE_ACCESS_DENIED to cmd:join of ma-chan://contoso.test/8f5ad6a8'],
    ['Merger', 'CHAT_ROOM_NOT_FOUND', 'find-room', 'no room called "Merger" is shown to sip:pilar@contoso.test'],
    ['Probe', 'CHAT_ROOM_NOT_FOUND', 'find-room', 'similar: Probe room, Probe room, old'],
    ['Twins', 'CHAT_ROOM_AMBIGUOUS', 'find-room', '2 rooms are called "Twins": ma-chan://contoso.test/8f5ad6a8'],
    [
      'ma-chan://contoso.test/no-such-room',
      'CHAT_ROOM_NOT_FOUND',
      'join-sender',
      'cmd:join of ma-chan://contoso.test/no',
    ],
  ])('the room %s is %s in the step %s', async (room, code, step, error) => {
    const result = await inRoom(room);

    expect(result.diagnosis).toMatchObject({ code, step, error: expect.stringContaining(error) });
  });

  test('finds a room by its address, too', async () => {
    const result = await inRoom('ma-chan://contoso.test/8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f11');

    expect(result.diagnosis).toBeUndefined();
    expect(simulator.state().chatRooms).toContainEqual(
      expect.objectContaining({ name: 'Probe room, old', messages: 3 }),
    );
  });

  test('prints what it needs with --setup, and touches nothing', async () => {
    const before = simulator.state().requests;
    const terminal = recordedTerminal();

    const exitCode = await runCli(['run', 'persistent-chat', '--setup', '--config', configOf(simulated)], {}, terminal);

    expect(exitCode).toBe(0);
    expect(terminal.stdout).toContain("New-CsPersistentChatRoom -Name 'Probe room' ");
    expect(terminal.stdout).toContain("-Members @{Add='sip:pilar@contoso.test','sip:kenmyer@contoso.test'}\n");
    expect(simulator.state().requests).toEqual(before);
  });

  test('a message that arrives twice is a warning, as far as the second one has come', async () => {
    const { outcome, warnings } = await under('chat-message-twice');

    expect(outcome).toBe('success');
    expect(new Set(warnings.map(({ code, degrades }) => `${code} ${degrades}`))).toEqual(
      new Set(['CHAT_DELIVERED_TWICE true']),
    );
  });

  test.each([
    ['chat-disabled', 'CHAT_NOT_ENABLED', 'find-service-sender'],
    ['chat-no-pool', 'CHAT_POOL_MISSING', 'find-service-sender'],
    ['chat-not-told', 'CHAT_NOT_DEPLOYED', 'find-service-sender'],
    ['chat-settings-half', 'CHAT_SETTINGS_UNREADABLE', 'find-service-sender'],
    ['chat-404', 'CHAT_SERVER_UNKNOWN', 'open-session-sender'],
    ['chat-480', 'CHAT_SERVER_UNAVAILABLE', 'open-session-sender'],
    ['chat-503', 'CHAT_SERVER_BUSY', 'open-session-sender'],
    ['chat-504', 'CHAT_SERVER_UNREACHABLE', 'open-session-sender'],
    ['chat-not-provisioned', 'CHAT_NOT_ENABLED', 'open-session-sender'],
    ['chat-too-many-sessions', 'CHAT_SESSION_REFUSED', 'open-session-sender'],
    ['chat-481', 'CHAT_SESSION_UNKNOWN', 'open-session-sender'],
    ['chat-server-silent', 'CHAT_REPLY_EMPTY', 'open-session-sender'],
    ['chat-refused', 'CHAT_COMMAND_REFUSED', 'open-session-sender'],
    ['chat-huge', 'SIP_MESSAGE_TOO_LARGE', 'open-session-sender'],
    ['chat-room-missing', 'CHAT_ROOM_NOT_FOUND', 'find-room'],
    ['chat-room-unknown', 'CHAT_ROOM_NOT_FOUND', 'join-sender'],
    ['chat-not-member', 'CHAT_NOT_MEMBER', 'join-sender'],
    ['chat-room-full', 'CHAT_JOIN_REFUSED', 'join-sender'],
    ['chat-join-empty', 'CHAT_REPLY_EMPTY', 'join-sender'],
    ['chat-message-403', 'CHAT_MESSAGE_REFUSED', 'send-message'],
    ['chat-message-refused', 'CHAT_MESSAGE_REFUSED', 'receive-message'],
    ['chat-message-altered', 'CHAT_TEXT_ALTERED', 'receive-message'],
    ['chat-message-other-author', 'CHAT_SENDER_WRONG', 'receive-message'],
    ['chat-ended', 'CHAT_SESSION_ENDED', 'receive-message'],
    ['chat-close', 'CHAT_CONNECTION_LOST', 'receive-message'],
    ['chat-part-refused', 'CHAT_LEAVE_REFUSED', 'leave-room'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    const result = await under(fault);
    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1 });
  });
});

/** Each waits for seconds, so that they wait beside each other, each with a simulator of its own. */
describe('a session that has to be refreshed', () => {
  test.concurrent.each([
    ['chat-brief', { UPDATE: expect.any(Number) }],
    ['chat-refreshed', {}],
    ['chat-requri-missing', {}],
  ])('%s is no failure', async (fault, requests) => {
    const own = await startEdgeSimulator({ dialect: 'lync', faults: [fault] });
    const files = simulatedRun(own);
    const result = await files.run('persistent-chat');

    expect(result.diagnosis).toBeUndefined();
    expect(own.state().requests).toMatchObject(requests);
    await nobodyIsLeft(own);
    files.close();
    await own.close();
  });
});

describe('what is waited for in vain', () => {
  test.concurrent.each([
    ['chat-invite-silent', 'SIP_ANSWER_TIMEOUT', 'open-session-sender', 3_000],
    ['chat-reply-missing', 'CHAT_REPLY_TIMEOUT', 'open-session-sender', 5_000],
    ['chat-reply-other-envelope', 'CHAT_REPLY_UNMATCHED', 'open-session-sender', 5_000],
    ['chat-reply-unknown', 'CHAT_ELEMENT_UNKNOWN', 'open-session-sender', 5_000],
    ['chat-command-unknown', 'CHAT_ELEMENT_UNKNOWN', 'open-session-sender', 5_000],
    ['chat-namespace', 'CHAT_NAMESPACE_WRONG', 'open-session-sender', 5_000],
    ['chat-entities', 'CHAT_DOCUMENT_FORBIDDEN', 'open-session-sender', 5_000],
    ['chat-malformed', 'CHAT_DOCUMENT_UNREADABLE', 'open-session-sender', 5_000],
    ['chat-large', 'CHAT_DOCUMENT_TOO_LARGE', 'open-session-sender', 5_000],
    ['chat-other-dialog', 'CHAT_DIALOG_UNMATCHED', 'open-session-sender', 5_000],
    ['chat-message-lost', 'CHAT_MESSAGE_NOT_DELIVERED', 'receive-message', 4_000],
    ['chat-message-late=30000', 'CHAT_MESSAGE_NOT_DELIVERED', 'receive-message', 4_000],
    ['chat-message-exchanged', 'CHAT_MESSAGE_NOT_DELIVERED', 'receive-message', 4_000],
    ['chat-message-as-history', 'CHAT_MESSAGE_NOT_DELIVERED', 'receive-message', 4_000],
    ['chat-refresh-481', 'CHAT_SESSION_EXPIRED', 'receive-message', 9_000],
    ['chat-refresh-silent', 'CHAT_SESSION_EXPIRED', 'receive-message', 9_000],
    ['chat-refresh-missed', 'CHAT_SESSION_EXPIRED', 'receive-message', 9_000],
    ['chat-bye-silent', 'SIP_ANSWER_TIMEOUT', 'leave-room', 9_000],
  ])('%s is %s in the step %s', async (fault, code, step, timeoutMs) => {
    const own = await startEdgeSimulator({ dialect: 'lync', faults: [fault] });
    const files = simulatedRun(own);
    const result = await files.run('persistent-chat', timeoutMs);
    expect(result.diagnosis).toMatchObject({ code, step, layer: layerOf(code), fault: 'target' });
    await nobodyIsLeft(own);
    files.close();
    await own.close();
  });
});

function layerOf(code: string): string {
  return code.slice(0, code.indexOf('_')).toLowerCase();
}
