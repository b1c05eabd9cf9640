import { describe, expect, test } from 'vitest';
import { awaitText, type OnItsWay, warnOfCopies } from '../../../../../shared/protocols/lync/chat/awaitText.js';
import { ChatChannel } from '../../../../../shared/protocols/lync/chat/channel.js';
import { askServerInfo, joinRoom, postMessage } from '../../../../../shared/protocols/lync/chat/commands.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';
import { response } from '../../../../fakes/fakePorts.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { ManualClock, settled } from '../../../../fakes/manualClock.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';
import { document, FakeCall } from './fakeCall.js';

const room = { domain: 'contoso.com', id: 'r1' };
const peer = 'sip.contoso.com at 192.0.2.10:443';
const posted: OnItsWay = {
  room,
  from: 'sip:a@contoso.com',
  to: 'sip:b@contoso.com',
  text: 'probe f00d',
  token: 'f00d',
};

function open(strayInfos = 0) {
  const fake = new FakeCall();
  const clock = new ManualClock();
  let envelope = 0;
  const nextEnvelope = () => {
    envelope += 1;
    return String(envelope);
  };
  const { call } = fake;
  const channel = new ChatChannel({ call, peer, clock, nextEnvelope, strayInfos: () => strayInfos });
  return { fake, clock, channel, scope: new FakeScope() };
}

function chat(text: string, author = posted.from): string {
  return document(
    `<grpchat id="grpchat" chanUri="ma-chan://contoso.com/r1" author="${author}"><chat>${text}</chat></grpchat>`,
  );
}

/** Lets a wait end in vain. */
async function vainly<T>(work: Promise<T>, scope: FakeScope): Promise<T> {
  await settled();
  scope.expire(10_000);
  return work;
}

describe('a command', () => {
  test('is sent as text in an envelope of its own, and its reply is returned whatever its code', async () => {
    const { fake, channel, scope } = open();
    fake.react = (sent) => fake.reply(sent, 403, 'FAILURE_ACCESS_DENIED');

    const reply = await channel.ask(joinRoom(room), scope);

    expect(reply).toMatchObject({ code: 403, text: 'FAILURE_ACCESS_DENIED' });
    expect(fake.sent).toMatchObject([{ method: 'INFO', body: expect.stringContaining('envid="1"') }]);
  });

  test('whose reply comes twice is a warning, once', async () => {
    const { fake, channel, scope } = open();
    fake.react = (sent) => {
      fake.reply(sent, 200, 'SUCCESS_OK');
      fake.reply(sent, 200, 'SUCCESS_OK');
    };

    for (let count = 0; count < 3; count += 1) await channel.ask(joinRoom(room), scope);

    expect(scope.warnings).toEqual([
      { code: 'CHAT_REPLY_REPEATED', message: 'the chat server replied to envelope 1 more than once (rpl:join)' },
    ]);
  });

  test.each([
    [481, 'Call Leg/Transaction Does Not Exist', 'CHAT_SESSION_UNKNOWN'],
    [480, 'Temporarily Unavailable', 'CHAT_SERVER_UNAVAILABLE'],
    [503, 'Service Unavailable', 'CHAT_SERVER_BUSY'],
    [504, 'Server time-out', 'CHAT_SERVER_UNREACHABLE'],
    [403, 'Forbidden', 'CHAT_COMMAND_REFUSED'],
  ])('that is answered %i %s is %s %s', async (status, reason, code) => {
    const { fake, channel, scope } = open();
    fake.answer = () => response(status, reason);

    expect(await diagnosisOf(channel.ask(joinRoom(room), scope))).toMatchObject({
      code,
      error: `${status}, ${reason}: answer of ${peer} to INFO with cmd:join, expected 200`,
    });
  });

  test.each([
    [undefined, 0, 'CHAT_REPLY_TIMEOUT', 'the reply to cmd:join did not come within 10000 ms'],
    [
      document('<rpl id="rpl:join" seqid="1"><commandid seqid="1" envid="77"/><resp code="200"/></rpl>'),
      0,
      'CHAT_REPLY_UNMATCHED',
      'the chat server sent rpl:join to envelope "77" in place of the reply to cmd:join',
    ],
    [document('<dance/>'), 0, 'CHAT_ELEMENT_UNKNOWN', 'the chat server sent dance in place of the reply to cmd:join'],
    [
      '<xccos xmlns="urn:other"/>',
      0,
      'CHAT_NAMESPACE_WRONG',
      'the chat server sent a document of the namespace "urn:other" in place of the reply to cmd:join',
    ],
    [
      '<!DOCTYPE a><a/>',
      0,
      'CHAT_DOCUMENT_FORBIDDEN',
      'the chat server sent a document that declares a document type in place of the reply to cmd:join',
    ],
    [
      undefined,
      1,
      'CHAT_DIALOG_UNMATCHED',
      `${peer} sent 1 INFO that belongs to no session of the user, in place of the reply to cmd:join`,
    ],
    [
      undefined,
      2,
      'CHAT_DIALOG_UNMATCHED',
      `${peer} sent 2 INFO requests that belong to no session of the user, in place of the reply to cmd:join`,
    ],
  ])('without a reply is told by what came in its place: %#', async (body, strayInfos, code, error) => {
    const { fake, channel, scope } = open(strayInfos);
    if (body !== undefined) fake.react = () => fake.receive(body);

    expect(await diagnosisOf(vainly(channel.ask(joinRoom(room), scope), scope))).toMatchObject({ code, error });
  });

  test('in a session that the server ends is told by its BYE, also when that crosses it', async () => {
    const { fake, channel, scope } = open();
    fake.answer = () => response(481, 'Gone');
    fake.react = () => fake.receive('', 'BYE', 'Reason: SIP;cause=200;text="bye"');

    expect(await diagnosisOf(channel.ask(joinRoom(room), scope))).toMatchObject({
      code: 'CHAT_SESSION_ENDED',
      error: `${peer} ended the session with the chat server by BYE while the answer to cmd:join was awaited`,
      serverDiagnosis: 'reason: SIP;cause=200;text="bye"',
    });
  });
});

describe('a message', () => {
  test('has arrived as it was written, in the name of its author, whatever else comes before', async () => {
    const { fake, channel, scope } = open();
    for (const text of ['hello', 'probe cafe', 'probe f00d']) fake.receive(chat(text));

    await expect(awaitText(channel, posted, scope)).resolves.toBeUndefined();
  });

  test.each([
    ['probe f00d!', posted.from, 'CHAT_TEXT_ALTERED', '11 bytes in place of 10'],
    ['probe f00d', 'sip:c@contoso.com', 'CHAT_SENDER_WRONG', 'in the name of sip:c@contoso.com'],
  ])('"%s" of %s is %s', async (text, author, code, error) => {
    const { fake, channel, scope } = open();
    fake.receive(chat(text, author));

    expect(await diagnosisOf(awaitText(channel, posted, scope))).toMatchObject({
      code,
      error: expect.stringContaining(error),
    });
  });

  test('that comes as history alone was not delivered, and replies to nobody say nothing about it', async () => {
    const { fake, channel, scope } = open();
    fake.receive(chat('hello'));
    fake.receive(document('<rpl id="rpl:join" seqid="1"><commandid seqid="1" envid="77"/><resp code="200"/></rpl>'));
    const kept = '<chanib uri="ma-chan://contoso.com/r1"><msg id="grpchat"><chat>probe f00d</chat></msg></chanib>';
    fake.receive(document(`<rpl id="rpl:bccontext" seqid="1"><resp code="200"/><data>${kept}</data></rpl>`));

    expect(await diagnosisOf(vainly(awaitText(channel, posted, scope), scope))).toMatchObject({
      code: 'CHAT_MESSAGE_NOT_DELIVERED',
      error:
        'the message of sip:a@contoso.com did not come within 10000 ms, although the chat server took it; 1 other message came; it came as history alone, which is no delivery',
    });
  });

  test('that is refused after it was taken is told by the refusal, at once', async () => {
    const [author, other] = [open(), open()];
    author.fake.react = (sent) => author.fake.reply(sent, 403, 'FAILURE_NOT_A_PRESENTER');
    const command = postMessage(room, posted.from, posted.text, 0);
    const envelope = await author.channel.post(command, author.scope);
    const refusal: OnItsWay['refusal'] = (scope) => author.channel.refusalOf(envelope, scope);

    expect(await diagnosisOf(awaitText(other.channel, { ...posted, refusal }, other.scope))).toMatchObject({
      code: 'CHAT_MESSAGE_REFUSED',
      error: 'the chat server replied 403 FAILURE_NOT_A_PRESENTER to the message of sip:a@contoso.com, expected 200',
    });
  });

  test('whose author is thrown out meanwhile is told by that', async () => {
    const [author, other] = [open(), open()];
    const envelope = await author.channel.post(postMessage(room, posted.from, posted.text, 0), author.scope);
    const refusal: OnItsWay['refusal'] = (scope) => author.channel.refusalOf(envelope, scope);
    author.fake.receive('', 'BYE');

    expect(await diagnosisOf(awaitText(other.channel, { ...posted, refusal }, other.scope))).toMatchObject({
      code: 'CHAT_SESSION_ENDED',
      error: `${peer} ended the session with the chat server by BYE while the delivery of its message was awaited`,
    });
    // Also whoever waits there afterwards is told at once.
    expect(await diagnosisOf(author.channel.nextText('a reply', author.scope))).toMatchObject({
      code: 'CHAT_SESSION_ENDED',
      error: `${peer} ended the session with the chat server by BYE while a reply was awaited`,
    });
  });

  test('that has come again by the end is a warning', async () => {
    const { fake, channel, scope } = open();
    fake.receive(chat('probe f00d'));
    fake.receive(chat('probe f00d'));
    await awaitText(channel, posted, scope);

    await warnOfCopies(channel, posted, scope);

    expect(scope.warnings).toEqual([
      { code: 'CHAT_DELIVERED_TWICE', message: 'the message of sip:a@contoso.com reached sip:b@contoso.com 2 times' },
    ]);
  });
});

describe('the timer of a session', () => {
  const granted = (value: string) => readMessage(`SIP/2.0 200 OK\r\nSession-Expires: ${value}\r\n\r\n`);

  test('is refreshed by UPDATE when half of it is over, again and again, until the session ends', async () => {
    const { fake, clock, channel, scope } = open();
    channel.keepAlive(granted('90;refresher=uac'));

    await clock.advance(44_000);
    expect(fake.sent).toEqual([]);
    await clock.advance(91_000);
    expect(fake.sent).toEqual([
      { method: 'UPDATE', body: '', headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] },
      { method: 'UPDATE', body: '', headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] },
      { method: 'UPDATE', body: '', headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] },
    ]);
    await channel.end(scope);
    expect(clock.pending).toBe(0);
  });

  test('that the server does not take ends whatever waits, with what it answered', async () => {
    const { fake, clock, channel, scope } = open();
    channel.keepAlive(granted('90'));
    fake.answer = ({ method }) => (method === 'UPDATE' ? response(481, 'Gone') : response(200, 'OK'));
    const waiting = diagnosisOf(channel.ask(askServerInfo('contoso.com'), scope));

    await clock.advance(45_000);

    const error = `the session of 90 s could not be refreshed: 481, Gone: answer of ${peer} to UPDATE, expected 200`;
    expect(await waiting).toMatchObject({ code: 'CHAT_SESSION_EXPIRED', error });
    expect(await diagnosisOf(channel.ask(askServerInfo('contoso.com'), scope))).toMatchObject({ error });
  });

  test('that the server promised to refresh is watched: one UPDATE is enough for the next interval', async () => {
    const { fake, clock, channel, scope } = open();
    channel.keepAlive(granted('90;refresher=uas'));
    const waiting = diagnosisOf(channel.ask(askServerInfo('contoso.com'), scope));

    await clock.advance(60_000);
    fake.receive('', 'UPDATE');
    await clock.advance(119_000);
    expect(clock.pending).toBe(1);
    await clock.advance(1_000);

    expect(await waiting).toMatchObject({
      code: 'CHAT_SESSION_EXPIRED',
      error: `${peer} did not refresh the session within the 90 s that it promised`,
    });
    expect(fake.sent.map(({ method }) => method)).toEqual(['INFO']);
  });

  test('leaves nothing behind where the session ends while UPDATE is on its way', async () => {
    const { fake, clock, channel, scope } = open();
    channel.keepAlive(granted('90'));
    let answerUpdate = () => {};
    fake.delay = () =>
      new Promise((resolve) => {
        answerUpdate = resolve;
      });
    await clock.advance(45_000);

    await channel.end(scope);
    answerUpdate();
    await settled();

    expect(clock.pending).toBe(0);
  });

  test.each(['', '0', 'soon', '90 days'])('that is no time, "%s", is none', async (value) => {
    const { clock, channel } = open();

    channel.keepAlive(granted(value));

    expect(clock.pending).toBe(0);
  });
});
