import { describe, expect, test } from 'vitest';
import { LyncIncomingCall } from '../../../../../shared/protocols/lync/session/incomingCall.js';
import { headerValue, headerValues } from '../../../../../shared/protocols/sip/rawMessage.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { contactOfPilar, invitation, lineLab } from './lineLab.js';

const body = { contentType: 'application/sdp', content: 'v=0\r\n' };

function expecting(isOurs = () => true) {
  const lab = lineLab();
  return { ...lab, call: new LyncIncomingCall(lab.line, isOurs) };
}

function ringing() {
  const lab = expecting();
  lab.server.receive(invitation(contactOfPilar));
  return lab;
}

/** A request of pilar in the dialog that our 200 made. */
function fromPilar({ server }: ReturnType<typeof ringing>, method: string, cseq: number): string {
  const to = headerValue(server.sent.at(-1) ?? { startLine: '', headers: [], body: '' }, 'to');
  return invitation(contactOfPilar)
    .replace(/^INVITE/, method)
    .replace('CSeq: 5 INVITE', `CSeq: ${cseq} ${method}`)
    .replace('To: <sip:kenmyer@contoso.com>', `To: ${to}`);
}

const startLines = ({ server }: ReturnType<typeof ringing>) => server.sent.map(({ startLine }) => startLine);

describe('an INVITE that reaches us', () => {
  test('rings when it comes, and is accepted in the same dialog, its routes kept', async () => {
    const lab = ringing();
    const rung = await lab.call.rung(new FakeScope());
    lab.call.accept({ body });

    expect(rung).toMatchObject({ kind: 'item', item: { method: 'INVITE' } });
    expect(startLines(lab)).toEqual(['SIP/2.0 180 Ringing', 'SIP/2.0 200 OK']);
    const [ring, ok] = lab.server.sent;
    if (!ring || !ok) throw new Error('no answers');
    expect(headerValue(ok, 'to')).toMatch(/^<sip:kenmyer@contoso\.com>;tag=[0-9a-f]{10};epid=[0-9a-f]{12}$/);
    expect(headerValue(ring, 'to')).toBe(headerValue(ok, 'to'));
    for (const answer of [ring, ok]) {
      expect(headerValues(answer, 'via')).toEqual([
        'SIP/2.0/TLS fe01.contoso.com:5061;branch=z9hG4bKa1',
        'SIP/2.0/TLS 192.0.2.77:40000;branch=z9hG4bKb2',
      ]);
      expect(headerValues(answer, 'record-route')).toEqual([
        '<sip:fe02.contoso.com:5061;transport=tls;lr>',
        '<sip:fe01.contoso.com:5061;transport=tls;lr>',
      ]);
    }
    expect(ok.body).toBe('v=0\r\n');
  });

  test('once accepted is confirmed by ACK, and ended by our BYE along the routes in order', async () => {
    const lab = ringing();
    lab.call.accept({ body });
    lab.server.receive(fromPilar(lab, 'ACK', 5));
    lab.server.onSent = (message) => {
      if (message.startLine.startsWith('BYE')) queueMicrotask(() => lab.server.answer(message, '200 OK'));
    };

    expect(await lab.call.dialog?.next(new FakeScope())).toMatchObject({ item: { method: 'ACK' } });
    expect(await lab.call.end(new FakeScope())).toMatchObject({ status: 200 });
    const bye = lab.server.last('BYE');
    expect(bye.startLine).toBe('BYE sip:pilar@contoso.com;opaque=user:epid:Kq7;gruu SIP/2.0');
    expect(headerValues(bye, 'route')).toEqual([
      '<sip:fe02.contoso.com:5061;transport=tls;lr>',
      '<sip:fe01.contoso.com:5061;transport=tls;lr>',
    ]);
    expect(headerValue(bye, 'to')).toBe('"Pilar" <sip:pilar@contoso.com>;tag=77;epid=00aa');
    expect(lab.call.alive).toBe(false);
  });

  test('that is taken back while it rings is answered 487, and is over', async () => {
    const lab = ringing();
    const cancel = invitation(contactOfPilar)
      .replace(/^INVITE/, 'CANCEL')
      .replace('5 INVITE', '5 CANCEL');
    lab.server.receive(cancel);

    expect(startLines(lab).slice(1)).toEqual(['SIP/2.0 200 OK', 'SIP/2.0 487 Request Terminated']);
    expect(lab.call.alive).toBe(false);
    expect(lab.call.dialog?.endedBy?.startLine).toMatch(/^CANCEL /);
  });

  test('that is taken back too late goes on', () => {
    const lab = ringing();
    lab.call.accept({ body });
    lab.server.receive(
      invitation(contactOfPilar)
        .replace(/^INVITE/, 'CANCEL')
        .replace('5 INVITE', '5 CANCEL'),
    );

    expect(startLines(lab).at(-1)).toBe('SIP/2.0 200 OK');
    expect(lab.call.alive).toBe(true);
  });

  test('that still rings when the run is over is answered 480', async () => {
    const lab = ringing();

    expect(await lab.call.end(new FakeScope())).toBeUndefined();
    expect(startLines(lab).at(-1)).toBe('SIP/2.0 480 Temporarily Unavailable');
    expect(lab.call.alive).toBe(false);
  });

  test('is refused when it is not the expected one, the second one, or has no Contact', () => {
    const others = expecting(() => false);
    others.server.receive(invitation(contactOfPilar));
    const unfinished = expecting();
    unfinished.server.receive(invitation());
    const twice = ringing();
    twice.server.receive(invitation(contactOfPilar).replace('call-of-pilar', 'another-call'));

    expect(startLines(others)).toEqual(['SIP/2.0 486 Busy Here']);
    expect(startLines(unfinished)).toEqual(['SIP/2.0 400 Bad Request']);
    expect(startLines(twice)).toEqual(['SIP/2.0 180 Ringing', 'SIP/2.0 486 Busy Here']);
  });

  test('keeps the epid that the caller knows us by', () => {
    const lab = expecting();
    lab.server.receive(
      invitation(contactOfPilar).replace('kenmyer@contoso.com>\r\n', 'kenmyer@contoso.com>;epid=0b0b\r\n'),
    );

    expect(headerValue(lab.server.sent[0] ?? { startLine: '', headers: [], body: '' }, 'to')).toMatch(
      /^<sip:kenmyer@contoso\.com>;epid=0b0b;tag=[0-9a-f]{10}$/,
    );
  });

  test('is answered 480 where nobody expects one any more, and a wait for it ends with the connection', async () => {
    const lab = expecting();
    const waiting = lab.call.rung(new FakeScope());
    lab.server.end();
    expect(await waiting).toMatchObject({ kind: 'ended' });
    const closed = expecting();
    closed.call.close();
    closed.server.receive(invitation(contactOfPilar));

    expect(startLines(closed)).toEqual(['SIP/2.0 480 Temporarily Unavailable']);
  });
});
