import { describe, expect, test } from 'vitest';
import { LyncOutgoingCall } from '../../../../../shared/protocols/lync/session/outgoingCall.js';
import { headerValue, headerValues } from '../../../../../shared/protocols/sip/rawMessage.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { settled } from '../../../../fakes/manualClock.js';
import { account, contactOfPilar, inDialog, lineLab } from './lineLab.js';

const uri = 'sip:pilar@contoso.com';
const offer = { headers: ['Ms-Conversation-ID: 42'], body: { contentType: 'application/sdp', content: 'v=0\r\n' } };
const routes = [
  'Record-Route: <sip:fe02.contoso.com:5061;lr>, <sip:fe01.contoso.com:5061;lr>',
  'Record-Route: <sip:edge.contoso.com:5061;lr>',
];

function called() {
  const lab = lineLab();
  const call = new LyncOutgoingCall(lab.line, uri);
  call.start(offer, new FakeScope());
  return { ...lab, call, invite: lab.server.last('INVITE') };
}

/** A call that pilar has accepted. */
async function established() {
  const lab = called();
  const answered = lab.call.answered(new FakeScope());
  lab.server.answer(lab.invite, '200 OK', '77;epid=00aa', contactOfPilar, ...routes);
  const answer = await answered;
  return { ...lab, answer };
}

describe('an INVITE that we send', () => {
  test('is acknowledged to the Contact of the answer, by way of its routes in reverse', async () => {
    const { answer, server, invite, call } = await established();

    expect(answer).toMatchObject({ kind: 'response', status: 200 });
    const ack = server.last('ACK');
    expect(ack.startLine).toBe('ACK sip:pilar@contoso.com;opaque=user:epid:Kq7;gruu SIP/2.0');
    expect(headerValues(ack, 'route')).toEqual([
      '<sip:edge.contoso.com:5061;lr>',
      '<sip:fe01.contoso.com:5061;lr>',
      '<sip:fe02.contoso.com:5061;lr>',
    ]);
    expect(headerValue(ack, 'to')).toBe('<sip:pilar@contoso.com>;tag=77;epid=00aa');
    expect(headerValue(ack, 'from')).toBe(headerValue(invite, 'from'));
    expect(headerValue(invite, 'from')).toMatch(/^<sip:kenmyer@contoso\.com>;tag=[0-9a-f]{10};epid=[0-9a-f]{12}$/);
    expect(headerValue(ack, 'via')).not.toBe(headerValue(invite, 'via'));
    expect(headerValue(ack, 'cseq')).toBe('1 ACK');
    expect(call.alive).toBe(true);
  });

  test('carries requests in its dialog with rising numbers, and is ended by BYE', async () => {
    const { call, server } = await established();
    server.onSent = (message) => {
      if (/^(?:MESSAGE|BYE)/.test(message.startLine)) queueMicrotask(() => server.answer(message, '200 OK'));
    };

    const sent = await call.dialog.request(
      'MESSAGE',
      { body: { contentType: 'text/plain', content: 'é' } },
      new FakeScope(),
    );
    const ended = await call.end(new FakeScope());

    expect([sent, ended]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(account(server.sent).slice(2)).toEqual([
      'MESSAGE sip:pilar@contoso.com;opaque=user:epid:Kq7;gruu SIP/2.0 | 2 MESSAGE',
      'BYE sip:pilar@contoso.com;opaque=user:epid:Kq7;gruu SIP/2.0 | 3 BYE',
    ]);
    expect(headerValue(server.last('MESSAGE'), 'content-length')).toBe('2');
    expect(call.alive).toBe(false);
    expect(await call.end(new FakeScope())).toBeUndefined();
  });

  test('that is refused is acknowledged in its own SIP transaction, and nothing is left to end', async () => {
    const { call, server, invite } = called();
    const answered = call.answered(new FakeScope());
    server.answer(invite, '486 Busy Here', '78');

    expect(await answered).toMatchObject({ kind: 'response', status: 486 });
    const ack = server.last('ACK');
    expect(ack.startLine).toBe('ACK sip:pilar@contoso.com SIP/2.0');
    expect(headerValue(ack, 'via')).toBe(headerValue(invite, 'via'));
    expect(headerValue(ack, 'to')).toBe('<sip:pilar@contoso.com>;tag=78');
    expect(call.alive).toBe(false);
    expect(await call.end(new FakeScope())).toBeUndefined();
  });

  test('that only rings until the deadline is cancelled, and its late refusal acknowledged', async () => {
    const { call, server, invite } = called();
    const scope = new FakeScope();
    const answered = call.answered(scope);
    server.answer(invite, '101 Progress Report');
    server.answer(invite, '180 Ringing', '79');
    scope.expire(10_000);
    expect(await answered).toEqual({ kind: 'timeout', limitMs: 10_000, pendingBytes: 0, provisional: '180 Ringing' });
    expect(call.alive).toBe(true);

    const ended = call.end(new FakeScope());
    await settled();
    const cancel = server.last('CANCEL');
    server.answer(cancel, '200 OK', '79');
    server.answer(invite, '487 Request Terminated', '79');

    expect(await ended).toBeUndefined();
    expect(headerValue(cancel, 'via')).toBe(headerValue(invite, 'via'));
    expect([headerValue(cancel, 'cseq'), cancel.body]).toEqual(['1 CANCEL', '']);
    expect(headerValue(server.last('ACK'), 'cseq')).toBe('1 ACK');
    expect(call.alive).toBe(false);
  });

  test('that is accepted although it was cancelled is acknowledged and ended', async () => {
    const { call, server, invite } = called();
    const scope = new FakeScope();
    const answered = call.answered(scope);
    server.answer(invite, '180 Ringing', '79');
    scope.expire();
    await answered;
    server.onSent = (message) => {
      if (message.startLine.startsWith('BYE')) queueMicrotask(() => server.answer(message, '200 OK'));
    };

    const ended = call.end(new FakeScope());
    await settled();
    server.answer(invite, '200 OK', '79', contactOfPilar);

    expect(await ended).toMatchObject({ kind: 'response', status: 200 });
    expect(account(server.sent).map((one) => one.split(' ', 1)[0])).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
  });

  test('that nobody answers at all is not cancelled: there may be nothing to cancel yet', async () => {
    const { call, server } = called();
    const scope = new FakeScope();
    const answered = call.answered(scope);
    scope.expire();
    await answered;

    expect(await call.end(new FakeScope())).toBeUndefined();
    expect(server.sent).toHaveLength(1);
  });

  test('answers at once when the connection ends, and leaves no timer behind', async () => {
    const { call, server, line, clock } = called();
    const answered = call.answered(new FakeScope());
    server.end();

    expect(await answered).toMatchObject({ kind: 'connection-lost' });
    expect(await call.dialog.next(new FakeScope())).toMatchObject({ kind: 'ended' });
    call.close();
    line.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the other side of a dialog', () => {
  const text = ['Content-Type: text/plain; charset=UTF-8', 'body: Grüße'];

  test('has its messages answered and delivered in order, with their time of arrival', async () => {
    const { call, server, invite, clock } = await established();
    clock.block(50);
    server.receive(inDialog('MESSAGE', 1, invite, '77', ...text) + inDialog('INFO', 2, invite, '77'));

    expect(server.sent.slice(2).map(({ startLine }) => startLine)).toEqual(['SIP/2.0 200 OK', 'SIP/2.0 200 OK']);
    const [first, second] = [await call.dialog.next(new FakeScope()), await call.dialog.next(new FakeScope())];
    expect(first).toMatchObject({ kind: 'item', item: { method: 'MESSAGE', at: 50, raw: { body: 'Grüße' } } });
    expect(second).toMatchObject({ item: { method: 'INFO' } });
  });

  test.each([
    ['MESSAGE', ['Content-Type: application/x-secret'], '415 Unsupported Media Type'],
    ['UPDATE', [], '200 OK'],
    ['OPTIONS', [], '200 OK'],
    ['INVITE', [], '488 Not Acceptable Here'],
    ['REFER', [], '405 Method Not Allowed'],
    ['CANCEL', [], '481 Call/Transaction Does Not Exist'],
  ])('sends %s %j and is answered %s', async (method, more, expected) => {
    const { server, invite } = await established();
    server.receive(inDialog(method, 1, invite, '77', ...more));

    expect(server.sent.at(-1)?.startLine).toBe(`SIP/2.0 ${expected}`);
  });

  test('prolongs a session by UPDATE, which is agreed to', async () => {
    const { server, invite } = await established();
    server.receive(inDialog('UPDATE', 1, invite, '77', 'Session-Expires: 600;refresher=uac'));

    expect(headerValue(server.sent.at(-1) ?? invite, 'session-expires')).toBe('600;refresher=uac');
  });

  test('ends it by BYE, which is a value; what comes after belongs to nothing', async () => {
    const { call, server, invite } = await established();
    server.receive(inDialog('BYE', 1, invite, '77', 'Reason: SIP;cause=408'));
    server.receive(inDialog('MESSAGE', 2, invite, '77', ...text) + inDialog('BYE', 3, invite, '77'));

    expect(server.sent.slice(2).map(({ startLine }) => startLine)).toEqual([
      'SIP/2.0 200 OK',
      'SIP/2.0 481 Call/Transaction Does Not Exist',
      'SIP/2.0 200 OK',
    ]);
    expect(await call.dialog.next(new FakeScope())).toMatchObject({ item: { method: 'BYE' } });
    expect(headerValue(call.dialog.endedBy ?? invite, 'reason')).toBe('SIP;cause=408');
    expect([call.alive, call.dialog.unread]).toEqual([false, []]);
  });

  test('is not somebody else: another tag under the same Call-ID is answered 481', async () => {
    const { call, server, invite } = await established();
    server.receive(inDialog('MESSAGE', 1, invite, 'another', ...text));

    expect(server.sent.at(-1)?.startLine).toBe('SIP/2.0 481 Call/Transaction Does Not Exist');
    expect(call.dialog.unread).toEqual([]);
  });
});
