import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { type Component, openComponent } from '../../edge-simulator/xmpp/component.js';
import { type FromXmpp, Gateway } from '../../edge-simulator/xmpp/gateway.js';
import type { OpenServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openClearXmppServer, type XmppScript } from '../../fixtures/xmppServer.js';

expectNoStrayErrors();
const secret = 'component-secret';
let server: OpenServer | undefined;
let component: Component | undefined;
afterEach(async () => {
  component?.close();
  await server?.close();
});

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='s1'>";

/** A server that lets the gateway in where the secret is right, and plays `script` to it. */
function letting(script: XmppScript): Promise<OpenServer> {
  return openClearXmppServer(async (peer) => {
    await peer.reads(/<stream:stream [^>]*to="contoso\.test">/);
    peer.writes(header);
    const [, digest] = await peer.reads(/<handshake>(\w+)<\/handshake>/);
    if (digest !== createHash('sha1').update(`s1${secret}`).digest('hex')) {
      peer.socket.end('<stream:error><not-authorized/></stream:error></stream:stream>');
      return;
    }
    peer.writes('<handshake/>');
    await script(peer);
  });
}

async function joined(script: XmppScript) {
  server = await letting(script);
  const arrivals: FromXmpp[] = [];
  const gateway = new Gateway('contoso.test', 'partner.test', () => []);
  gateway.serve((arrival) => {
    arrivals.push(arrival);
    return arrival.user === 'pilar';
  });
  component = await openComponent(
    { host: '127.0.0.1', port: server.port, secret },
    'contoso.test',
    gateway,
    systemClock,
  );
  return { gateway, arrivals };
}

test('carries messages both ways, and tells of those that came back', async () => {
  let heard = '';
  const { gateway, arrivals } = await joined(async (peer) => {
    [heard] = await peer.reads(/<message .*<\/message>/);
    peer.writes(
      "<message from='adelaney@partner.test/x' to='pilar@contoso.test'><body>reply</body></message>",
      "<message type='error' from='adelaney@partner.test' to='pilar@contoso.test'><error><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
    );
  });
  gateway.send('pilar', 'adelaney@partner.test', 'Grüße & <mehr>', 'm1');

  await expect
    .poll(() => arrivals)
    .toEqual([
      { kind: 'message', user: 'pilar', from: 'adelaney@partner.test', text: 'reply' },
      { kind: 'refusal', user: 'pilar', from: 'adelaney@partner.test', condition: 'gone' },
    ]);
  expect(heard).toBe(
    '<message from="pilar@contoso.test" to="adelaney@partner.test" type="chat" id="m1"><body>Grüße &#38; &#60;mehr&#62;</body></message>',
  );
});

test('returns what nobody takes, and serves no requests', async () => {
  const answers: string[] = [];
  await joined(async (peer) => {
    peer.writes(
      "<message id='1' from='a@partner.test' to='nobody@contoso.test'><body>x</body></message>",
      "<iq type='get' id='2' from='partner.test' to='contoso.test'><ping xmlns='urn:xmpp:ping'/></iq>",
      "<presence type='probe' from='a@partner.test' to='pilar@contoso.test'/>",
    );
    answers.push((await peer.reads(/<message .*<\/message>/))[0], (await peer.reads(/<iq .*<\/iq>/))[0]);
  });

  await expect.poll(() => answers).toHaveLength(2);
  for (const answer of answers) expect(answer).toMatch(/ type="error".*<service-unavailable /);
});

test('is stopped while the connection is gone, and comes back by itself', async () => {
  let visits = 0;
  const { gateway } = await joined(async (peer) => {
    visits += 1;
    if (visits === 1) peer.socket.end();
  });

  await expect.poll(() => gateway.state).toBe('stopped');
  await expect.poll(() => `${gateway.state} ${visits}`, { timeout: 5_000 }).toBe('open 2');
});

test('does not start where its secret is refused', async () => {
  server = await letting(async () => undefined);
  const gateway = new Gateway('contoso.test', 'partner.test', () => []);
  const { port } = server;

  await expect(
    openComponent({ host: '127.0.0.1', port, secret: 'other' }, 'contoso.test', gateway, systemClock),
  ).rejects.toThrow(`the XMPP server at 127.0.0.1:${port} did not let the gateway in as contoso.test`);
});
