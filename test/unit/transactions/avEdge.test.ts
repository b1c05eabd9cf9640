import { describe, expect, test } from 'vitest';
import type { AvEdgeSettings } from '../../../shared/config/settings.js';
import { diagnosis, fail, ProbeError } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { EchoSample } from '../../../shared/protocols/turn/echo/sample.js';
import type { AllocateOutcome } from '../../../shared/protocols/turn/relayClient.js';
import type { TransportAddress } from '../../../shared/protocols/turn/transportAddress.js';
import type { StunTurnClient } from '../../../shared/protocols/turn/turnClient.js';
import type { TurnPorts } from '../../../shared/protocols/turn/turnPorts.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { avEdge } from '../../../shared/transactions/avEdge.js';
import { fakePorts, type PortPlan } from '../../fakes/fakePorts.js';
import { fakeTurn } from '../../fakes/fakeTurn.js';
import { sampleEdge, sampleSettings, world } from '../../fakes/world.js';

const echo: EchoSample = { sent: 20, arrived: 20, returned: 20, lossPercent: 0, duplicates: 0, reordered: 0 };

/** What a relay of the test does; by default it works at once, at a public address. */
interface RelayPlan {
  readonly at?: string;
  readonly relayed?: string;
  readonly allocate?: (calls: string[]) => AllocateOutcome;
  readonly permit?: () => void;
  readonly release?: () => void;
  readonly turn?: Partial<TurnPorts>;
  readonly ports?: PortPlan;
  readonly settings?: Partial<AvEdgeSettings>;
}

async function run(plan: RelayPlan = {}): Promise<{ readonly result: TransactionResult; readonly calls: string[] }> {
  const calls: string[] = [];
  const clientAt = (remote: TransportAddress, peer: string): StunTurnClient => {
    let mayHold = false;
    return {
      peer,
      remote,
      retransmissions: 0,
      get mayHold() {
        return mayHold;
      },
      binding: async () => ({ kind: 'bound', reflexive: { address: '198.51.100.7', port: 40_000 } }),
      async allocate(credentials) {
        calls.push(`allocate ${peer} ${credentials?.kind}`);
        const relayed = { address: plan.relayed ?? remote.address, port: 50_000 };
        const outcome: AllocateOutcome = plan.allocate?.(calls) ?? {
          ...{ kind: 'allocated', relayed, reflexive: undefined, lifetimeSeconds: 600 },
        };
        mayHold = outcome.kind === 'allocated';
        return outcome;
      },
      async permit({ address, port }) {
        calls.push(`permit ${address}:${port}`);
        plan.permit?.();
      },
      async release() {
        mayHold = false;
        calls.push(`release ${peer}`);
        plan.release?.();
      },
      send: () => {},
      receive: () => {},
      close: () => void calls.push(`close ${peer}`),
    };
  };
  const at = plan.at ?? '192.0.2.10';
  const ports = {
    ...fakePorts(plan.ports),
    turn: fakeTurn({
      overUdp: async (_, address) => clientAt(address, 'udp'),
      over: ({ protocol }) => clientAt({ address: at, port: 3478 }, protocol.toLowerCase()),
      echo: async () => echo,
      ...plan.turn,
    }),
  };
  const settings: AvEdgeSettings = {
    ...sampleSettings({}),
    ...{ host: undefined, udpPort: undefined, tcpPort: undefined, tlsPort: 5349, packets: 20 },
    credentials: { kind: 'password', userName: 'probe', password: { env: 'TURN_PASSWORD' } },
    ...plan.settings,
  };
  const result = await runTransaction(avEdge, world({ edge: sampleEdge(), settings, accounts: {}, ports }));
  return { result, calls };
}

describe('av-edge', () => {
  test('allocates twice, permits, echoes and releases over UDP, TCP and TLS in turn', async () => {
    const { result, calls } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(new Set(result.steps.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    const of = (name: string) => [
      ...[`allocate ${name} password`, `allocate ${name} password`],
      ...['permit 192.0.2.10:50000', 'permit 192.0.2.10:50000', `release ${name}`, `release ${name}`],
    ];
    expect(calls.filter((call) => !call.startsWith('close'))).toEqual([...of('udp'), ...of('tcp'), ...of('tls')]);
    expect(calls.filter((call) => call === 'close udp')).toHaveLength(2);
  });

  test('skips TLS where no port for it is configured', async () => {
    const { result } = await run({ settings: { tlsPort: undefined } });

    expect(result.outcome).toBe('success');
    expect(result.steps.filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name)).toEqual([
      ...['connect-tls', 'tls', 'allocate-tls', 'permission-tls', 'echo-tls', 'release-tls'],
    ]);
  });

  test.each([
    ['private', '10.1.2.3'],
    ['loopback', '127.0.0.1'],
  ])('warns of a relayed address that is %s where the relay is reached at a public one', async (scope, relayed) => {
    const { result } = await run({ relayed, settings: { tlsPort: undefined } });

    expect(result.outcome).toBe('success');
    expect(result.warnings[0]).toEqual({
      code: 'TURN_RELAYED_ADDRESS_PRIVATE',
      step: 'allocate-udp',
      message: `udp gave the relayed address ${relayed}:50000, which is ${scope}: peers outside cannot reach it`,
      degrades: true,
    });
  });

  test('does not follow where a public relay leads into a private network', async () => {
    const at = { address: '10.0.0.5', port: 3478 };
    const { result, calls } = await run({ allocate: () => ({ kind: 'alternate', at, domain: undefined }) });

    expect(result.diagnosis).toMatchObject({
      code: 'TURN_ALTERNATE_UNUSABLE',
      error: 'udp sends clients to 10.0.0.5:3478, which cannot be reached from outside',
    });
    expect(calls.filter((call) => call.startsWith('allocate'))).toHaveLength(3);
  });

  test('gives allocations back when a permission fails', async () => {
    const { result, calls } = await run({ permit: () => fail('TURN_PEER_FORBIDDEN', { error: 'no' }) });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_PEER_FORBIDDEN', step: 'permission-udp' });
    expect(calls.filter((call) => call === 'release udp')).toHaveLength(2);
    expect(result.steps.find(({ name }) => name === 'release-udp')?.outcome).toBe('passed');
  });

  test('fails when an allocation is not taken back, and does not ask again', async () => {
    const { result, calls } = await run({
      release: () => fail('TURN_ALLOCATION_MISMATCH', { error: 'no such allocation' }),
      settings: { tlsPort: undefined },
    });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_ALLOCATION_MISMATCH', step: 'release-udp' });
    expect(calls.filter((call) => call === 'release udp')).toHaveLength(2);
  });

  test('goes on to TCP when UDP is blocked, and fails for UDP', async () => {
    const silent = { what: 'Binding', peer: 'udp', waitedMs: 1, sends: 1, isDatagram: true, doubts: [] };
    const { result } = await run({
      turn: {
        overUdp: async (_, remote) => ({ ...mute, remote, binding: async () => ({ kind: 'none', ...silent }) }),
        whyUdpSilent: async () => diagnosis('TURN_UDP_BLOCKED', { error: 'silent' }),
      },
    });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_UDP_BLOCKED', step: 'stun-binding' });
    expect(result.steps.find(({ name }) => name === 'echo-tcp')?.outcome).toBe('passed');
  });

  test('says that TCP is blocked only where the relay has answered over something else', async () => {
    const refused = async () => {
      throw new ProbeError(diagnosis('TCP_CONNECTION_REFUSED', { error: 'refused' }));
    };
    const { result } = await run({ ports: { connectTcp: refused } });

    expect(result.diagnosis).toMatchObject({
      code: 'TURN_TCP_BLOCKED',
      step: 'connect-tcp',
      error: 'refused, while the relay answers over UDP',
    });
  });

  test('leaves our own lack of a route to TCP ours', async () => {
    const noRoute = async () => {
      throw new ProbeError(diagnosis('TCP_NO_ROUTE', { error: 'no route' }));
    };
    const { result } = await run({ ports: { connectTcp: noRoute } });

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'TCP_NO_ROUTE' } });
  });

  test('asks for a missing secret before anything is sent', async () => {
    const ports = fakePorts();
    const settings = {
      ...sampleSettings({}),
      ...{ host: undefined, udpPort: undefined, tcpPort: undefined, tlsPort: undefined, packets: 20 },
      credentials: { kind: 'shared-secret', userName: undefined, sharedSecret: { env: 'TURN_SECRET' } } as const,
    };
    const secret = () => fail('CONFIG_SECRET_MISSING', { error: 'environment variable TURN_SECRET is not set' });

    const result = await runTransaction(avEdge, world({ settings, accounts: {}, ports, secret }));

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'CONFIG_SECRET_MISSING' } });
    expect(ports.calls).toEqual([]);
  });
});

const mute: StunTurnClient = {
  ...{ peer: 'udp', remote: { address: '192.0.2.10', port: 3478 }, retransmissions: 0, mayHold: false },
  binding: async () => ({ kind: 'bound', reflexive: { address: '198.51.100.7', port: 40_000 } }),
  allocate: async () => fail('TURN_REQUEST_TIMEOUT', { error: 'silent' }),
  permit: async () => {},
  release: async () => {},
  send: () => {},
  receive: () => {},
  close: () => {},
};
