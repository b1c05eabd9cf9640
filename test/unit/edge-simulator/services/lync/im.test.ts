import { describe, expect, test } from 'vitest';
import { bodyIn, type Client, fieldIn, Scene, statusIn } from './scene.js';

const sdp = 'v=0\r\nm=message 5060 sip null\r\n';

function signedIn() {
  const scene = new Scene();
  const [pilar, kenmyer] = [scene.client('pilar'), scene.client('kenmyer')];
  pilar.signIn();
  kenmyer.signIn();
  return { scene, pilar, kenmyer };
}

function invite(from: Client, lines: readonly string[] = []): string {
  const typed = ['Content-Type: application/sdp', ...lines];
  return from.text('INVITE', { uri: 'sip:kenmyer@contoso.test', callId: 'session', lines: typed, body: sdp });
}

/** A session of pilar with kenmyer, as both see it. */
function session() {
  const parts = signedIn();
  const { pilar, kenmyer } = parts;
  const trying = pilar.send(invite(pilar));
  const offered = kenmyer.inbox.shift() ?? '';
  kenmyer.respond(offered, '200 OK', sdp);
  const accepted = pilar.inbox.shift() ?? '';
  const route = [`Route: ${fieldIn(accepted, 'Record-Route')}`];
  const toKenmyer = {
    uri: /<([^>]*)>/.exec(fieldIn(accepted, 'Contact'))?.[1] ?? '',
    to: fieldIn(accepted, 'To'),
    callId: 'session',
    lines: route,
  };
  const toPilar = {
    uri: /<([^>]*)>/.exec(fieldIn(offered, 'Contact'))?.[1] ?? '',
    to: fieldIn(offered, 'From'),
    from: fieldIn(accepted, 'To'),
    callId: 'session',
    lines: route,
  };
  pilar.request('ACK', toKenmyer);
  return { ...parts, trying, offered, accepted, toKenmyer, toPilar };
}

/** Whose inbox is empty, or what the first message in it is. */
const startIn = (client: Client): string => client.inbox[0]?.split('\r\n')[0] ?? '';

describe('sessions of instant messages through the simulated front end', () => {
  test('an INVITE reaches the endpoint of the user, who is told who calls', () => {
    const { kenmyer, trying, offered } = session();

    expect(statusIn(trying)).toBe('100 Trying');
    expect(offered).toMatch(/^INVITE sip:127\.0\.0\.1:40002;transport=tls SIP/);
    expect(fieldIn(offered, 'P-Asserted-Identity')).toBe('"pilar"<sip:pilar@contoso.test>');
    expect(fieldIn(offered, 'Authorization')).toBe('');
    expect(fieldIn(offered, 'Max-Forwards')).toBe('69');
    expect(bodyIn(offered)).toBe(sdp);
    expect(kenmyer.believes(offered)).toBe(true);
  });

  test('the answer comes back with the way through the front end, signed', () => {
    const { pilar, kenmyer, accepted } = session();

    expect(statusIn(accepted)).toBe('200 OK');
    expect(accepted.match(/^via:/gim)).toHaveLength(1);
    expect(fieldIn(accepted, 'Record-Route')).toBe('<sip:fe01.contoso.test:5061;transport=tls;opaque=state:F;lr>');
    expect(fieldIn(accepted, 'P-Asserted-Identity')).toBe('"kenmyer"<sip:kenmyer@contoso.test>');
    expect(bodyIn(accepted)).toBe(sdp);
    expect(pilar.believes(accepted)).toBe(true);
    expect(startIn(kenmyer)).toMatch(/^ACK /);
  });

  test('messages pass both ways, and BYE ends the dialog', () => {
    const { scene, pilar, kenmyer, toKenmyer, toPilar } = session();
    kenmyer.inbox.splice(0);

    pilar.send(pilar.text('MESSAGE', { ...toKenmyer, body: 'Is anybody there?' }));
    const asked = kenmyer.inbox.shift() ?? '';
    kenmyer.respond(asked, '200 OK');
    const confirmed = pilar.inbox.shift() ?? '';
    kenmyer.send(kenmyer.text('MESSAGE', { ...toPilar, body: 'Somebody is: Zoë' }));
    const replied = pilar.inbox.shift() ?? '';
    pilar.respond(replied, '200 OK');
    kenmyer.inbox.splice(0);
    pilar.send(pilar.text('BYE', toKenmyer));
    kenmyer.respond(kenmyer.inbox.shift() ?? '', '200 OK');

    expect(bodyIn(asked)).toBe('Is anybody there?');
    expect(fieldIn(confirmed, 'CSeq')).toMatch(/MESSAGE$/);
    expect(bodyIn(replied)).toBe('Somebody is: Zoë');
    expect(statusIn(pilar.inbox.shift() ?? '')).toBe('200 OK');
    expect(scene.state()).toMatchObject({ requestsOnTheirWay: 0, dialogs: 0, disbelievedResponses: 0 });
  });

  test('a refusal is acknowledged by the front end and handed back', () => {
    const { pilar, kenmyer } = signedIn();
    pilar.send(invite(pilar));

    kenmyer.respond(kenmyer.inbox.shift() ?? '', '486 Busy Here');
    const acknowledged = kenmyer.inbox.shift() ?? '';
    const refused = pilar.inbox.shift() ?? '';
    pilar.request('ACK', {
      uri: 'sip:kenmyer@contoso.test',
      to: '<sip:kenmyer@contoso.test>;tag=callee',
      callId: 'session',
    });

    expect(statusIn(refused)).toBe('486 Busy Here');
    expect(acknowledged).toMatch(/^ACK /);
    expect(kenmyer.believes(acknowledged)).toBe(true);
    expect(kenmyer.inbox).toEqual([]);
  });

  test('a CANCEL reaches whoever rings', () => {
    const { pilar, kenmyer } = signedIn();
    const ringing = invite(pilar);
    pilar.send(ringing);
    const offered = kenmyer.inbox.shift() ?? '';
    kenmyer.respond(offered, '180 Ringing');
    const sequence = fieldIn(ringing, 'CSeq').split(' ')[0];
    const cancel = pilar
      .text('CANCEL', { uri: 'sip:kenmyer@contoso.test', callId: 'session' })
      .replace(/^Authorization: .*\r\n/m, '')
      .replace(/CSeq: \d+/, `CSeq: ${sequence}`);
    pilar.inbox.splice(0);

    const answer = pilar.send(pilar.authentication.guard.outgoing(cancel));
    const cancelled = kenmyer.inbox.shift() ?? '';
    kenmyer.respond(cancelled, '200 OK');
    kenmyer.respond(offered, '487 Request Terminated');

    expect(statusIn(answer)).toBe('200 OK');
    expect(fieldIn(cancelled, 'CSeq')).toBe(`${sequence} CANCEL`);
    expect(fieldIn(cancelled, 'Via')).toBe(fieldIn(offered, 'Via'));
    expect(pilar.inbox.map(statusIn)).toEqual(['487 Request Terminated']);
  });

  test('a conversation id is taken once', () => {
    const { pilar } = signedIn();
    const lines = ['Ms-Conversation-ID: 4711'];
    pilar.send(invite(pilar, lines));

    const again = pilar.send(invite(pilar, lines));

    expect(statusIn(again)).toBe('488 Not Acceptable Here');
    expect(fieldIn(again, 'ms-client-diagnostics')).toMatch(/^52035;/);
  });

  test.each([
    [
      'outside of a session',
      { uri: 'sip:kenmyer@contoso.test', to: '<sip:kenmyer@contoso.test>', lines: [] },
      '405',
      '1027',
    ],
    ['without the way it was told', { lines: [] }, '481', '1004'],
    ['to an endpoint that is gone', { uri: 'sip:kenmyer@contoso.test;opaque=user:epid:eHh4;gruu' }, '481', '1006'],
  ])('a MESSAGE %s is refused', (_, differs, status, diagnostics) => {
    const { pilar, toKenmyer } = session();

    const answer = pilar.request('MESSAGE', { ...toKenmyer, ...differs });

    expect(statusIn(answer).slice(0, 3)).toBe(status);
    expect(fieldIn(answer, 'ms-diagnostics').split(';')[0]).toBe(diagnostics);
  });

  test('an unsigned answer of a client is not believed', () => {
    const { scene, pilar, kenmyer } = signedIn();
    pilar.send(invite(pilar));
    const offered = kenmyer.inbox.shift() ?? '';
    const copied = offered.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));

    scene.receive(kenmyer.flow, `SIP/2.0 200 OK\r\n${copied.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);

    expect(pilar.inbox).toEqual([]);
    expect(scene.state()).toMatchObject({ disbelievedResponses: 1, requestsOnTheirWay: 1 });
  });

  test('the caller is told when the one who rings is gone, and when nobody answers', () => {
    const gone = signedIn();
    gone.pilar.send(invite(gone.pilar));
    const long = signedIn();
    long.pilar.send(invite(long.pilar));

    gone.scene.close(gone.kenmyer.flow);
    long.scene.pass(181_000);

    expect(gone.pilar.inbox.map(statusIn)).toEqual(['480 Temporarily Unavailable']);
    expect(long.pilar.inbox.map(statusIn)).toEqual(['408 Request Timeout']);
  });
});

describe('what is wrong with sessions at the simulated front end, when it is told to be', () => {
  test.each([
    ['invite-403', '403', ''],
    ['invite-404', '404', '1003'],
    ['invite-480', '480', '15000'],
    ['invite-486', '486', ''],
    ['invite-488', '488', ''],
    ['invite-603', '603', ''],
    ['invite-504-1009', '504', '1009'],
    ['second-account-disabled', '404', '4005'],
  ])('%s', (fault, status, diagnostics) => {
    const { scene, pilar, kenmyer } = signedIn();
    scene.switches.set(fault);

    const answer = pilar.send(invite(pilar));

    expect(statusIn(answer).slice(0, 3)).toBe(status);
    expect(fieldIn(answer, 'ms-diagnostics').split(';')[0]).toBe(diagnostics);
    expect(pilar.believes(answer)).toBe(true);
    expect(kenmyer.inbox).toEqual([]);
  });

  test.each([
    ['invite-silent', []],
    ['invite-unanswered', ['100 Trying']],
    ['invite-provisional-only', ['100 Trying', '180 Ringing', '183 Session Progress']],
  ])('%s', (fault, expected) => {
    const { scene, pilar } = signedIn();
    scene.switches.set(fault);

    scene.receive(pilar.flow, invite(pilar));

    expect(pilar.inbox.map(statusIn)).toEqual(expected);
  });

  test('invite-without-sdp', () => {
    const { scene, pilar, kenmyer } = signedIn();
    scene.switches.set('invite-without-sdp');
    pilar.send(invite(pilar));

    kenmyer.respond(kenmyer.inbox.shift() ?? '', '200 OK', sdp);
    const accepted = pilar.inbox.shift() ?? '';

    expect([statusIn(accepted), bodyIn(accepted)]).toEqual(['200 OK', '']);
    expect(pilar.believes(accepted)).toBe(true);
  });

  const messageWith = (fault: string) => {
    const parts = session();
    parts.kenmyer.inbox.splice(0);
    parts.scene.switches.set(fault);
    const body = 'Edge Probes 00112233445566778899aabb ü';
    const answer = parts.pilar.send(parts.pilar.text('MESSAGE', { ...parts.toKenmyer, body }));
    return { ...parts, answer, body };
  };

  test.each([
    ['message-lost', '200 OK', 0],
    ['message-481', '481 Call Leg/Transaction Does Not Exist', 0],
    ['message-silent', '', 1],
    ['message-twice', '', 2],
  ])('%s', (fault, status, arrived) => {
    const { kenmyer, answer } = messageWith(fault);

    expect(statusIn(answer)).toBe(status);
    expect(kenmyer.inbox).toHaveLength(arrived);
    expect(kenmyer.inbox.map((text) => kenmyer.believes(text))).not.toContain(false);
  });

  test.each(['message-altered', 'message-exchanged'])('%s', (fault) => {
    const { kenmyer, body } = messageWith(fault);

    expect(bodyIn(kenmyer.inbox[0] ?? '')).not.toBe(body);
    expect(kenmyer.believes(kenmyer.inbox[0] ?? '')).toBe(true);
  });

  test('session-ended', () => {
    const { pilar, kenmyer, answer, accepted } = messageWith('session-ended');

    expect(startIn(kenmyer)).toMatch(/^MESSAGE /);
    expect(answer).toMatch(/^BYE sip:pilar@contoso\.test SIP/);
    expect(fieldIn(answer, 'From')).toBe(fieldIn(accepted, 'To'));
    expect(pilar.believes(answer)).toBe(true);
  });

  test('bye-silent', () => {
    const { scene, pilar, kenmyer, toKenmyer } = session();
    kenmyer.inbox.splice(0);
    scene.switches.set('bye-silent');
    pilar.send(pilar.text('BYE', toKenmyer));

    kenmyer.respond(kenmyer.inbox.shift() ?? '', '200 OK');

    expect(pilar.inbox).toEqual([]);
    expect(scene.state()).toMatchObject({ dialogs: 0 });
  });
});
