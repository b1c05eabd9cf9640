import { once } from 'node:events';
import { connect } from 'node:net';
import * as tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openResolver } from '../../../shared/protocols/dns/resolver.js';
import type { XmppClient } from '../../../shared/protocols/xmpp/client/xmppClient.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { xmppClientsIn } from '../../fixtures/xmppClients.js';
import { XmppPeer } from '../../fixtures/xmppServer.js';

expectNoStrayErrors();
let simulator: EdgeSimulator;
const clients: XmppClient[] = [];
const peers: XmppPeer[] = [];
beforeAll(async () => {
  simulator = await startEdgeSimulator();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const peer of peers.splice(0)) peer.socket.destroy();
});
afterAll(() => simulator.close());

const saslSpace = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
const startTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const header = (to: string, content = 'jabber:client') =>
  `<?xml version='1.0'?><stream:stream xmlns='${content}' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' to='${to}' version='1.0'>`;

async function portOf(service: string): Promise<number> {
  const answer = await openResolver([simulator.dnsServer]).srv(service, scopeFor(5_000));
  return (answer.kind === 'records' && answer.records[0]?.port) || 0;
}

/** Somebody who says what it likes over a connection in clear. */
async function raw(port: number): Promise<XmppPeer> {
  const peer = new XmppPeer(connect({ host: '127.0.0.1', port }));
  peers.push(peer);
  return peer;
}

/** The same over TLS, which begins at once or after STARTTLS. */
async function rawOverTls(port: number, servername: string, before?: XmppPeer): Promise<XmppPeer> {
  before?.socket.removeAllListeners('data');
  const options = { servername, ca: simulator.ca };
  const socket = before
    ? tls.connect({ ...options, socket: before.socket })
    : tls.connect({ ...options, host: '127.0.0.1', port });
  await once(socket, 'secureConnect');
  const peer = new XmppPeer(socket);
  peers.push(peer);
  return peer;
}

/** bjensen, signed in over TLS with a resource, and available with a priority. */
async function rawUser(resource: string, priority: number): Promise<XmppPeer> {
  const peer = await rawOverTls(await portOf('_xmpps-client._tcp.partner.test'), 'partner.test');
  const data = Buffer.from(`\0bjensen\0${userOf('bjensen').password}`).toString('base64');
  peer.writes(header('partner.test'), `<auth ${saslSpace} mechanism='PLAIN'>${data}</auth>`);
  await peer.reads(/<success[^>]*>/);
  peer.writes(header('partner.test'));
  await peer.reads(/<bind /);
  const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`;
  peer.writes(`<iq type='set' id='b'>${bind}</iq>`);
  peer.writes(`<presence><priority>${priority}</priority></presence>`);
  await peer.reads(/<iq [^>]*id="b"/);
  return peer;
}

function userOf(name: 'adelaney' | 'bjensen'): { readonly jid: string; readonly password: string } {
  const user = simulator.xmpp?.users[name];
  return { jid: user?.jid ?? '', password: user?.password.reveal() ?? '' };
}

/** The prober's own client, as far as the sign-in. */
async function client(name: 'adelaney' | 'bjensen', differs: { readonly password?: string } = {}): Promise<XmppClient> {
  const open = xmppClientsIn({ ca: simulator.ca, dnsServers: [simulator.dnsServer] });
  const opened = open({ ...userOf(name), ...differs });
  clients.push(opened);
  const scope = scopeFor(5_000);
  await opened.resolve(scope);
  await opened.connect(scope);
  await opened.secure(scope);
  return opened;
}

async function signedIn(name: 'adelaney' | 'bjensen'): Promise<XmppClient> {
  const opened = await client(name);
  await opened.authenticate(scopeFor(5_000));
  await opened.announce(scopeFor(5_000));
  return opened;
}

describe('the XMPP server of the partner', () => {
  test('hands messages between its users, with the address of who sent them', async () => {
    const [adelaney, bjensen] = [await signedIn('adelaney'), await signedIn('bjensen')];
    adelaney.sendMessage({ to: userOf('bjensen').jid, text: 'Grüße <1> &', id: 'a1' });
    const arrived = await bjensen.awaitMessage({ token: '<1>' }, scopeFor(5_000));

    expect(arrived).toMatchObject({ kind: 'message', message: { from: adelaney.jid, text: 'Grüße <1> &' } });
  });

  test.each([
    ['nobody@partner.test', 'service-unavailable'],
    ['bjensen@partner.test', 'service-unavailable'],
    ['pilar@contoso.test', 'service-unavailable'],
    ['pilar@fabrikam.test', 'remote-server-not-found'],
  ])('returns a message to %s, where nobody can take it, with %s', async (to, condition) => {
    const adelaney = await signedIn('adelaney');
    adelaney.sendMessage({ to, text: 'hello', id: 'a1' });

    expect(await adelaney.awaitMessage({ token: 'none', sentId: 'a1' }, scopeFor(5_000))).toMatchObject({
      kind: 'refused',
      error: { condition, from: to },
    });
  });

  test('refuses a wrong password', async () => {
    const opened = await client('adelaney', { password: 'wrong' });

    expect(await diagnosisOf(opened.authenticate(scopeFor(5_000)))).toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
    });
  });

  test('takes no password before TLS, and offers nothing but TLS', async () => {
    const peer = await raw(await portOf('_xmpp-client._tcp.partner.test'));
    const { password } = userOf('adelaney');
    peer.writes(header('partner.test'));
    const [features] = await peer.reads(/<stream:features>.*<\/stream:features>/);
    const data = Buffer.from(`\0adelaney\0${password}`).toString('base64');
    peer.writes(`<auth ${saslSpace} mechanism='PLAIN'>${data}</auth>`);

    expect(features).not.toContain('mechanism');
    expect((await peer.reads(/<failure.*<\/failure>/))[0]).toContain('<encryption-required/>');
  });

  test('pays no attention to what came in clear behind STARTTLS', async () => {
    const port = await portOf('_xmpp-client._tcp.partner.test');
    const clear = await raw(port);
    const data = Buffer.from(`\0adelaney\0${userOf('adelaney').password}`).toString('base64');
    clear.writes(header('partner.test'));
    await clear.reads(/<starttls /);
    clear.writes(`${startTls}<auth ${saslSpace} mechanism='PLAIN'>${data}</auth>`);
    await clear.reads(/<proceed [^>]*>/);
    const peer = await rawOverTls(port, 'partner.test', clear);
    peer.writes(header('partner.test'));

    expect((await peer.reads(/<stream:features>.*<\/stream:features>/))[0]).toContain('<mechanism>SCRAM-SHA-256<');
    expect(clear.received).not.toContain('encryption-required');
    expect(peer.received).not.toContain('<success');
  });

  test('takes PLAIN over TLS, and breaks off after three wrong passwords', async () => {
    const port = await portOf('_xmpps-client._tcp.partner.test');
    const auth = (password: string) =>
      `<auth ${saslSpace} mechanism='PLAIN'>${Buffer.from(`\0adelaney\0${password}`).toString('base64')}</auth>`;
    const [right, wrong] = [await rawOverTls(port, 'partner.test'), await rawOverTls(port, 'partner.test')];
    right.writes(header('partner.test'), auth(userOf('adelaney').password));
    wrong.writes(header('partner.test'), auth('x'), auth('y'), auth('z'));

    expect((await right.reads(/<success[^>]*>/))[0]).toContain('urn:ietf:params:xml:ns:xmpp-sasl');
    expect((await wrong.reads(/<stream:error>.*<\/stream:stream>/))[0]).toContain('<policy-violation ');
    expect(wrong.received.match(/<not-authorized\/>/g)).toHaveLength(3);
  });

  test('answers a ping, and nothing else that a client may ask', async () => {
    const peer = await rawUser('&lt;r', 0);
    const [, jid] = await peer.reads(/<jid>(.*)<\/jid>/);
    peer.writes("<iq type='get' id='p' to='partner.test'><ping xmlns='urn:xmpp:ping'/></iq>");
    const [pong] = await peer.reads(/<iq [^>]*id="p"[^>]*>/);
    peer.writes("<iq type='get' id='v'><query xmlns='jabber:iq:version'/></iq>");
    const [refused] = await peer.reads(/<iq [^>]*id="v".*<\/iq>/);

    expect(jid).toBe('bjensen@partner.test/&#60;r');
    expect(pong).toContain('type="result"');
    expect(refused).toContain('<service-unavailable ');
  });

  test.each([
    [header('other.test'), 'host-unknown'],
    [header('partner.test', 'jabber:server'), 'invalid-namespace'],
    [header('partner.test').replace(" version='1.0'>", '>'), 'unsupported-version'],
    ['GET / HTTP/1.1\r\n\r\n', 'not-well-formed'],
    [`${header('partner.test')}<message to='x@partner.test'><body>x</body></message>`, 'not-authorized'],
    [`${header('partner.test')}<a>${'x'.repeat(100_000)}`, 'policy-violation'],
  ])('ends a stream that begins %s with %s', async (text, condition) => {
    const peer = await raw(await portOf('_xmpp-client._tcp.partner.test'));
    peer.writes(text);

    expect((await peer.reads(/<stream:error>.*<\/stream:stream>/))[0]).toContain(`<${condition} `);
    expect(peer.received).toMatch(/^<\?xml version="1\.0"\?><stream:stream /);
  });

  test('gives a message for a full address to that client, and one for the bare address to the client of highest priority', async () => {
    const [low, high, hidden] = [await rawUser('low', 1), await rawUser('high', 5), await rawUser('hidden', -1)];
    const adelaney = await signedIn('adelaney');
    for (const [index, to] of [
      'bjensen@partner.test',
      'bjensen@partner.test/low',
      'bjensen@partner.test/hidden',
    ].entries()) {
      adelaney.sendMessage({ to, text: `text ${index}`, id: `a${index}` });
    }
    const heard = await Promise.all(
      [high, low, hidden].map(async (peer) => (await peer.reads(/<body>(.*)<\/body>/))[1]),
    );

    expect(heard).toEqual(['text 0', 'text 1', 'text 2']);
  });

  test('lets the newer of two clients with one address stay', async () => {
    const older = await rawUser('same', 0);
    await rawUser('same', 0);

    expect((await older.reads(/<stream:error>.*<\/stream:stream>/))[0]).toContain('<conflict ');
  });
});

describe('the servers that partners look for', () => {
  const toServer = header('contoso.test', 'jabber:server');

  test('offer TLS and then dialback, which comes to nothing', async () => {
    const port = simulator.xmpp?.federation.port ?? 0;
    const clear = await raw(port);
    clear.writes(toServer);
    await clear.reads(/<starttls /);
    clear.writes(startTls);
    await clear.reads(/<proceed /);
    const peer = await rawOverTls(port, 'contoso.test', clear);
    peer.writes(toServer);
    const [features] = await peer.reads(/<stream:features>.*<\/stream:features>/);
    peer.writes("<db:result from='partner.test' to='contoso.test'>key</db:result>");
    const [result] = await peer.reads(/<db:result .*<\/db:result>/);
    peer.writes("<db:verify from='partner.test' to='contoso.test' id='1'>key</db:verify>");
    const [verified] = await peer.reads(/<db:verify [^>]*>/);
    peer.writes("<message from='a@partner.test' to='pilar@contoso.test'><body>x</body></message>");

    expect(features).toContain('urn:xmpp:features:dialback');
    expect(result).toContain('<remote-server-not-found ');
    expect(verified).toContain('type="invalid"');
    expect((await peer.reads(/<stream:error>.*<\/stream:error>/))[0]).toContain('<not-authorized ');
  });

  test.each([
    [header('fabrikam.test', 'jabber:server'), 'host-unknown'],
    [`${toServer}<db:result from='partner.test' to='contoso.test'>key</db:result>`, 'not-authorized'],
  ])('end a stream that begins %s with %s', async (text, condition) => {
    const peer = await raw(simulator.xmpp?.federation.port ?? 0);
    peer.writes(text);

    expect((await peer.reads(/<stream:error>.*<\/stream:stream>/))[0]).toContain(`<${condition} `);
  });
});
