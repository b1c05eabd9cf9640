import { beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../../../edge-simulator/xmpp/stanzas.js';
import { bodyIn, type Client, fieldIn, Scene, statusIn } from './scene.js';

let scene: Scene;
let pilar: Client;
let sent: ChatMessage[];
beforeEach(() => {
  scene = new Scene();
  sent = [];
  scene.gateway.connect({ open: true, send: (message) => void sent.push(message) });
  pilar = scene.client();
  pilar.signIn();
});

const uri = 'sip:Adelaney@xmpp-partner.test';
const adelaney = { user: 'pilar', from: 'adelaney@xmpp-partner.test' };

/** An INVITE, and how further requests in its dialog begin. */
function invite(callId = 'session-1') {
  const answer = pilar.request('INVITE', { uri, callId });
  const [to, contact] = [fieldIn(answer, 'To'), /<([^>]*)>/.exec(fieldIn(answer, 'Contact'))?.[1] ?? ''];
  const lines = [`Route: ${fieldIn(answer, 'Record-Route')}`, 'Content-Type: text/plain; charset=UTF-8'];
  return { answer, inDialog: { uri: contact, to, callId, lines } };
}

describe('the XMPP gateway of the Lync front end', () => {
  test('takes a session by itself, describes messages, and signs it', () => {
    const { answer } = invite();

    expect(statusIn(answer)).toBe('200 OK');
    expect(bodyIn(answer)).toMatch(/\r\nm=message 5060 sip /);
    expect(pilar.believes(answer)).toBe(true);
    expect(scene.state().gatewaySessions).toEqual(['pilar adelaney@xmpp-partner.test']);
  });

  test('hands texts on, and brings the reply into the same session, signed and in order', () => {
    const { inDialog } = invite();
    const taken = pilar.request('MESSAGE', { ...inDialog, body: 'Grüße' });
    const arrived = [1, 2].map((number) => scene.cross({ kind: 'message', ...adelaney, text: `reply ${number} 你好` }));
    const [first = '', second = ''] = pilar.inbox;

    expect(statusIn(taken)).toBe('200 OK');
    expect(sent).toMatchObject([{ from: 'pilar@contoso.test', to: 'adelaney@xmpp-partner.test', text: 'Grüße' }]);
    expect(arrived).toEqual([true, true]);
    expect([bodyIn(first), bodyIn(second)]).toEqual(['reply 1 你好', 'reply 2 你好']);
    expect(fieldIn(first, 'From')).toBe(inDialog.to);
    expect(fieldIn(first, 'Call-ID')).toBe('session-1');
    expect([first, second].map((message) => fieldIn(message, 'CSeq'))).toEqual(['10 MESSAGE', '11 MESSAGE']);
    expect([first, second].map((message) => pilar.believes(message))).toEqual([true, true]);
  });

  test('ends the session where a message came back, and answers a BYE that crosses its own', () => {
    const { inDialog } = invite();
    scene.cross({ kind: 'refusal', ...adelaney, condition: 'service-unavailable' });
    const [bye = ''] = pilar.inbox.splice(0);

    expect(bye).toMatch(/^BYE sip:127\.0\.0\.1:40001;transport=tls SIP\/2\.0\r\n/);
    expect(fieldIn(bye, 'Reason')).toBe('SIP;cause=480;text="XMPP: service-unavailable"');
    expect(statusIn(pilar.request('MESSAGE', { ...inDialog, body: 'x' }))).toBe(
      '481 Call Leg/Transaction Does Not Exist',
    );
    expect(statusIn(pilar.request('BYE', inDialog))).toBe('200 OK');
    expect(statusIn(pilar.request('BYE', inDialog))).toBe('481 Call Leg/Transaction Does Not Exist');
  });

  test('has no use for a reply after BYE, after the sign-out, or from a stranger', () => {
    const { inDialog } = invite();
    const stranger = scene.cross({ kind: 'message', user: 'pilar', from: 'eve@xmpp-partner.test', text: 'x' });
    pilar.request('BYE', inDialog);
    const afterBye = scene.cross({ kind: 'message', ...adelaney, text: 'x' });
    invite('session-2');
    scene.close(pilar.flow);
    const afterClose = scene.cross({ kind: 'message', ...adelaney, text: 'x' });

    expect([stranger, afterBye, afterClose]).toEqual([false, false, false]);
    expect(scene.state().gatewaySessions).toEqual([]);
  });

  test('takes nothing but text, and only in sessions that go through it', () => {
    const { inDialog } = invite();
    const html = { ...inDialog, lines: [inDialog.lines[0] ?? '', 'Content-Type: text/html'], body: '<b/>' };

    expect(statusIn(pilar.request('MESSAGE', html))).toBe('415 Unsupported Media Type');
    expect(statusIn(pilar.request('MESSAGE', { ...inDialog, lines: ['Content-Type: text/plain'], body: 'x' }))).toBe(
      '481 Call Leg/Transaction Does Not Exist',
    );
    expect(statusIn(pilar.request('MESSAGE', { uri, lines: ['Content-Type: text/plain'], body: 'x' }))).toBe(
      '481 Call Leg/Transaction Does Not Exist',
    );
    expect(statusIn(pilar.request('INFO', inDialog))).toBe('200 OK');
    expect(sent).toEqual([]);
  });

  test.each([
    ['xmpp-gateway-missing', '504 Server time-out', '1008'],
    ['xmpp-not-allowed', '403 Forbidden', '1002'],
    ['xmpp-gateway-stopped', '480 Temporarily Unavailable', '1038'],
  ])('with %s answers INVITE %s', (fault, status, diagnostics) => {
    scene.switches.set(fault);
    const { answer } = invite();

    expect(statusIn(answer)).toBe(status);
    expect(fieldIn(answer, 'ms-diagnostics').split(';')[0]).toBe(diagnostics);
    expect(scene.state().gatewaySessions).toEqual([]);
  });
});
