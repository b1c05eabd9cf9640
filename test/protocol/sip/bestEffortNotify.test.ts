import { expect, test } from 'vitest';
import { runRegistration } from '../../fixtures/sipLab.js';
import { bindingOf, openSipServer } from '../../fixtures/sipServer.js';

test('BENOTIFY is never answered, although nobody asked for it (MS-SIP 2.2.1)', async () => {
  const head = (method: string) =>
    [
      `${method} sip:pilar@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/TCP fe01.contoso.com;branch=z9hG4bK-${method}`,
      'Max-Forwards: 70',
      'From: <sip:pilar@contoso.example>;tag=a',
      'To: <sip:pilar@contoso.example>;tag=b',
      `Call-ID: ${method}`,
      `CSeq: 1 ${method}`,
      'Event: presence',
      'Subscription-State: active',
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  const server = await openSipServer((request, { send, answer }) => {
    if (request.method !== 'REGISTER') return;
    if (request.headers.expires !== '0') send(head('BENOTIFY') + head('NOTIFY'));
    answer(request, '200 OK', ...bindingOf(request));
  });

  const { result } = await runRegistration({ port: server.port, transport: 'tcp' });
  await server.close();

  expect(result.outcome).toBe('success');
  const answers = server.received.filter((text) => text.startsWith('SIP/2.0 '));
  expect(answers.map((text) => /^SIP\/2\.0 (\d+)[\s\S]*\r\nCSeq: (.*)/.exec(text)?.slice(1).join(' '))).toEqual([
    '481 1 NOTIFY',
  ]);
});
