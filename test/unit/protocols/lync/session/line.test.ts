import { describe, expect, test } from 'vitest';
import { Inbox } from '../../../../../shared/protocols/sip/inbox.js';
import { headerValue, headerValues } from '../../../../../shared/protocols/sip/rawMessage.js';
import { FakeScope } from '../../../../fakes/fakeScope.js';
import { written } from '../../../../fakes/scriptedSocket.js';
import { diagnosisOf } from '../../../../fixtures/diagnosisOf.js';
import { lineLab } from './lineLab.js';

function stray(method: string, toTag = '', ...more: readonly string[]): string {
  return written(
    [
      `${method} sip:kenmyer@contoso.com SIP/2.0`,
      'Via: SIP/2.0/TLS fe01.contoso.com:5061;branch=z9hG4bKa1',
      'From: <sip:pilar@contoso.com>;tag=77',
      `To: <sip:kenmyer@contoso.com>${toTag === '' ? '' : `;tag=${toTag}`}`,
      'Call-ID: nobody-knows',
      `CSeq: 1 ${method}`,
    ],
    more,
  );
}

const notice = ['Event: registration-notify', 'Content-Type: text/registration-event'];

describe('a line', () => {
  test('sends a request of its own with From, epid and Contact, and returns the final answer', async () => {
    const { line, server } = lineLab();
    line.learnGruu('sip:kenmyer@contoso.com;opaque=user:epid:Q2;gruu');
    const service = 'sip:edge.contoso.com@contoso.com;gruu;opaque=srvr:MRAS:Xk3AAAA';
    const body = { contentType: 'application/msrtc-media-relay-auth+xml', content: '<request/>' };
    const asked = line.request({ method: 'SERVICE', uri: service, headers: ['X-One: 1'], body }, new FakeScope());
    const [request] = server.sent;
    if (!request) throw new Error('nothing went out');
    server.answer(request, '100 Trying');
    server.answer(request, '200 OK', 'fe', 'Content-Type: text/plain', 'body: yes');

    expect(await asked).toMatchObject({ kind: 'response', status: 200, message: { body: 'yes' } });
    expect(request.startLine).toBe(`SERVICE ${service} SIP/2.0`);
    expect(headerValue(request, 'to')).toBe(`<${service}>`);
    expect(headerValue(request, 'from')).toMatch(/^<sip:kenmyer@contoso\.com>;tag=[0-9a-f]{10};epid=[0-9a-f]{12}$/);
    expect(headerValue(request, 'contact')).toBe('<sip:kenmyer@contoso.com;opaque=user:epid:Q2;gruu>');
    expect([headerValue(request, 'x-one'), request.body]).toEqual(['1', '<request/>']);
  });

  test.each(['sip:a@b>\r\nEvil: yes', 'sip:a b@c', 'nothing', 'sip:'])(
    'sends nothing to an address that is none: %j',
    async (uri) => {
      const { line, server } = lineLab();

      const found = await diagnosisOf(line.request({ method: 'SERVICE', uri, headers: [] }, new FakeScope()));

      expect(found.code).toBe('SIP_ANSWER_UNPARSABLE');
      expect(found.error).toMatch(
        /^sip\.contoso\.com at 192\.0\.2\.10:443 named ".*" as an address for SERVICE, which is none$/,
      );
      expect(server.sent).toEqual([]);
    },
  );

  test('answers Digest where that is asked for, with a higher number', async () => {
    const { line, server } = lineLab();
    const asked = line.request({ method: 'OPTIONS', uri: 'sip:contoso.com', headers: [] }, new FakeScope());
    server.onSent = (message) => queueMicrotask(() => server.answer(message, '200 OK'));
    server.answer(
      server.last('OPTIONS'),
      '401 Unauthorized',
      '',
      'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"',
    );

    expect(await asked).toMatchObject({ status: 200 });
    expect(headerValue(server.last('OPTIONS'), 'cseq')).toBe('2 OPTIONS');
    expect(headerValue(server.last('OPTIONS'), 'authorization')).toMatch(/^Digest username="kenmyer"/);
  });

  test.each([
    ['OPTIONS', '', '200 OK'],
    ['SUBSCRIBE', '', '405 Method Not Allowed'],
    ['SERVICE', '', '405 Method Not Allowed'],
    ['MESSAGE', '', '405 Method Not Allowed'],
    ['INVITE', '', '480 Temporarily Unavailable'],
    ['NOTIFY', '', '481 Call/Transaction Does Not Exist'],
    ['CANCEL', '', '481 Call/Transaction Does Not Exist'],
    ['INFO', 'x', '481 Call/Transaction Does Not Exist'],
    ['BYE', 'x', '481 Call/Transaction Does Not Exist'],
  ])('answers %s that is nobody’s (To tag %j) %s', (method, toTag, expected) => {
    const { server } = lineLab();
    server.receive(stray(method, toTag));

    expect(server.sent.map(({ startLine }) => startLine)).toEqual([`SIP/2.0 ${expected}`]);
    if (expected.startsWith('405')) expect(headerValues(server.sent[0] ?? raw, 'allow')).toHaveLength(1);
  });

  test('answers neither BENOTIFY nor ACK, and counts notifications that are nobody’s', () => {
    const { line, server } = lineLab();
    server.receive(stray('BENOTIFY', 'x') + stray('ACK', 'x') + stray('NOTIFY', 'x'));

    expect(server.sent).toHaveLength(1);
    expect(line.strayNotifications).toBe(2);
  });

  test('a sign-out by the server is told by the next wait, once, also when it came before', async () => {
    const { line, server, clock } = lineLab();
    server.receive(
      stray(
        'BENOTIFY',
        'x',
        ...notice,
        'ms-diagnostics-public: 4141;reason="User disabled"',
        'body: deregistered;event=rejected',
      ),
    );
    const inbox = new Inbox<{ readonly at: number }>(clock, () => 0);

    const found = await diagnosisOf(line.next(inbox, new FakeScope()));

    expect(found).toMatchObject({
      code: 'AUTH_SIGNED_OUT',
      error: 'sip.contoso.com at 192.0.2.10:443 ended the sign-in: rejected',
      serverDiagnosis: 'ErrorCode=4141,Reason=User disabled',
    });
    inbox.push({ at: 0 });
    expect(await line.next(inbox, new FakeScope())).toMatchObject({ kind: 'item' });
    expect(line.strayNotifications).toBe(0);
  });

  test('a sign-out by the server ends a wait at once, and is answered when it is a NOTIFY', async () => {
    const { line, server, clock } = lineLab();
    const waiting = diagnosisOf(line.next(new Inbox(clock, () => 0), new FakeScope()));
    server.receive(stray('NOTIFY', 'x', ...notice, 'body: deregistered;event=unregistered'));

    expect((await waiting).error).toBe('sip.contoso.com at 192.0.2.10:443 ended the sign-in: unregistered');
    expect(server.sent[0]?.startLine).toBe('SIP/2.0 200 OK');
  });

  test('a request gets its answer before it is told what must not be believed', async () => {
    const { line, server } = lineLab();
    const asked = diagnosisOf(
      line.request({ method: 'OPTIONS', uri: 'sip:contoso.com', headers: [] }, new FakeScope()),
    );
    server.receive(stray('BENOTIFY', 'x', ...notice, 'body: deregistered;event=deactivated'));
    server.answer(server.last('OPTIONS'), '200 OK');

    expect((await asked).code).toBe('AUTH_SIGNED_OUT');
  });
});

const raw = { startLine: '', headers: [], body: '' };
