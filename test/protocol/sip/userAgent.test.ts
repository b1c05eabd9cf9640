import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { dial } from '../../../shared/protocols/net/dial.js';
import { openUserAgent, type SipUserAgent } from '../../../shared/protocols/sip/userAgent.js';
import { scopeFor } from '../../fakes/fakeScope.js';
import { sampleAccount } from '../../fakes/world.js';
import {
  openSipServer,
  type SipConnection,
  type SipRequest,
  type SipScript,
  type SipServer,
} from '../../fixtures/sipServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();
const opened: { readonly server: SipServer; readonly user: SipUserAgent }[] = [];

afterEach(async () => {
  for (const { server, user } of opened.splice(0)) {
    user.close();
    await server.close();
  }
});

/** A user agent over plain TCP, at a server that follows `script`. */
async function open(script: SipScript = () => {}) {
  let connection: SipConnection | undefined;
  const server = await openSipServer((request, here) => {
    connection = here;
    script(request, here);
  });
  const socket = await dial('127.0.0.1', server.port, AbortSignal.timeout(5_000));
  const token = (length: number) => randomBytes(length).toString('hex').slice(0, length);
  const close = () => socket.destroy();
  const user = openUserAgent(
    { socket, protocol: 'TCP', peer: 'the server', close },
    { account: sampleAccount(), sipDomain: 'contoso.example', userAgent: 'test', clock: systemClock, token },
  );
  opened.push({ server, user });
  // One request, so that the server knows the connection and the client's Contact.
  const first = user.register({ expires: 90 }, scopeFor(2_000));
  await vi.waitFor(() => expect(server.received).not.toEqual([]));
  const contact = /<(sip:[^>]*)>/.exec(header(server.received[0] ?? '', 'Contact'))?.[1] ?? '';
  const send = (text: string) => connection?.send(text);
  return { server, user, contact, send, first, drop: () => connection?.socket.destroy() };
}

function header(message: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(message)?.[1]?.trim() ?? '';
}

/** A request of the server to the client. */
function requestText(method: string, uri: string, headers: readonly string[] = [], body = ''): string {
  const mark = randomBytes(4).toString('hex');
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK${mark}`,
    'Max-Forwards: 70',
    ...(headers.some((line) => line.startsWith('From:')) ? [] : ['From: <sip:kenmyer@contoso.example>;tag=k']),
    ...(headers.some((line) => line.startsWith('To:')) ? [] : [`To: <${uri}>`]),
    ...(headers.some((line) => line.startsWith('Call-ID:')) ? [] : [`Call-ID: ${mark}`]),
    ...(headers.some((line) => line.startsWith('CSeq:')) ? [] : [`CSeq: 1 ${method}`]),
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

const plain = 'Content-Type: text/plain;charset=UTF-8';

describe('a MESSAGE that reaches a user agent', () => {
  test('is answered 200 and given to whoever waits, byte for byte', async () => {
    const { user, contact, send, server } = await open();

    send(requestText('MESSAGE', contact, [plain], 'Grüße\r\n\r\n<b>'));

    expect(await user.nextMessage(scopeFor(2_000))).toMatchObject({
      kind: 'item',
      item: { from: 'sip:kenmyer@contoso.example', contentType: 'text/plain', text: 'Grüße\r\n\r\n<b>' },
    });
    await vi.waitFor(() => expect(server.received.at(-1)).toMatch(/^SIP\/2\.0 200 OK\r\n/));
  });

  test('of a kind that is no text is answered 415 with what is taken (RFC 3428 section 7)', async () => {
    const { contact, send, server } = await open();

    send(requestText('MESSAGE', contact, ['Content-Type: application/im-iscomposing+xml'], '<x/>'));

    await vi.waitFor(() => expect(server.received.at(-1)).toMatch(/^SIP\/2\.0 415 [\s\S]*\r\nAccept: text\/plain\r\n/));
  });

  test('for somebody else is refused and kept from whoever waits', async () => {
    const { user, send, server } = await open();

    send(requestText('MESSAGE', 'sip:somebody@192.0.2.1', [plain], 'Hello'));

    await vi.waitFor(() => expect(server.received.at(-1)).toMatch(/^SIP\/2\.0 404 /));
    expect(user.unreadMessages).toEqual([]);
  });

  test('is given although it came with another one in the same packet', async () => {
    const { user, contact, send } = await open();

    send(requestText('MESSAGE', contact, [plain], 'one') + requestText('MESSAGE', contact, [plain], 'two'));

    const both = [await user.nextMessage(scopeFor(2_000)), await user.nextMessage(scopeFor(2_000))];
    expect(both).toMatchObject([{ item: { text: 'one' } }, { item: { text: 'two' } }]);
  });

  test('that never comes ends the wait when the connection ends', async () => {
    const { user, drop } = await open();
    const waiting = user.nextMessage(scopeFor(5_000));

    drop();

    expect(await waiting).toMatchObject({ kind: 'ended', end: { kind: 'connection-lost' } });
  });
});

describe('what a user agent sends', () => {
  const challenge = (field: string) =>
    `${field}: Digest realm="contoso.example", nonce="${randomBytes(8).toString('hex')}"`;

  /** Asks as a registrar at REGISTER and as a proxy at everything else; takes any credentials. */
  const guarded: SipScript = (request, { answer }) => {
    const registrar = request.method === 'REGISTER';
    const proof = request.headers[registrar ? 'authorization' : 'proxy-authorization'];
    if (proof !== undefined) answer(request, '200 OK', `Contact: ${request.headers.contact ?? '<sip:x@y>'};expires=90`);
    else if (registrar) answer(request, '401 Unauthorized', challenge('WWW-Authenticate'));
    else answer(request, '407 Proxy Authentication Required', challenge('Proxy-Authenticate'));
  };

  test('carries the proof for the proxy alone: that for the registrar must not reach the receiver', async () => {
    const { user, first, server } = await open(guarded);
    await first;

    const answer = await user.sendMessage('sip:kenmyer@contoso.example', 'Grüße <b>', scopeFor(2_000));

    expect(answer).toMatchObject({ kind: 'response', status: 200 });
    const messages = server.received.filter((text) => text.startsWith('MESSAGE '));
    expect(messages.map((text) => /^(?:Proxy-)?Authorization/m.exec(text)?.[0])).toEqual([
      undefined,
      'Proxy-Authorization',
    ]);
    expect(messages.map((text) => header(text, 'CSeq'))).toEqual(['1 MESSAGE', '2 MESSAGE']);
    expect(new Set(messages.map((text) => header(text, 'Call-ID'))).size).toBe(1);
  });

  test('is a MESSAGE in UTF-8 whose length is that of its bytes', async () => {
    const { user, server } = await open(guarded);

    await user.sendMessage('sip:kenmyer@contoso.example', 'Grüße 🙂', scopeFor(2_000));

    const message = server.received.findLast((text) => text.startsWith('MESSAGE ')) ?? '';
    expect(header(message, 'Content-Type')).toBe('text/plain;charset=UTF-8');
    expect(Buffer.from(message.slice(message.indexOf('\r\n\r\n') + 4), 'latin1').toString('utf8')).toBe('Grüße 🙂');
  });
});

describe('a subscription', () => {
  /** Confirms SUBSCRIBE with these requests, and answers everything 200. */
  function confirming(notify: (request: SipRequest) => readonly string[]): SipScript {
    return (request, { answer, send }) => {
      if (request.text.startsWith('SIP/2.0')) return;
      answer(request, '200 OK', 'Contact: <sip:agent@192.0.2.1>', `Expires: ${request.headers.expires ?? 90}`);
      if (request.method === 'SUBSCRIBE') for (const text of notify(request)) send(text);
    };
  }

  function notifyText(request: SipRequest, more: readonly string[], cseq = 1, tag = 'agent'): string {
    const { from = '', to = '', contact = '' } = request.headers;
    return requestText('NOTIFY', /<([^>]*)>/.exec(contact)?.[1] ?? '', [
      `From: ${to};tag=${tag}`,
      `To: ${from}`,
      `Call-ID: ${request.headers['call-id']}`,
      `CSeq: ${cseq} NOTIFY`,
      'Event: presence',
      'Contact: <sip:agent@192.0.2.1;transport=tcp>',
      ...more,
    ]);
  }

  async function subscribed(notify: (request: SipRequest) => readonly string[]) {
    const { user, server } = await open(confirming(notify));
    const subscription = user.openSubscription('sip:kenmyer@contoso.example');
    await subscription.subscribe(scopeFor(2_000));
    return { server, subscription };
  }

  test('takes the first of forked notifications and refuses the others with 481 (RFC 3856 section 6.9)', async () => {
    const { server, subscription } = await subscribed((request) => [
      notifyText(request, ['Subscription-State: active;expires=60']),
      notifyText(request, ['Subscription-State: active;expires=60'], 1, 'another'),
    ]);

    expect(await subscription.next(scopeFor(2_000))).toMatchObject({ kind: 'item', item: { state: { expires: 60 } } });
    await vi.waitFor(() => expect(server.received.some((text) => text.startsWith('SIP/2.0 481 '))).toBe(true));
    expect(subscription).toMatchObject({ alive: true, unmatched: 1 });
  });

  test('goes its way back by the route of the notification (RFC 6665 section 4.4.1)', async () => {
    const { server, subscription } = await subscribed((request) => [
      notifyText(request, ['Subscription-State: active', 'Record-Route: <sip:192.0.2.5;lr>, <sip:192.0.2.6;lr>']),
    ]);
    await subscription.next(scopeFor(2_000));

    await subscription.unsubscribe(scopeFor(2_000));

    const last = server.received.findLast((text) => text.startsWith('SUBSCRIBE ')) ?? '';
    expect(last).toMatch(
      /^SUBSCRIBE sip:agent@192\.0\.2\.1;transport=tcp SIP\/2\.0\r\nRoute: <sip:192\.0\.2\.5;lr>\r\nRoute: <sip:192\.0\.2\.6;lr>\r\n/i,
    );
    expect(header(last, 'Expires')).toBe('0');
    expect(header(last, 'To')).toBe('<sip:kenmyer@contoso.example>;tag=agent');
  });

  test.each([
    ['has no Subscription-State', []],
    ['has a state that nobody knows', ['Subscription-State: sleeping']],
    ['cannot be read', ['Subscription-State: active', 'Content-Type: nonsense']],
  ])('counts a notification that %s as none of its own', async (_, more) => {
    const { subscription } = await subscribed((request) => [notifyText(request, more)]);

    await vi.waitFor(() => expect(subscription.unmatched).toBe(1));
    expect(subscription.alive).toBe(false);
  });

  test('that was never confirmed has no dialog to end', async () => {
    const { subscription } = await subscribed(() => []);

    expect(subscription.alive).toBe(false);
  });

  test('is over when the connection is', async () => {
    const { user, drop } = await open(
      confirming((request) => [notifyText(request, ['Subscription-State: active;expires=60'])]),
    );
    const subscription = user.openSubscription('sip:kenmyer@contoso.example');
    await subscription.subscribe(scopeFor(2_000));
    await subscription.next(scopeFor(2_000));
    const waiting = subscription.next(scopeFor(5_000));

    drop();

    expect(await waiting).toMatchObject({ kind: 'ended' });
    expect(subscription.alive).toBe(false);
  });
});
