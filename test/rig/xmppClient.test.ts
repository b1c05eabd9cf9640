import { afterEach, expect, test } from 'vitest';
import type { Scope } from '../../shared/domain/scope.js';
import { readAddress } from '../../shared/protocols/xmpp/client/address.js';
import type { XmppService } from '../../shared/protocols/xmpp/client/findXmppServer.js';
import type { XmppClient } from '../../shared/protocols/xmpp/client/xmppClient.js';
import { scopeFor } from '../fakes/fakeScope.js';
import { diagnosisOf } from '../fixtures/diagnosisOf.js';
import { expectNoStrayErrors } from '../fixtures/strayErrors.js';
import { xmppClientsIn } from '../fixtures/xmppClients.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';

const services: readonly ServiceName[] = ['dns', 'partner'];

describeWithRig('an XMPP client at Prosody', services, () => {
  expectNoStrayErrors();
  const rig = useRig({ services });
  const clients: XmppClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await rig().fault.clear();
  });

  /** The users of the rig, found by DNS unless they are to sign in at one port. */
  function open(
    index: number,
    options: { readonly service?: XmppService; readonly password?: string } = {},
  ): XmppClient {
    const { ca, dns, xmpp } = rig().endpoints;
    const user = xmpp.users[index];
    const openClient = xmppClientsIn({ ca, dnsServers: [`${dns.address}:${dns.port}`] });
    const client = openClient({ jid: user?.address ?? '', password: user?.password ?? '', ...options });
    clients.push(client);
    return client;
  }

  function serviceOf(directTls: boolean): XmppService {
    const { address, c2s, c2sTls } = rig().endpoints.xmpp;
    return { host: address, port: directTls ? c2sTls : c2s, directTls };
  }

  test.each([
    ['TLS at once', true],
    ['STARTTLS', false],
  ])('signs in over %s with SCRAM-SHA-256 and out again', async (_, directTls) => {
    const scope = scopeFor(5_000);
    const client = open(0, { service: serviceOf(directTls) });

    await signIn(client, scope);
    const { jid } = client;
    await client.signOut(scope);

    expect(readAddress(jid)?.bare().toString()).toBe('adelaney@partner.test');
    expect(readAddress(jid)?.resource).toMatch(/^edge-probes-[0-9a-f]{8}$/);
    expect(scope.observations).toContainEqual({ saslMechanism: 'SCRAM-SHA-256' });
    expect(scope.warnings).toEqual([]);
  });

  test('finds its server by the SRV record of the domain', async () => {
    const scope = scopeFor(5_000);
    const client = open(0);

    await signIn(client, scope);

    expect(client.peer).toMatch(/^xmpp\.partner\.test at /);
  });

  test('is refused with a wrong password', async () => {
    const client = open(0, { service: serviceOf(false), password: 'wrong' });

    const found = await diagnosisOf(signIn(client, scopeFor(5_000)));

    expect(found.code).toBe('AUTH_CREDENTIALS_REJECTED');
    expect(found.error).toBe(
      `${client.peer} refused to sign in adelaney@partner.test with SCRAM-SHA-256: not-authorized`,
    );
  });

  test('exchanges messages with another user, letters beyond ASCII and markup included', async () => {
    const scope = scopeFor(5_000);
    const [one, other] = [open(0, { service: serviceOf(true) }), open(1, { service: serviceOf(false) })];
    await Promise.all([signIn(one, scope), signIn(other, scope)]);
    await other.announce(scope);

    one.sendMessage({ to: 'bjensen@partner.test', text: 'Grüße <b>&amp;</b> 😀 t-1', id: 'm-1' });
    const arrived = await other.awaitMessage({ token: 't-1', from: one.jid }, scope);
    other.sendMessage({ to: one.jid, text: 'answer t-2', id: 'm-2' });
    const answered = await one.awaitMessage({ token: 't-2' }, scope);

    expect(arrived).toMatchObject({
      kind: 'message',
      message: { from: one.jid, id: 'm-1', text: 'Grüße <b>&amp;</b> 😀 t-1' },
    });
    expect(answered).toMatchObject({ kind: 'message', message: { from: other.jid, text: 'answer t-2' } });
  });

  test('gets its message back when there is no such user', async () => {
    const scope = scopeFor(5_000);
    const client = open(0, { service: serviceOf(true) });
    await signIn(client, scope);

    client.sendMessage({ to: 'nobody@partner.test', text: 't-3', id: 'm-3' });

    expect(await client.awaitMessage({ token: 'never', sentId: 'm-3' }, scope)).toMatchObject({
      kind: 'refused',
      error: { condition: 'service-unavailable', from: 'nobody@partner.test' },
    });
  });

  test('enters a room that it creates, hears the other and itself, and leaves', async () => {
    const scope = scopeFor(5_000);
    const [one, other] = [open(0, { service: serviceOf(true) }), open(1, { service: serviceOf(true) })];
    await Promise.all([signIn(one, scope), signIn(other, scope)]);
    const address = `probe@${rig().endpoints.xmpp.rooms}`;
    const [mine, theirs] = [one.room(address, 'ade'), other.room(address, 'bjo')];

    const entries = [await mine.join({ create: true }, scope), await theirs.join({ create: false }, scope)];
    mine.send({ text: 'hello t-4', id: 'm-4' });
    const echo = await mine.awaitMessage({ token: 't-4', from: mine.occupant, sentId: 'm-4' }, scope);
    const heard = await theirs.awaitMessage({ token: 't-4', from: mine.occupant }, scope);
    theirs.send({ text: 'hello t-5', id: 'm-5' });
    const back = await mine.awaitMessage({ token: 't-5', from: theirs.occupant }, scope);
    const left = [await mine.leave(scope), await theirs.leave(scope)];

    expect(entries).toEqual([
      { kind: 'joined', created: true },
      { kind: 'joined', created: false },
    ]);
    expect(echo).toMatchObject({ kind: 'message', message: { id: 'm-4', text: 'hello t-4' } });
    expect(heard).toMatchObject({ kind: 'message', message: { text: 'hello t-4' } });
    expect(back).toMatchObject({ kind: 'message', message: { text: 'hello t-5' } });
    expect(left).toEqual([undefined, undefined]);
  });

  test('does not create a room that it must not create', async () => {
    const scope = scopeFor(5_000);
    const client = open(0, { service: serviceOf(true) });
    await signIn(client, scope);

    const entry = await client.room(`none@${rig().endpoints.xmpp.rooms}`, 'ade').join({ create: false }, scope);

    expect(entry).toEqual({ kind: 'missing' });
  });

  test('gets no answer while Prosody is paused, and says so', async () => {
    const client = open(0, { service: serviceOf(false) });
    await client.resolve(scopeFor(1_000));
    await rig().fault.pause('partner');
    await client.connect(scopeFor(1_000));

    const found = await diagnosisOf(client.secure(scopeFor(500)));

    expect(found.code).toBe('XMPP_HEADER_TIMEOUT');
    expect(found.error).toBe(`${client.peer} sent no stream header within 500 ms`);
  });

  test('is refused a connection while Prosody is stopped', async () => {
    const client = open(0, { service: serviceOf(false) });
    await rig().fault.stop('partner');

    expect((await diagnosisOf(signIn(client, scopeFor(2_000)))).code).toBe('TCP_CONNECTION_REFUSED');
  });

  test('does not send a password under a certificate for another domain', async () => {
    await rig().fault.cert('partner', 'wrongname');

    for (const directTls of [true, false]) {
      const found = await diagnosisOf(signIn(open(0, { service: serviceOf(directTls) }), scopeFor(2_000)));

      expect(found.code).toBe('TLS_NAME_MISMATCH');
    }
  });
});

async function signIn(client: XmppClient, scope: Scope): Promise<void> {
  await client.resolve(scope);
  await client.connect(scope);
  await client.secure(scope);
  await client.authenticate(scope);
}
