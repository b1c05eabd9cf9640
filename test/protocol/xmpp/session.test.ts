import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requireJoined } from '../../../shared/protocols/xmpp/client/diagnoseRoom.js';
import type { XmppRoom } from '../../../shared/protocols/xmpp/client/room.js';
import type { XmppClient } from '../../../shared/protocols/xmpp/client/xmppClient.js';
import type { Trace } from '../../../shared/protocols/xmpp/trace.js';
import { scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import type { OpenServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab } from '../../fixtures/tlsLab.js';
import { xmppClientsIn } from '../../fixtures/xmppClients.js';
import { openXmppServer, signsIn, type XmppPeer, type XmppScript } from '../../fixtures/xmppServer.js';

expectNoStrayErrors();
const password = 'pencil';
const roomAddress = 'probe@rooms.partner.example';
let options: TlsOptions;
let openClient: ReturnType<typeof xmppClientsIn>;
const servers: OpenServer[] = [];
const clients: XmppClient[] = [];
const traced: string[] = [];
const trace: Trace = ({ direction, text }) => void traced.push(`${direction} ${text}`);

beforeAll(async () => {
  const lab = await openTlsLab();
  options = await lab.options({ names: ['partner.example'] });
  openClient = xmppClientsIn({ ca: lab.authority.ca, trace });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers) await server.idle();
  for (const server of servers.splice(0)) await server.close();
  traced.length = 0;
});

/** A client that is signed in at a server, which then plays `script`. */
async function signedIn(script: XmppScript): Promise<XmppClient> {
  const server = await openXmppServer(options, async (peer) => {
    await signsIn(peer, password);
    await script(peer);
  });
  servers.push(server);
  const service = { host: '127.0.0.1', port: server.port, directTls: true };
  const client = openClient({ jid: 'ade@partner.example', password, service });
  clients.push(client);
  const scope = scopeFor(5_000);
  await client.resolve(scope);
  await client.connect(scope);
  await client.secure(scope);
  await client.authenticate(scope);
  return client;
}

const silence = () => new Promise<void>(() => {});
const message = (from: string, text: string, more = '') =>
  `<message from='${from}' type='chat' id='x'><body>${text}</body>${more}</message>`;
const errorOf = (kind: string, condition: string, attributes: string, type = 'cancel') =>
  `<${kind} type='error' ${attributes}><error type='${type}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>why</text></error></${kind}>`;

describe('messages', () => {
  test('are found by their text and sender, whenever they came, and others are passed over', async () => {
    const client = await signedIn(async (peer) => {
      peer.writes(message('eve@partner.example/a', 't-1'), message('bjo@partner.example/b', 'other'));
      peer.writes(message('bjo@partner.example/b', 'it is t-1'), `<presence from='bjo@partner.example/b'/>`);
      await silence();
    });

    const found = await client.awaitMessage({ token: 't-1', from: 'bjo@partner.example' }, scopeFor(5_000));
    const again = await client.awaitMessage({ token: 't-1', from: 'bjo@partner.example' }, scopeFor(200));

    expect(found).toMatchObject({ kind: 'message', message: { from: 'bjo@partner.example/b', text: 'it is t-1' } });
    expect(again).toEqual({ kind: 'timeout', limitMs: 200, pendingCharacters: 0 });
  });

  test('come back as a refusal with the id they were sent with, and a stranger’s error does not', async () => {
    const client = await signedIn(async (peer) => {
      const [, id] = await peer.reads(
        /<message to="bjo@partner\.example" type="chat" id="([^"]+)"><body>a &lt;b&gt; &amp; c<\/body>/,
      );
      peer.writes(errorOf('message', 'forbidden', `id='other' from='eve@x.example'`));
      peer.writes(errorOf('message', 'remote-server-timeout', `id='${id}' from='bjo@partner.example'`, 'wait'));
      await silence();
    });

    client.sendMessage({ to: 'bjo@partner.example', text: 'a <b> & c', id: 'm-1' });
    const answer = await client.awaitMessage({ token: 't-1', sentId: 'm-1' }, scopeFor(5_000));

    expect(answer).toEqual({
      kind: 'refused',
      error: { condition: 'remote-server-timeout', type: 'wait', text: 'why', from: 'bjo@partner.example' },
    });
  });

  test('an error that bounces the text is no message', async () => {
    const client = await signedIn(async (peer) => {
      peer.writes(`<message type='error' id='m-9' from='bjo@partner.example'><body>t-1</body></message>`);
      await silence();
    });

    expect(await client.awaitMessage({ token: 't-1' }, scopeFor(200))).toMatchObject({ kind: 'timeout' });
    expect(await client.awaitMessage({ token: 't-1', sentId: 'm-9' }, scopeFor(200))).toEqual({
      kind: 'refused',
      error: { condition: 'undefined-condition', type: undefined, text: undefined, from: 'bjo@partner.example' },
    });
  });

  test('a wait ends with the stream and says how', async () => {
    const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
    const ending = (bytes: string) =>
      signedIn(async (peer) => {
        peer.writes(bytes);
        if (bytes.endsWith('<mess')) peer.socket.end();
        await silence();
      });
    const ends = [
      await ending(`<stream:error><conflict ${ns}/></stream:error>`),
      await ending('</stream:stream>'),
      await ending('<!-- x -->'),
      await ending('<mess'),
    ].map((client) => client.awaitMessage({ token: 't-1' }, scopeFor(5_000)));

    expect(await Promise.all(ends)).toEqual([
      { kind: 'ended', end: { kind: 'error', error: { condition: 'conflict', text: undefined } } },
      { kind: 'ended', end: { kind: 'closed' } },
      { kind: 'ended', end: { kind: 'violation', violation: 'restricted-xml', excerpt: '<!-- x -->' } },
      { kind: 'ended', end: { kind: 'connection-lost', cause: undefined, pendingCharacters: 5 } },
    ]);
  });

  test('a flood of them and of presence is outlived, and what is waited for found', async () => {
    const client = await signedIn(async (peer) => {
      peer.writes(message('bjo@partner.example/b', 'noise').repeat(5_000));
      peer.writes(`<presence from='bjo@partner.example/b'/>`.repeat(5_000));
      peer.writes(message('bjo@partner.example/b', 't-1'));
      await silence();
    });

    expect(await client.awaitMessage({ token: 't-1' }, scopeFor(10_000))).toMatchObject({ kind: 'message' });
  });
});

describe('a signed-in client', () => {
  test('is available once the server has answered what it sent behind its presence', async () => {
    const client = await signedIn(async (peer) => {
      await peer.reads(/<presence><priority>127<\/priority><\/presence>/);
      const [, id] = await peer.reads(
        /<iq type="get" id="(\w+)" to="partner\.example"><ping xmlns="urn:xmpp:ping"\/><\/iq>/,
      );
      peer.writes(errorOf('iq', 'service-unavailable', `id='${id}'`));
      await silence();
    });

    await expect(client.announce(scopeFor(5_000))).resolves.toBeUndefined();
  });

  test('says so when the server takes no note of its presence', async () => {
    const client = await signedIn(silence);

    expect(await diagnosisOf(client.announce(scopeFor(200)))).toMatchObject({
      code: 'XMPP_PING_TIMEOUT',
      error: `${client.peer} sent no answer to a ping within 200 ms`,
    });
  });

  test('answers a ping and refuses other requests, as the protocol demands', async () => {
    let answers: readonly string[] = [];
    const client = await signedIn(async (peer) => {
      peer.writes(
        `<iq type='get' id='p1' from='partner.example'><ping xmlns='urn:xmpp:ping'/></iq>`,
        `<iq type='set' id='p2' from='partner.example'><query xmlns='jabber:iq:roster'/></iq>`,
      );
      const [first] = await peer.reads(/<iq type="result"[^>]*>/);
      const [second] = await peer.reads(/<iq type="error".*<\/iq>/);
      answers = [first, second];
      peer.writes(message('a@b', 't-1'));
      await silence();
    });

    await client.awaitMessage({ token: 't-1' }, scopeFor(5_000));

    expect(answers).toEqual([
      '<iq type="result" id="p1" to="partner.example"/>',
      '<iq type="error" id="p2" to="partner.example"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>',
    ]);
  });

  test('signs out in order: presence, the end of the stream, then the connection', async () => {
    const left: string[] = [];
    const client = await signedIn(async (peer) => {
      const [id] = (await peer.reads(/id="(\w+)" to="partner/)).slice(1);
      peer.writes(`<iq type='result' id='${id}'/>`);
      left.push((await peer.reads(/<presence type="unavailable"\/>/))[0]);
      left.push((await peer.reads(/<\/stream:stream>/))[0]);
      peer.writes('</stream:stream>');
    });
    await client.announce(scopeFor(5_000));

    await client.signOut(scopeFor(5_000));
    await servers[0]?.idle();

    expect(left).toEqual(['<presence type="unavailable"/>', '</stream:stream>']);
  });

  test('leaves a server that does not close its stream when the time is over', async () => {
    const client = await signedIn(silence);

    await client.signOut(scopeFor(200));

    await expect(servers[0]?.idle()).resolves.toBeUndefined();
  });

  test('leaves nothing of the password or its proof in the trace', async () => {
    await signedIn(silence);

    expect(traced).toContain(
      'sent <auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="SCRAM-SHA-256">[redacted]</auth>',
    );
    expect(traced).toContain("received <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>[redacted]</challenge>");
    expect(traced.join('\n')).not.toMatch(/<(?:auth|response|challenge|success)[^>]*>[^<[]/);
  });
});

describe('a room', () => {
  const user = 'http://jabber.org/protocol/muc#user';
  const presence = (nick: string, statuses: readonly number[], type = '') =>
    `<presence from='${roomAddress}/${nick}'${type}><x xmlns='${user}'><item affiliation='member' role='participant'/>${statuses
      .map((status) => `<status code='${status}'/>`)
      .join('')}</x></presence>`;
  const said = (nick: string, text: string, more = '') =>
    `<message from='${roomAddress}/${nick}' type='groupchat' id='z'><body>${text}</body>${more}</message>`;

  /** A client whose server waits for it to enter and then plays `script`. */
  async function entering(script: XmppScript): Promise<XmppRoom> {
    const client = await signedIn(async (peer) => {
      await peer.reads(
        /<presence to="probe@rooms\.partner\.example\/ade"><x xmlns="http:\/\/jabber\.org\/protocol\/muc"><history maxstanzas="0"\/><\/x><\/presence>/,
      );
      await script(peer);
      await silence();
    });
    return client.room(roomAddress, 'ade');
  }
  const join = (room: XmppRoom, create = false) => room.join({ create }, scopeFor(5_000));

  test('is entered when our own presence comes, after those of 5,000 others, and under the nickname it gives', async () => {
    const room = await entering(async (peer) => {
      for (let other = 0; other < 5_000; other += 1) peer.writes(presence(`other${other}`, []));
      peer.writes(presence('ade-2', [110, 210]));
    });

    expect(await join(room)).toEqual({ kind: 'joined', created: false });
    expect(room.occupant).toBe(`${roomAddress}/ade-2`);
  });

  test('is entered at an older service that does not mark our own presence', async () => {
    expect(await join(await entering(async (peer) => peer.writes(presence('ade', []))))).toMatchObject({
      kind: 'joined',
    });
  });

  test('is made an instant room where it was created', async () => {
    const room = await entering(async (peer) => {
      peer.writes(presence('ade', [110, 201]));
      const [, id] = await peer.reads(
        /<iq type="set" id="(\w+)" to="probe@rooms\.partner\.example"><query xmlns="http:\/\/jabber\.org\/protocol\/muc#owner"><x xmlns="jabber:x:data" type="submit"\/><\/query><\/iq>/,
      );
      peer.writes(`<iq type='result' id='${id}' from='${roomAddress}'/>`);
    });

    expect(await join(room, true)).toEqual({ kind: 'joined', created: true });
  });

  test('that did not exist and must not be created is left at once', async () => {
    const room = await entering(async (peer) => {
      peer.writes(presence('ade', [110, 201]));
      await peer.reads(/<presence to="probe@rooms\.partner\.example\/ade" type="unavailable"\/>/);
      peer.writes(presence('ade', [110], " type='unavailable'"));
    });

    const found = await diagnosisOf(join(room).then((entry) => requireJoined(entry, room)));

    expect(found).toMatchObject({
      code: 'XMPP_ROOM_NOT_FOUND',
      error: `${roomAddress}/ade was let into a room that did not exist, and which is not to be created`,
    });
  });

  test.each([
    ['conflict', 'cancel', 'XMPP_ROOM_NICKNAME_TAKEN'],
    ['forbidden', 'auth', 'XMPP_ROOM_BANNED'],
    ['item-not-found', 'cancel', 'XMPP_ROOM_NOT_FOUND'],
    ['not-acceptable', 'cancel', 'XMPP_ROOM_NICKNAME_LOCKED'],
    ['not-allowed', 'cancel', 'XMPP_ROOM_CREATION_REFUSED'],
    ['not-authorized', 'auth', 'XMPP_ROOM_PASSWORD'],
    ['registration-required', 'auth', 'XMPP_ROOM_MEMBERS_ONLY'],
    ['resource-constraint', 'wait', 'XMPP_ROOM_FULL'],
    ['service-unavailable', 'wait', 'XMPP_ROOM_FULL'],
    ['service-unavailable', 'cancel', 'XMPP_ROOM_SERVICE_MISSING'],
    ['remote-server-not-found', 'cancel', 'XMPP_ROOM_SERVICE_MISSING'],
    ['remote-server-timeout', 'wait', 'XMPP_ROOM_SERVICE_UNREACHABLE'],
    ['policy-violation', 'cancel', 'XMPP_ROOM_REFUSED'],
    ['__proto__', 'cancel', 'XMPP_ROOM_REFUSED'],
  ])('that refuses entry with %s of type %s is diagnosed', async (condition, type, code) => {
    const room = await entering(async (peer) => {
      peer.writes(errorOf('presence', condition, `from='${roomAddress}/ade'`, type));
    });

    expect(await diagnosisOf(join(room).then((entry) => requireJoined(entry, room)))).toMatchObject({
      code,
      error: `${roomAddress}/ade refused entry to ${roomAddress}/ade: ${condition}`,
      serverDiagnosis: 'why',
    });
  });

  test('that says nothing is given up', async () => {
    const room = await entering(silence);

    const entry = await room.join({ create: false }, scopeFor(200));

    expect(await diagnosisOf(Promise.resolve().then(() => requireJoined(entry, room)))).toMatchObject({
      code: 'XMPP_ROOM_SILENT',
      error: `${room.peer} sent no answer of the room within 200 ms`,
    });
  });

  test('lets the other’s message be told from our echo, history, the subject and bystanders', async () => {
    const delay = "<delay xmlns='urn:xmpp:delay' stamp='2026-11-20T00:00:00Z'/>";
    const room = await entering(async (peer) => {
      peer.writes(presence('ade', [110]));
      peer.writes(
        said('bjo', 'old t-1', delay),
        `<message from='${roomAddress}/bjo' type='groupchat'><subject>t-1</subject></message>`,
      );
      peer.writes(said('eve', 'eve t-1'), said('ade', 'mine t-1'), said('bjo', 'now t-1'));
    });
    await join(room);

    const other = await room.awaitMessage({ token: 't-1', from: `${roomAddress}/bjo` }, scopeFor(5_000));
    const echo = await room.awaitMessage({ token: 't-1', from: room.occupant }, scopeFor(5_000));

    expect(other).toMatchObject({ kind: 'message', message: { text: 'now t-1' } });
    expect(echo).toMatchObject({ kind: 'message', message: { text: 'mine t-1' } });
  });

  test('that refuses a message gives it back', async () => {
    const room = await entering(async (peer) => {
      peer.writes(presence('ade', [110]));
      await peer.reads(
        /<message to="probe@rooms\.partner\.example" type="groupchat" id="m-1"><body>hello<\/body><\/message>/,
      );
      peer.writes(errorOf('message', 'forbidden', `id='m-1' from='${roomAddress}'`));
    });
    await join(room);

    room.send({ text: 'hello', id: 'm-1' });

    expect(
      await room.awaitMessage({ token: 'hello', from: room.occupant, sentId: 'm-1' }, scopeFor(5_000)),
    ).toMatchObject({
      kind: 'refused',
      error: { condition: 'forbidden' },
    });
  });

  test('that puts us out says why, also when that came before anybody waited', async () => {
    const room = await entering(async (peer) => {
      const kicked = `<presence from='${roomAddress}/ade' type='unavailable'><x xmlns='${user}'><item><reason>noise</reason></item><status code='307'/><status code='110'/></x></presence>`;
      peer.writes(presence('ade', [110]), kicked);
    });
    await join(room);

    const removed = await room.awaitMessage({ token: 't-1', from: room.occupant }, scopeFor(5_000));
    const left = await room.leave(scopeFor(5_000));

    expect(removed).toEqual({ kind: 'removed', removal: { statuses: ['307'], reason: 'noise' } });
    expect(left).toBeUndefined();
  });

  test('is left when it says so, and given up when it does not', async () => {
    const leaving = (answer: (peer: XmppPeer) => void) =>
      entering(async (peer) => {
        peer.writes(presence('ade', [110]));
        await peer.reads(/<presence to="probe@rooms\.partner\.example\/ade" type="unavailable"\/>/);
        answer(peer);
      });
    const polite = await leaving((peer) => peer.writes(presence('ade', [110], " type='unavailable'")));
    const silent = await leaving(() => {});
    await Promise.all([join(polite), join(silent)]);

    expect(await polite.leave(scopeFor(5_000))).toBeUndefined();
    expect(await silent.leave(scopeFor(200))).toEqual({ kind: 'timeout', limitMs: 200, pendingCharacters: 0 });
  });
});
