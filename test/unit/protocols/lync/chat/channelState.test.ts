import { describe, expect, test } from 'vitest';
import {
  advance,
  type ChannelEvent,
  type ChannelStep,
  quietChannel,
} from '../../../../../shared/protocols/lync/chat/channelState.js';
import type { EnvelopePart, Reply } from '../../../../../shared/protocols/lync/chat/envelope.js';

function reply(differs: Partial<Reply> = {}): Reply {
  return {
    kind: 'reply',
    name: 'join',
    envelope: '1',
    sequence: '1',
    code: 200,
    text: 'SUCCESS_OK',
    data: undefined,
    ...differs,
  };
}

function came(...parts: readonly EnvelopePart[]): ChannelEvent {
  return { kind: 'document', reading: { kind: 'envelope', parts } };
}

const asked: ChannelEvent = { kind: 'asked', envelope: '1', name: 'join' };

/** The state after all events, and what the last of them asked for. */
function played(...events: readonly ChannelEvent[]): ChannelStep {
  let step: ChannelStep = { state: quietChannel, actions: [] };
  for (const event of events) step = advance(step.state, event);
  return step;
}

describe('a channel', () => {
  test('takes the reply to the command that it asked, once', () => {
    const once = played(asked, came(reply()));
    const twice = played(asked, came(reply()), came(reply()));

    expect(once.actions).toEqual([{ kind: 'take-reply', reply: reply() }]);
    expect(once.state.awaited).toBeUndefined();
    expect(twice.actions).toEqual([{ kind: 'warn-of-repeat', reply: reply() }]);
  });

  test('takes it out of an envelope with others, in their order', () => {
    const message = { kind: 'chat', room: 'r', author: 'a', text: 't' } as const;

    const { actions, state } = played(
      asked,
      came(reply({ envelope: '9' }), message, { kind: 'notice', name: 'ntc:join' }, reply()),
    );

    expect(actions).toEqual([
      { kind: 'take-message', message },
      { kind: 'take-reply', reply: reply() },
    ]);
    expect(state.strays).toEqual([{ kind: 'unmatched', reply: reply({ envelope: '9' }) }]);
  });

  test.each([
    ['to another envelope', reply({ envelope: '2' }), 'unmatched'],
    ['to another place in it', reply({ sequence: '2' }), 'unmatched'],
    ['to nothing', reply({ envelope: '', sequence: '' }), 'unmatched'],
    ['of another name', reply({ name: 'dance' }), 'unknown'],
  ])('passes over a reply %s, and waits on', (_, other, kind) => {
    const { actions, state } = played(asked, came(other));

    expect(actions).toEqual([]);
    expect(state.awaited).toEqual({ envelope: '1', name: 'join' });
    expect(state.strays.map((stray) => stray.kind)).toEqual([kind]);
  });

  test('takes the reply about the server under its short name, and a refusal under the name of an error', () => {
    const about: ChannelEvent = { kind: 'asked', envelope: '1', name: 'getserverinfo' };

    expect(played(about, came(reply({ name: 'getservinfo' }))).actions).toHaveLength(1);
    expect(played(asked, came(reply({ name: 'error', code: 403 }))).actions).toHaveLength(1);
  });

  test('takes no history for a reply, a repetition or news: servers send it unasked after an entry', () => {
    const chat = { namespace: '', name: 'chat', attributes: {}, children: [], text: 'of yesterday' };
    const inside = { namespace: '', name: 'msg', attributes: {}, children: [chat], text: '' };
    const chanib = { namespace: '', name: 'chanib', attributes: {}, children: [inside], text: '' };
    const data = { namespace: '', name: 'data', attributes: {}, children: [chanib], text: '' };

    const { actions, state } = played(asked, came(reply()), came(reply({ name: 'bccontext', data })));

    expect(actions).toEqual([]);
    expect(state.strays).toEqual([{ kind: 'history', texts: ['of yesterday'] }]);
  });

  test('hears of a message that is refused after all, and of nothing where it is not', () => {
    const posted: ChannelEvent = { kind: 'posted', envelope: '5' };
    const refusal = reply({ name: 'grpchat', envelope: '5', code: 403 });

    expect(played(posted, came(refusal)).actions).toEqual([{ kind: 'take-refusal', envelope: '5', reply: refusal }]);
    expect(played(posted, came({ ...refusal, code: 200 })).actions).toEqual([]);
    expect(played(posted, came(refusal), came(refusal)).actions).toEqual([{ kind: 'warn-of-repeat', reply: refusal }]);
  });

  test('takes no late reply for the one to the next command', () => {
    const { actions, state } = played(
      asked,
      { kind: 'given-up' },
      { kind: 'asked', envelope: '2', name: 'join' },
      came(reply()),
    );

    expect(actions).toEqual([]);
    expect(state.awaited).toEqual({ envelope: '2', name: 'join' });
  });

  test('forgets what came before a wait began, and keeps no more than fifty', () => {
    const stray = came({ kind: 'unknown', what: 'dance' });
    const many = Array.from({ length: 60 }, () => stray);

    expect(played(...many).state.strays).toHaveLength(50);
    expect(played(...many, { kind: 'listening' }).state.strays).toEqual([]);
    expect(played(...many, asked).state.strays).toEqual([]);
  });
});
