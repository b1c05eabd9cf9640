import { afterEach, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { methods, attributeTypes as types } from '../../../shared/protocols/turn/stun/attributes.js';
import { attribute, encodeMessage } from '../../../shared/protocols/turn/stun/message.js';
import { writeAddress } from '../../../shared/protocols/turn/stun/values.js';
import { type FakeRelay, openFakeRelay, type RelayScript } from '../../fixtures/fakeRelay.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { type AvEdgeRun, runAvEdge } from '../../fixtures/turnLab.js';

expectNoStrayErrors();

const relays: FakeRelay[] = [];
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
});

async function relayWith(script: RelayScript = {}): Promise<FakeRelay> {
  const relay = await openFakeRelay(script);
  relays.push(relay);
  return relay;
}

function probe(relay: FakeRelay, run: Partial<AvEdgeRun> = {}): Promise<TransactionResult> {
  const { port } = relay;
  return runAvEdge({ ...run, settings: { udpPort: port, tcpPort: port, ...run.settings } });
}

function outcomes({ steps }: TransactionResult): Record<string, string> {
  return Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
}

describe('a relay that works', () => {
  test('is asked over UDP and TCP, relays every packet, and keeps no allocation', async () => {
    const relay = await relayWith();

    const result = await probe(relay);

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(outcomes(result)).toMatchObject({ 'echo-udp': 'passed', 'echo-tcp': 'passed', 'connect-tls': 'skipped' });
    expect(result.observations).toMatchObject({
      relayUdp: { echo: { sent: 5, returned: 5, lossPercent: 0 }, retransmissions: 0, lifetimeSeconds: 600 },
      relayTcp: { echo: { sent: 5, returned: 5, lossPercent: 0 } },
    });
    expect(relay.allocations).toBe(0);
  });

  test('that offers SHA-256 is answered with it', async () => {
    const relay = await relayWith({ algorithms: Buffer.from([0, 2, 0, 0, 0, 1, 0, 0]), nonce: () => 'obMatJos2AAAB1' });

    const result = await probe(relay);

    expect(result.outcome).toBe('success');
    const signed = relay.received.filter((message) => attribute(message, types.messageIntegritySha256));
    expect(signed.length).toBeGreaterThan(4);
    expect(relay.received.every((message) => !attribute(message, types.messageIntegrity))).toBe(true);
  });

  test('that finds the nonce stale is asked once more with the new one', async () => {
    const stale = new Set<string>();
    const relay = await relayWith({
      refuse: (request, client) => {
        const key = `${client.transport}${client.port}${request.method}`;
        if (stale.has(key)) return undefined;
        stale.add(key);
        return { code: 438, attributes: renewed(`nonce ${stale.size}`) };
      },
    });

    const result = await probe(relay);

    expect(result).toMatchObject({ outcome: 'success', observations: { nonceRenewed: true } });
  });

  test('whose first answers are lost succeeds with a warning that counts what was sent again', async () => {
    const seen = new Map<string, number>();
    const relay = await relayWith({
      tamper: (answer, { method, id }, { transport }) => {
        const count = (seen.get(id) ?? 0) + 1;
        seen.set(id, count);
        return transport === 'udp' && method === methods.allocate && count === 1 ? [] : [answer];
      },
    });

    const result = await probe(relay);

    expect(result).toMatchObject({
      outcome: 'success',
      warnings: [{ code: 'TURN_REQUEST_RETRANSMITTED', step: 'permission-udp', degrades: false }],
      observations: { relayUdp: { retransmissions: 4 } },
    });
  });

  test('and duplicates, delays and reorders answers and packets over UDP is not misread', async () => {
    const held: Buffer[] = [];
    const relay = await relayWith({
      tamper: (answer) => [answer, answer],
      relay: (data) => {
        held.push(data);
        return held.length % 2 === 0 ? held.splice(0).toReversed() : [];
      },
    });

    const result = await probe(relay, { settings: { packets: 8 } });

    expect(result.outcome).toBe('success');
    expect(result.observations.relayUdp).toMatchObject({ echo: { returned: 8 } });
  });

  test('and copies packets earns a warning', async () => {
    const relay = await relayWith({ relay: (data) => [data, data] });

    const result = await probe(relay);

    expect(result.outcome).toBe('success');
    expect(result.warnings).toMatchObject([{ code: 'TURN_ECHO_DUPLICATED' }, { code: 'TURN_ECHO_DUPLICATED' }]);
  });

  test('and loses a third of the packets makes the state degraded', async () => {
    let count = 0;
    const relay = await relayWith({
      relay: (data) => {
        count += 1;
        return count % 6 === 0 ? [] : [data];
      },
    });

    const result = await probe(relay, { settings: { packets: 9 } });

    expect(result.outcome).toBe('success');
    expect(result.warnings[0]).toMatchObject({ code: 'TURN_ECHO_LOSS', step: 'echo-udp', degrades: true });
  });

  test('takes TCP messages that are split at every byte', async () => {
    const relay = await relayWith({
      tamper: (answer, _request, { transport }) =>
        transport === 'udp' ? [answer] : Array.from(answer, (byte) => Buffer.from([byte])),
    });

    expect(await probe(relay)).toMatchObject({ outcome: 'success', warnings: [] });
  });

  test('may give out a private address where it is reached at one itself', async () => {
    const relay = await relayWith({ relayedAddress: '10.0.0.1' });

    expect((await probe(relay)).warnings).toEqual([]);
  });

  test('still holds an allocation at the first port, which is left for another one', async () => {
    let asked = 0;
    const relay = await relayWith({
      refuse: ({ method }) => {
        if (method !== methods.allocate) return undefined;
        asked += 1;
        return asked === 1 ? { code: 437 } : undefined;
      },
    });

    const result = await probe(relay);

    expect(result).toMatchObject({ outcome: 'success', warnings: [], observations: { relayUdp: { portHeld: true } } });
    expect(relay.allocations).toBe(0);
  });

  test('sends clients to another one, which is followed', async () => {
    const other = await relayWith();
    const relay = await relayWith({
      refuse: ({ method }) =>
        method === methods.allocate ? { code: 300, attributes: [alternate('127.0.0.1', other.port)] } : undefined,
    });

    const result = await probe(relay);

    expect(result).toMatchObject({
      outcome: 'success',
      observations: { relayUdp: { alternateServer: `127.0.0.1:${other.port}` } },
    });
    expect([relay.allocations, other.allocations]).toEqual([0, 0]);
  });

  test('without credentials shows that it asks for them, and no more', async () => {
    const relay = await relayWith();

    const result = await probe(relay, { settings: { credentials: undefined } });

    expect(result.outcome).toBe('success');
    expect(result.warnings).toMatchObject([
      { code: 'TURN_CREDENTIALS_MISSING', step: 'allocate-udp' },
      { code: 'TURN_CREDENTIALS_MISSING', step: 'allocate-tcp' },
    ]);
    expect(outcomes(result)).toMatchObject({
      'allocate-udp': 'passed',
      'echo-udp': 'skipped',
      'allocate-tcp': 'passed',
    });
  });

  test('and serves whoever comes earns a warning', async () => {
    const relay = await relayWith({ open: true });

    const result = await probe(relay);

    expect(result.outcome).toBe('success');
    expect(new Set(result.warnings.map(({ code }) => code))).toEqual(new Set(['TURN_RELAY_OPEN']));
  });

  test('with time-limited credentials gets the name that says when they end', async () => {
    const relay = await relayWith();
    const credentials = { kind: 'shared-secret', userName: 'probe', sharedSecret: { env: 'SECRET' } } as const;

    const result = await probe(relay, { settings: { credentials } });

    const names = relay.received.flatMap((message) => attribute(message, types.username)?.toString() ?? []);
    expect(names[0]).toMatch(/^\d{10}:probe$/);
    expect(result.diagnosis?.code).toBe('TURN_CREDENTIALS_REJECTED');
  });
});

describe('a refusal has a code of its own', () => {
  test.each([
    [400, 'TURN_REQUEST_MALFORMED'],
    [403, 'TURN_ALLOCATION_FORBIDDEN'],
    [420, 'TURN_ATTRIBUTE_UNKNOWN'],
    [437, 'TURN_ALLOCATION_MISMATCH'],
    [440, 'TURN_ADDRESS_FAMILY_UNSUPPORTED'],
    [441, 'TURN_CREDENTIALS_MISMATCH'],
    [442, 'TURN_TRANSPORT_UNSUPPORTED'],
    [486, 'TURN_QUOTA_REACHED'],
    [500, 'TURN_SERVER_ERROR'],
    [508, 'TURN_CAPACITY_INSUFFICIENT'],
    [599, 'TURN_REQUEST_REJECTED'],
  ])('%i to Allocate is %s', async (code, expected) => {
    const relay = await relayWith({ refuse: () => ({ code, reason: 'because' }) });

    const { diagnosis, steps } = await probe(relay);

    expect(diagnosis).toMatchObject({ code: expected, step: 'allocate-udp', serverDiagnosis: `${code} because` });
    expect(diagnosis?.error).toBe(
      `sip.contoso.example at 127.0.0.1:${relay.port} over UDP answered ${code} to Allocate`,
    );
    expect(steps.find(({ name }) => name === 'release-udp')?.outcome).toBe('skipped');
  });

  test('a wrong password is refused once, not again over TCP', async () => {
    const relay = await relayWith();

    const result = await probe(relay, { password: 'wrong' });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_CREDENTIALS_REJECTED', step: 'allocate-udp' });
    expect(relay.received.filter((message) => attribute(message, types.username))).toHaveLength(1);
    expect(outcomes(result)).toMatchObject({ 'connect-tcp': 'skipped' });
  });

  test('403 to CreatePermission says that the relay refuses its own address', async () => {
    const relay = await relayWith({
      refuse: ({ method }) => (method === methods.createPermission ? { code: 403 } : undefined),
    });

    const result = await probe(relay);

    expect(result.diagnosis).toMatchObject({ code: 'TURN_PEER_FORBIDDEN', step: 'permission-udp' });
    expect(relay.allocations).toBe(0);
  });

  test('a success that does not say what was granted is incomplete', async () => {
    const relay = await relayWith({
      tamper: (answer, { method, id }) =>
        method === methods.binding ? [encodeMessage(method, 'success', id, [])] : [answer],
    });

    expect((await probe(relay)).diagnosis).toMatchObject({
      code: 'TURN_ANSWER_INCOMPLETE',
      step: 'stun-binding',
      error: `sip.contoso.example at 127.0.0.1:${relay.port} over UDP answered Binding without a mapped address`,
    });
  });

  test('a nonce that is stale for ever is told after the second', async () => {
    const relay = await relayWith({ refuse: () => ({ code: 438, attributes: renewed('again') }) });

    const { diagnosis } = await probe(relay);

    expect(diagnosis).toMatchObject({
      code: 'TURN_NONCE_STALE',
      error: `sip.contoso.example at 127.0.0.1:${relay.port} over UDP answered 438 to Allocate with a nonce it had just given`,
    });
  });

  test.each([
    ['itself', (port: number) => alternate('127.0.0.1', port), 'TURN_ALTERNATE_UNUSABLE'],
    ['nowhere', () => alternate('127.0.0.1', 0), 'TURN_ALTERNATE_UNUSABLE'],
    ['an address of nobody', () => alternate('0.0.0.0', 3478), 'TURN_ALTERNATE_UNUSABLE'],
  ])('300 that leads to %s', async (_, attributeOf, expected) => {
    let own = 0;
    const relay = await relayWith({ refuse: () => ({ code: 300, attributes: [attributeOf(own)] }) });
    own = relay.port;

    expect((await probe(relay)).diagnosis).toMatchObject({ code: expected, step: 'allocate-udp' });
  });

  test('a challenge whose nonce promises algorithms that were cut out is not answered', async () => {
    const relay = await relayWith({ nonce: () => 'obMatJos2AAAB' });

    const { diagnosis } = await probe(relay);

    expect(diagnosis?.code).toBe('TURN_CHALLENGE_UNUSABLE');
    expect(relay.received.some((message) => attribute(message, types.username))).toBe(false);
  });

  test('a relayed address that is nobody’s', async () => {
    const relay = await relayWith({ relayedAddress: '0.0.0.0' });

    expect((await probe(relay)).diagnosis?.code).toBe('TURN_RELAYED_ADDRESS_UNUSABLE');
    expect(relay.allocations).toBe(0);
  });

  test('an allocation that carries nothing', async () => {
    const relay = await relayWith({ relay: () => [] });

    const { diagnosis } = await probe(relay);

    expect(diagnosis).toMatchObject({
      code: 'TURN_ECHO_LOST',
      step: 'echo-udp',
      error: `sip.contoso.example at 127.0.0.1:${relay.port} over UDP relayed none of 5 packets: none reached the other allocation`,
    });
    expect(relay.allocations).toBe(0);
  });
});

function renewed(nonce: string) {
  return [
    { type: types.realm, value: Buffer.from('relay.test') },
    { type: types.nonce, value: Buffer.from(nonce) },
  ];
}

function alternate(address: string, port: number) {
  return { type: types.alternateServer, value: writeAddress({ address, port }) };
}
