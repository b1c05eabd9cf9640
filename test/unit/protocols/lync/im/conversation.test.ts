import { describe, expect, test } from 'vitest';
import { Conversation } from '../../../../../shared/protocols/lync/im/conversation.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { FakeDialog, received } from '../../../../fakes/fakeCalls.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';

const peer = 'sip.contoso.com at 192.0.2.10:443';
const text = (body: string) =>
  received(
    'MESSAGE',
    'From: <sip:pilar@contoso.com>;tag=1',
    'Content-Type: text/plain; charset=UTF-8',
    `body: ${body}`,
  );
const typing = received('MESSAGE', 'Content-Type: application/im-iscomposing+xml', 'body: <isComposing/>');

function sides() {
  const [mine, theirs] = [new FakeDialog(), new FakeDialog()];
  return { mine, theirs, here: new Conversation(mine, peer), there: new Conversation(theirs, peer) };
}

async function refused(answer: SipAnswer) {
  const { mine, here, there } = sides();
  mine.answer = answer;
  return diagnosisOf(here.send('hello', there, new FakeScope()));
}

describe('a conversation', () => {
  test('sends texts, and hands on those that come; what clients say beside them is passed over', async () => {
    const { mine, here, there } = sides();
    mine.answer = response(200, 'OK');
    mine.unread.push(received('ACK'), typing, received('INFO'), text('Grüße'), text('again'));

    expect(await here.send('hello', there, new FakeScope())).toBe(200);
    expect(await here.nextMessage(new FakeScope())).toMatchObject({
      kind: 'item',
      item: { text: 'Grüße', from: 'sip:pilar@contoso.com', contentType: 'text/plain' },
    });
    expect(here.unreadMessages.map((message) => message.text)).toEqual(['again']);
    expect(mine.asked).toEqual(['MESSAGE hello']);
  });

  test('waits in vain like any other', async () => {
    const scope = new FakeScope();
    scope.expire(10_000);

    expect(await sides().here.nextMessage(scope)).toEqual({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 });
  });

  test('is over when the other side ends it, also for whoever asks later', async () => {
    const { mine, here } = sides();
    mine.end('ms-diagnostics: 1;reason="stopping";source="fe01.contoso.com"');
    const first = await diagnosisOf(here.nextMessage(new FakeScope()));
    const second = await diagnosisOf(here.nextMessage(new FakeScope()));

    expect(first).toMatchObject({
      code: 'IM_SESSION_ENDED',
      error: 'the other side ended the session with BYE while a message was awaited',
      serverDiagnosis: 'ErrorCode=1,Source=fe01.contoso.com,Reason=stopping',
    });
    expect(second).toEqual(first);
  });

  test('gives what came before the end', async () => {
    const { mine, here } = sides();
    mine.unread.push(text('before'));
    mine.end();

    expect(await here.nextMessage(new FakeScope())).toMatchObject({ item: { text: 'before' } });
  });

  test.each([
    [response(403, 'Forbidden', 'ms-diagnostics: 16001;reason="filter"'), 'IM_MESSAGE_FORBIDDEN'],
    [response(415, 'Unsupported Media Type'), 'IM_CONTENT_UNSUPPORTED'],
    [response(480, 'Temporarily Unavailable'), 'IM_RECEIVER_UNAVAILABLE'],
    [response(481, 'Call Leg/Transaction Does Not Exist'), 'IM_SESSION_UNKNOWN'],
    [response(488, 'Not Acceptable Here'), 'IM_MESSAGE_NOT_ACCEPTABLE'],
    [response(603, 'Decline'), 'IM_MESSAGE_FORBIDDEN'],
    [response(606, 'Not Acceptable'), 'IM_MESSAGE_FORBIDDEN'],
    [response(504, 'Server time-out', 'ms-diagnostics: 1038;reason="x"'), 'SIP_NEXT_HOP_UNREACHABLE'],
    [{ kind: 'timeout', limitMs: 10_000, pendingBytes: 0 }, 'SIP_ANSWER_TIMEOUT'],
    [{ kind: 'connection-lost', cause: undefined, pendingBytes: 0 }, 'SIP_CONNECTION_LOST'],
  ] as const)('a message answered %j is %s', async (answer, code) => {
    expect((await refused(answer)).code).toBe(code);
  });

  test('a message that is refused because the session was ended is told so', async () => {
    const { mine, here, there } = sides();
    mine.answer = response(481, 'Gone');
    mine.end();

    expect(await diagnosisOf(here.send('hello', there, new FakeScope()))).toMatchObject({
      code: 'IM_SESSION_ENDED',
      error: 'the other side ended the session with BYE while MESSAGE was to be answered',
    });
  });

  test('a message that arrived and was not confirmed is told from one that was not seen', async () => {
    const { mine, theirs, here, there } = sides();
    mine.answer = { kind: 'timeout', limitMs: 10_000, pendingBytes: 0 };
    theirs.unread.push(text('hello'));

    expect(await diagnosisOf(here.send('hello', there, new FakeScope()))).toMatchObject({
      code: 'IM_CONFIRMATION_LOST',
      error:
        'MESSAGE reached the other side, whose 200 did not come back through sip.contoso.com at 192.0.2.10:443 within 10000 ms',
    });
  });
});
