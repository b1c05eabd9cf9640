import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../../../shared/domain/diagnosis.js';
import { awaitMessage, warnOfRepeats } from '../../../../../shared/protocols/sip/im/awaitMessage.js';
import { requireTaken, type SentMessage } from '../../../../../shared/protocols/sip/im/diagnoseMessage.js';
import { type ReceivedMessage, readReceivedMessage } from '../../../../../shared/protocols/sip/im/receivedMessage.js';
import type { Arrival } from '../../../../../shared/protocols/sip/inbox.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';

const peer = 'sip.contoso.com at 192.0.2.10:5061';
const sent: SentMessage = {
  from: 'sip:pilar@contoso.com',
  to: 'sip:kenmyer@contoso.com',
  text: 'Edge Probes 42: Grüße <b>',
  token: '42',
  status: 200,
};
const right: ReceivedMessage = { at: 0, from: sent.from, contentType: 'text/plain', text: sent.text };
const inVain: Arrival<ReceivedMessage> = { kind: 'timeout', limitMs: 1_000, pendingBytes: 0 };

/** What waiting came to, when these arrive and then `last`. */
async function waited(all: readonly ReceivedMessage[], last = inVain, message = sent): Promise<string> {
  const arrivals: Arrival<ReceivedMessage>[] = all.map((item) => ({ kind: 'item', item }));
  const receiver = { peer, nextMessage: async () => arrivals.shift() ?? last };
  try {
    await awaitMessage(receiver, message, new FakeScope());
    return 'it came';
  } catch (error) {
    if (error instanceof ProbeError) return error.message;
    throw error;
  }
}

describe('a message', () => {
  test.each([
    ['alone', [right]],
    ['after one of a third user', [{ ...right, from: 'sip:adele@contoso.com', text: 'Hello' }, right]],
    ['after one of another run', [{ ...right, text: 'Edge Probes 41: Grüße <b>' }, right]],
    ['after one that was too large to keep', [{ ...right, text: undefined }, right]],
    ['in the name of its sender in other letters', [{ ...right, from: 'sip:Pilar@CONTOSO.com' }]],
  ])('counts when it comes %s', async (_, all) => {
    expect(await waited(all)).toBe('it came');
  });

  test.each([
    [
      'nothing',
      [],
      'IM_DELIVERY_TIMEOUT: MESSAGE was answered 200, but did not reach sip:kenmyer@contoso.com within 1000 ms',
    ],
    [
      'another run’s',
      [{ ...right, text: 'Edge Probes 41: Grüße <b>' }],
      'IM_DELIVERY_TIMEOUT: MESSAGE was answered 200, but did not reach sip:kenmyer@contoso.com within 1000 ms; 1 other message did',
    ],
    [
      'letters lost',
      [{ ...right, text: 'Edge Probes 42: Gr??e <b>' }],
      'IM_TEXT_ALTERED: the message of sip:pilar@contoso.com reached sip:kenmyer@contoso.com altered: 25 bytes in place of 27',
    ],
    [
      'letters exchanged',
      [{ ...right, text: 'Edge Probes 42: Grüße <i>' }],
      'IM_TEXT_ALTERED: the message of sip:pilar@contoso.com reached sip:kenmyer@contoso.com altered: other ones among its 27 bytes',
    ],
    [
      'the text in another name',
      [{ ...right, from: 'sip:adele@contoso.com' }],
      'IM_SENDER_WRONG: the message of sip:pilar@contoso.com reached sip:kenmyer@contoso.com in the name of sip:adele@contoso.com',
    ],
    [
      'the text in nobody’s name',
      [{ ...right, from: undefined }],
      'IM_SENDER_WRONG: the message of sip:pilar@contoso.com reached sip:kenmyer@contoso.com in the name of nobody',
    ],
  ])('does not count as delivered when there comes %s', async (_, all, expected) => {
    expect(await waited(all)).toBe(expected);
  });

  test('that was only accepted and does not come has a code of its own', async () => {
    expect(await waited([], inVain, { ...sent, status: 202 })).toBe(
      'IM_ACCEPTED_NOT_DELIVERED: MESSAGE was answered 202, but did not reach sip:kenmyer@contoso.com within 1000 ms',
    );
  });

  test('whose receiver loses the connection, or gets half of it, is told from one that does not come', async () => {
    const lost = await waited([], {
      kind: 'ended',
      end: { kind: 'connection-lost', cause: undefined, pendingBytes: 9 },
    });
    const half = await waited([], { ...inVain, pendingBytes: 120 });

    expect([lost, half]).toEqual([
      `IM_CONNECTION_LOST: ${peer} closed the connection while the message of sip:pilar@contoso.com was awaited, after 9 bytes of a message`,
      `SIP_ANSWER_INCOMPLETE: ${peer} sent 120 bytes of a message while the message of sip:pilar@contoso.com was awaited and did not complete it within 1000 ms`,
    ]);
  });

  test('that came again is worth a warning that degrades', () => {
    const scope = new FakeScope();

    warnOfRepeats({ unreadMessages: [right, { ...right, text: 'Hello' }, right] }, sent, scope);
    warnOfRepeats({ unreadMessages: [{ ...right, text: 'Hello' }] }, sent, scope);

    expect(scope.warnings).toEqual([
      {
        code: 'IM_DELIVERED_TWICE',
        message: 'the message of sip:pilar@contoso.com reached sip:kenmyer@contoso.com 3 times',
      },
    ]);
  });
});

describe('an answer to MESSAGE', () => {
  test.each([200, 202])('of %i is taken', (status) => {
    expect(requireTaken(response(status, 'OK'), peer)).toBe(status);
  });

  test.each([
    [403, 'IM_MESSAGE_FORBIDDEN'],
    [404, 'IM_RECEIVER_UNKNOWN'],
    [405, 'IM_METHOD_UNSUPPORTED'],
    [408, 'SIP_SERVER_TIMEOUT'],
    [415, 'IM_CONTENT_UNSUPPORTED'],
    [480, 'IM_RECEIVER_UNAVAILABLE'],
    [488, 'IM_MESSAGE_NOT_ACCEPTABLE'],
    [501, 'IM_METHOD_UNSUPPORTED'],
    [503, 'SIP_SERVICE_UNAVAILABLE'],
    [603, 'IM_MESSAGE_FORBIDDEN'],
    [604, 'IM_RECEIVER_UNKNOWN'],
    [606, 'IM_MESSAGE_NOT_ACCEPTABLE'],
  ])('of %i is %s', (status, code) => {
    expect(() => requireTaken(response(status, 'X'), peer)).toThrow(
      `${code}: server answered ${status} X to MESSAGE, expected 200`,
    );
  });
});

describe('a MESSAGE that is read', () => {
  const read = (body: string, ...headers: string[]) =>
    readReceivedMessage(readMessage(['MESSAGE sip:a@b SIP/2.0', ...headers, '', body].join('\r\n')), 5);

  test('tells sender, type and text', () => {
    expect(read('Grüße\r\n', 'f: "P" <sip:pilar@contoso.com>;tag=1', 'Content-Type: Text/Plain;charset=UTF-8')).toEqual(
      {
        at: 5,
        from: 'sip:pilar@contoso.com',
        contentType: 'text/plain',
        text: 'Grüße\r\n',
      },
    );
  });

  test('keeps no text of more than 64 KiB', () => {
    expect(read('x'.repeat(65_537)).text).toBeUndefined();
  });
});
