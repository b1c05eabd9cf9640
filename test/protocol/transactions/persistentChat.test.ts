import type { TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab } from '../../fixtures/tlsLab.js';
import {
  letIn,
  openRoomServer,
  type RoomPlay,
  roomAddress,
  roomMessage,
  roomPresence,
} from '../../fixtures/xmppRoom.js';
import { roomConfig, type TracedRun, tracedRun } from './tracedRun.js';

expectNoStrayErrors();
const password = 'pencil';
const secrets = { ADE_PASSWORD: password, BJO_PASSWORD: password };
let ca: string;
let options: TlsOptions;

beforeAll(async () => {
  const lab = await openTlsLab();
  ca = lab.authority.ca;
  options = await lab.options({ names: ['partner.example'] });
});

/** Two users and a room that plays as told; afterwards no connection may be open. */
async function run(play: RoomPlay, { create = true, timeoutMs = 10_000 } = {}): Promise<TracedRun> {
  const server = await openRoomServer(options, password, play);
  try {
    return await tracedRun('persistent-chat', roomConfig(server.port, { create }), { ca, secrets, timeoutMs });
  } finally {
    await server.idle();
    await server.close();
  }
}

const outcomeOf = ({ result }: TracedRun, name: string) => result.steps.find((step) => step.name === name)?.outcome;
const refusal = (condition: string, id: string) =>
  `<message type='error' id='${id}' from='${roomAddress}'><error type='auth'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
const delayed = "<delay xmlns='urn:xmpp:delay' stamp='2026-11-20T00:00:00Z'/>";
const silence = () => {};

describe('persistent-chat in a room', () => {
  test('is a success where each sees the message of the other, and both leave', async () => {
    const { result } = await run({});

    expect(result).toMatchObject({ outcome: 'success', warnings: [], observations: { roomCreated: true } });
    expect(result.steps.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  test('is one too where the room changes the nicknames on entry', async () => {
    const { result } = await run({
      enters: ({ peer, before }) => peer.writes(roomPresence(`member-${before}`, [110, 210])),
      says: ({ author, everybody, text }) => {
        for (const { peer } of everybody) peer.writes(roomMessage(`${roomAddress}/member-${author.before}`, text));
      },
    });

    expect(result.diagnosis).toBeUndefined();
    expect(result.outcome).toBe('success');
  });

  test.each<[string, RoomPlay, string, string]>([
    ['never answers', { enters: silence }, 'join-sender', 'XMPP_ROOM_SILENT'],
    [
      'answers the first user alone',
      { enters: (occupant) => occupant.before === 0 && letIn(occupant) },
      'join-receiver',
      'XMPP_ROOM_SILENT',
    ],
    [
      'ends the stream when somebody enters',
      { enters: ({ peer }) => peer.writes('</stream:stream>') },
      'join-sender',
      'XMPP_STREAM_CLOSED',
    ],
    ['does not give the message back', { says: silence }, 'send-message', 'XMPP_ROOM_SILENT'],
    [
      'refuses the message',
      { says: ({ author, id }) => author.peer.writes(refusal('forbidden', id)) },
      'send-message',
      'CHAT_MESSAGE_REFUSED',
    ],
    [
      'puts the author out in place of the message',
      {
        says: ({ author: { peer, asked } }) =>
          peer.writes(roomPresence(asked, [307, 110], { type: 'unavailable', more: '<reason>noise</reason>' })),
      },
      'send-message',
      'XMPP_ROOM_REMOVED',
    ],
    [
      'hands the message to its author alone',
      { says: ({ author, from, text }) => author.peer.writes(roomMessage(from, text)) },
      'receive-message',
      'CHAT_MESSAGE_NOT_DELIVERED',
    ],
    [
      'hands the message to the other as history, with the same token',
      {
        says: ({ author, everybody, from, text }) => {
          for (const { peer } of everybody) peer.writes(roomMessage(from, text, peer === author.peer ? '' : delayed));
        },
      },
      'receive-message',
      'CHAT_MESSAGE_NOT_DELIVERED',
    ],
    [
      'hands the message on in the name of another',
      {
        says: ({ author, everybody, from, text }) => {
          for (const { peer } of everybody)
            peer.writes(roomMessage(peer === author.peer ? from : `${roomAddress}/mallory`, text));
        },
      },
      'receive-message',
      'CHAT_MESSAGE_NOT_DELIVERED',
    ],
    [
      'alters the message for the other',
      {
        says: ({ author, everybody, from, text }) => {
          for (const { peer } of everybody) peer.writes(roomMessage(from, peer === author.peer ? text : `${text}!`));
        },
      },
      'receive-message',
      'CHAT_TEXT_ALTERED',
    ],
    [
      'puts the reader out before the message comes',
      {
        says: ({ author, everybody, from, text }) => {
          author.peer.writes(roomMessage(from, text));
          const reader = everybody.find(({ peer }) => peer !== author.peer);
          reader?.peer.writes(roomPresence(reader.asked, [332, 110], { type: 'unavailable' }));
        },
      },
      'receive-message',
      'XMPP_ROOM_REMOVED',
    ],
    [
      'drops the connection of the reader in the middle of a stanza',
      {
        says: ({ author, everybody, from, text }) => {
          author.peer.writes(roomMessage(from, text));
          const reader = everybody.find(({ peer }) => peer !== author.peer);
          reader?.peer.socket.end('<message');
        },
      },
      'receive-message',
      'XMPP_CONNECTION_LOST',
    ],
    [
      'refuses the reply',
      { says: ({ author, id }, hand) => (author.before === 0 ? hand() : author.peer.writes(refusal('forbidden', id))) },
      'send-reply',
      'CHAT_MESSAGE_REFUSED',
    ],
  ])('that %s fails at %s with %s, and nobody stays signed in', async (_, play, step, code) => {
    const traced = await run(play, { timeoutMs: 2_000 });

    expect(traced.result).toMatchObject({ outcome: 'failure', diagnosis: { step, code } });
    expect(outcomeOf(traced, 'sign-out-sender')).toBe('passed');
  });

  test('that lets somebody in and does not say so is left all the same', async () => {
    const left: string[] = [];
    const { result } = await run(
      { enters: silence, leaves: ({ asked }) => void left.push(asked) },
      { timeoutMs: 2_000 },
    );

    expect(result.diagnosis).toMatchObject({ step: 'join-sender', code: 'XMPP_ROOM_SILENT' });
    expect(left).toHaveLength(1);
  });

  test('that does not answer the leave fails at leaving, and both sign out', async () => {
    const traced = await run({ leaves: silence });

    expect(traced.result).toMatchObject({
      outcome: 'failure',
      diagnosis: { step: 'leave-room', code: 'XMPP_ROOM_SILENT' },
    });
    for (const step of ['receive-reply', 'sign-out-receiver', 'sign-out-sender']) {
      expect(outcomeOf(traced, step)).toBe('passed');
    }
  });

  test('that did not exist is not made where the settings do not say so', async () => {
    const { result } = await run({}, { create: false });

    expect(result.diagnosis).toMatchObject({ step: 'join-sender', code: 'XMPP_ROOM_NOT_FOUND' });
  });
});
