import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { Secret } from '../../../shared/domain/secret.js';
import { openResolver } from '../../../shared/protocols/dns/resolver.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { withoutTls } from '../../../shared/protocols/net/startTls.js';
import type { MsCredentials } from '../../../shared/protocols/turn/ms/msTurnClient.js';
import type { AllocateOutcome, RelayClient } from '../../../shared/protocols/turn/relayClient.js';
import { turnPorts } from '../../../shared/protocols/turn/turnPorts.js';
import type { RelayScript } from '../../edge-simulator/relay/relayScript.js';
import { type MsRelay, startMsRelay } from '../../edge-simulator/relay/startMsRelay.js';
import { type FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import { openTcpServer, openTlsServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab } from '../../fixtures/tlsLab.js';

expectNoStrayErrors();

const turn = turnPorts({ clock: systemClock, randomBytes, resolver: openResolver([]), reference: undefined });
const transports = ['udp', 'tcp'] as const;
type Transport = (typeof transports)[number];

let relay: MsRelay;
const closing: (() => unknown)[] = [];
beforeEach(async () => {
  relay = await startMsRelay();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await relay.close();
});

async function tcpTo(port: number, scope: FakeScope) {
  const candidates = [{ host: 'relay', port, tlsName: 'relay', addresses: ['127.0.0.1'] }];
  const tcp = await connectTcp({ fqdn: 'relay', transport: 'tcp', candidates }, systemClock, scope);
  closing.push(() => tcp.close());
  return turn.msOverTcp(withoutTls(tcp), scope);
}

async function open(transport: Transport, scope = scopeFor(5_000)): Promise<RelayClient<MsCredentials>> {
  const client =
    transport === 'udp'
      ? await turn.msOverUdp('relay', { address: '127.0.0.1', port: relay.udpPort })
      : await tcpTo(relay.tcpPort, scope);
  closing.push(() => client.close());
  return client;
}

function credentials(change: Partial<{ userName: string; password: string; expiresAtMs: number }> = {}): MsCredentials {
  const issued = { ...relay.credentials(change.expiresAtMs), ...change };
  return { userName: issued.userName, password: new Secret(issued.password) };
}

function relayedOf(outcome: AllocateOutcome) {
  if (outcome.kind !== 'allocated') throw new Error(`expected an allocation, not ${outcome.kind}`);
  return outcome.relayed;
}

describe.each(transports)('the relay of an A/V Edge over %s', (transport) => {
  test('asks for credentials, gives out an address, carries packets both ways and takes the address back', async () => {
    const scope = scopeFor(5_000);
    const [one, other] = [await open(transport), await open(transport)];

    const challenged = await one.allocate(undefined, scope);
    const outcome = await one.allocate(credentials(), scope);
    const [from, to] = [relayedOf(outcome), relayedOf(await other.allocate(credentials(), scope))];
    await one.permit(to, scope);
    await other.permit(from, scope);
    const ends = [
      { client: one, relayed: from },
      { client: other, relayed: to },
    ] as const;
    const sample = await turn.echo(...ends, { packets: 10, token: 'x'.repeat(24) }, scope);
    const held = relay.allocations;
    await one.release(scope);
    await other.release(scope);

    expect(challenged).toEqual({ kind: 'challenged', realm: 'relay.contoso.test' });
    expect(outcome).toMatchObject({ lifetimeSeconds: 600, reflexive: { address: '127.0.0.1' } });
    expect(sample).toMatchObject({ sent: 10, returned: 10, lossPercent: 0 });
    expect([held, relay.allocations]).toEqual([2, 0]);
    expect(relay.tally).toMatchObject({ allocated: 2, released: 2, refused: {}, unsignedSends: 0, malformed: 0 });
    expect([one.mayHold, one.retransmissions, scope.warnings.length]).toEqual([false, 0, 0]);
  });

  test('answers a stale nonce with a new one, which is used', async () => {
    const scope = scopeFor(5_000);
    relay.set({ staleNonce: true });
    const client = await open(transport);

    relayedOf(await client.allocate(credentials(), scope));

    expect(relay.tally.refused).toEqual({ 438: 1 });
    expect(scope.observations).toContainEqual({ nonceRenewed: true });
  });

  test.each<[number, string]>([
    [400, 'TURN_REQUEST_MALFORMED'],
    [420, 'TURN_ATTRIBUTE_UNKNOWN'],
    [437, 'TURN_ALLOCATION_MISMATCH'],
    [438, 'TURN_NONCE_STALE'],
    [439, 'TURN_REQUEST_REJECTED'],
    [500, 'TURN_SERVER_ERROR'],
    [600, 'TURN_SERVER_ERROR'],
  ])('refuses with %i: %s', async (refuse, code) => {
    relay.set({ refuse });
    const client = await open(transport);

    const found = await diagnosisOf(client.allocate(credentials(), scopeFor(5_000)));

    expect(found).toMatchObject({ code, serverDiagnosis: `${refuse} refused by the relay` });
    expect(client.mayHold).toBe(false);
  });

  test('tells a wrong password, an unknown user and expired credentials', async () => {
    const codes: string[] = [];
    const wrong: readonly MsCredentials[] = [
      credentials({ password: Buffer.alloc(20).toString('base64') }),
      credentials({ userName: Buffer.alloc(52).toString('base64') }),
      credentials({ expiresAtMs: Date.now() - 1_000 }),
    ];
    for (const each of wrong) {
      const client = await open(transport);
      codes.push((await diagnosisOf(client.allocate(each, scopeFor(5_000)))).code);
    }

    expect(codes).toEqual(['TURN_CREDENTIALS_REJECTED', 'TURN_CREDENTIALS_REJECTED', 'TURN_CREDENTIALS_EXPIRED']);
    expect(relay.tally.refused).toEqual({ 431: 1, 436: 1, 430: 1 });
  });

  test('is not believed when it signs with another key', async () => {
    relay.set({ wrongIntegrity: true });
    const client = await open(transport);

    const found = await diagnosisOf(client.allocate(credentials(), scopeFor(1_200)));

    expect(found).toMatchObject({ code: 'TURN_INTEGRITY_WRONG' });
    // The allocation was made all the same: it has to be given back.
    expect(client.mayHold).toBe(true);
  });

  test('that carries nothing is seen', async () => {
    const scope = scopeFor(5_000);
    relay.set({ carriesNothing: true });
    const [one, other] = [await open(transport), await open(transport)];
    const [from, to] = [
      relayedOf(await one.allocate(credentials(), scope)),
      relayedOf(await other.allocate(credentials(), scope)),
    ];

    const ends = [
      { client: one, relayed: from },
      { client: other, relayed: to },
    ] as const;
    const sample = await turn.echo(...ends, { packets: 2, token: 'y'.repeat(24) }, scope);

    expect(sample).toMatchObject({ sent: 2, arrived: 0, returned: 0 });
  });

  test('that names itself by another address is followed there, once, unless that is less public', async () => {
    const elsewhere = { address: '127.0.0.9', port: 3478 };
    const outcomes: string[] = [];
    for (const script of [{ alternate: elsewhere }, { alternate: { address: '0.0.0.0', port: 1 } }]) {
      relay.set(script);
      outcomes.push((await (await open(transport)).allocate(credentials(), scopeFor(5_000))).kind);
    }
    relay.set({ alternate: elsewhere });
    const again = await (await open(transport)).allocate(credentials(), scopeFor(5_000), { followed: true });

    expect(outcomes).toEqual(['alternate', 'allocated']);
    expect(again.kind).toBe('allocated');
  });

  test('that falls silent is waited for until the deadline', async () => {
    const client = await open(transport);
    const silent: RelayScript = { silent: transport };
    relay.set(silent);

    const found = await diagnosisOf(client.allocate(credentials(), scopeFor(800)));

    expect(found.code).toBe('TURN_REQUEST_TIMEOUT');
    expect(client.retransmissions).toBe(transport === 'udp' ? 1 : 0);
  });
});

describe('in the place of the relay at its TCP port', () => {
  const greeted = async (port: number) => (await diagnosisOf(tcpTo(port, scopeFor(1_500)))).code;

  test('a TLS server is named', async () => {
    const lab = await openTlsLab();
    const server = await openTlsServer(await lab.options(), () => {});
    closing.push(() => server.close());

    expect(await greeted(server.port)).toBe('TURN_TLS_ANSWERED');
  });

  test.each([
    ['TURN_HTTP_ANSWERED', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['TURN_NOT_SPOKEN', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('%s', async (code, greeting) => {
    const server = await openTcpServer((socket) => void socket.once('data', () => socket.write(greeting)));
    closing.push(() => server.close());

    expect(await greeted(server.port)).toBe(code);
  });

  test('one that hangs up and one that is silent are told apart', async () => {
    const closes = await openTcpServer((socket) => void socket.once('data', () => socket.end()));
    const mute = await openTcpServer((socket) => void socket.resume());
    closing.push(
      () => closes.close(),
      () => mute.close(),
    );

    expect([await greeted(closes.port), await greeted(mute.port)]).toEqual([
      'TURN_CONNECTION_CLOSED',
      'TURN_REQUEST_TIMEOUT',
    ]);
  });
});
