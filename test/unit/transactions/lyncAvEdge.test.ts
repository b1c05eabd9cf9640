import { describe, expect, test } from 'vitest';
import type { AvEdgeSettings } from '../../../shared/config/settings.js';
import { diagnosis, fail, ProbeError } from '../../../shared/domain/diagnosis.js';
import type { Edge } from '../../../shared/domain/edge.js';
import type { MsCredentials } from '../../../shared/protocols/turn/ms/msTurnClient.js';
import type { AllocateOutcome, RelayClient } from '../../../shared/protocols/turn/relayClient.js';
import type { TransportAddress } from '../../../shared/protocols/turn/transportAddress.js';
import type { SilentRelay } from '../../../shared/protocols/turn/udpSilence.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { lyncAvEdge } from '../../../shared/transactions/lyncAvEdge.js';
import { fakePorts, type LyncTalk, registered, removed, response, sampleTarget } from '../../fakes/fakePorts.js';
import { fakeTurn } from '../../fakes/fakeTurn.js';
import { sampleAccount, sampleEdge, sampleSettings, world } from '../../fakes/world.js';

const mrasUri = 'sip:av.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:x';
const provisioned = `<provisionGroupList><provisionGroup name="ServerConfiguration"><mrasUri>${mrasUri}</mrasUri></provisionGroup></provisionGroupList>`;
const relayList =
  '<mediaRelay><hostName>media.contoso.example</hostName><udpPort>3479</udpPort><tcpPort>444</tcpPort></mediaRelay>';
const granted = `<response requestID="1" reasonPhrase="OK"><credentialsResponse><credentials><username>AAAA</username><password>BBBB</password></credentials><mediaRelayList>${relayList}</mediaRelayList></credentialsResponse></response>`;

interface Plan {
  readonly settings?: Partial<AvEdgeSettings>;
  readonly account?: boolean;
  /** Addresses by host; the relay's is as public as the Access Edge's. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly allocate?: (credentials: MsCredentials | undefined) => AllocateOutcome;
}

async function run({ settings, account = true, hosts = {}, allocate }: Plan = {}) {
  const calls: string[] = [];
  const silent: SilentRelay[] = [];
  const known: Readonly<Record<string, string>> = {
    'sip.contoso.example': '192.0.2.10',
    'media.contoso.example': '192.0.2.20',
    ...hosts,
  };
  const clientAt = (remote: TransportAddress, peer: string): RelayClient<MsCredentials> => {
    let mayHold = false;
    return {
      ...{ peer, remote, retransmissions: 0 },
      get mayHold() {
        return mayHold;
      },
      async allocate(credentials) {
        calls.push(`allocate ${peer} ${credentials?.userName ?? 'nobody'}`);
        const relayed = { address: remote.address, port: 50_000 };
        const usual: AllocateOutcome = credentials
          ? { kind: 'allocated', relayed, reflexive: undefined, lifetimeSeconds: 600 }
          : { kind: 'challenged', realm: 'contoso' };
        const outcome = allocate?.(credentials) ?? usual;
        mayHold = outcome.kind === 'allocated';
        return outcome;
      },
      permit: async () => {},
      release: async () => {
        mayHold = false;
        calls.push(`release ${peer}`);
      },
      ...{ send: () => {}, receive: () => {}, close: () => {} },
    };
  };
  const talk: LyncTalk = {
    async request({ method, uri }) {
      calls.push(`${method} ${uri}`);
      const [head, body] = method === 'SERVICE' ? ['SERVICE', granted] : ['SUBSCRIBE', provisioned];
      const answer = response(200, 'OK', `CSeq: 1 ${head}`);
      if (answer.kind !== 'response') throw new Error(answer.kind);
      return { ...answer, message: { ...answer.message, body } };
    },
  };
  const ports = {
    ...fakePorts({ register: [registered, removed], lyncTalk: () => talk }),
    async findAccessEdge({ accessEdge }: Edge) {
      const host = accessEdge?.host ?? '';
      const address = known[host];
      calls.push(`find ${host}`);
      if (address === undefined) throw new ProbeError(diagnosis('DNS_NAME_NOT_FOUND', { error: host }));
      const [candidate] = sampleTarget.candidates;
      if (!candidate) throw new Error('the sample has a candidate');
      return { ...sampleTarget, fqdn: host, candidates: [{ ...candidate, host, addresses: [address] }] };
    },
    turn: fakeTurn({
      msOverUdp: async (_, at) => clientAt(at, `udp ${at.address}:${at.port}`),
      msOverTcp: async () => clientAt({ address: '192.0.2.20', port: 444 }, 'tcp'),
      whyUdpSilent: async (found, relay) => {
        silent.push(relay);
        return found;
      },
      echo: async () => ({ sent: 20, arrived: 20, returned: 20, lossPercent: 0, duplicates: 0, reordered: 0 }),
    }),
  };
  const own: AvEdgeSettings = {
    ...sampleSettings({}),
    ...{ host: undefined, udpPort: undefined, tcpPort: undefined, tlsPort: undefined },
    ...{ credentials: undefined, packets: 20, ...settings },
  };
  const accounts = account ? { first: sampleAccount() } : {};
  const edge = sampleEdge({ dialect: 'lync' });
  return { calls, silent, result: await runTransaction(lyncAvEdge, world({ edge, settings: own, accounts, ports })) };
}

describe('av-edge at an A/V Edge', () => {
  test('goes where the Edge says, with what it was given, and gives everything back', async () => {
    const { result, calls } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    const over = (peer: string) => [
      ...[`allocate ${peer} nobody`, `allocate ${peer} AAAA`, `allocate ${peer} AAAA`],
      ...[`release ${peer}`, `release ${peer}`],
    ];
    expect(calls).toEqual([
      ...['find sip.contoso.example', 'SUBSCRIBE sip:pilar@contoso.example', `SERVICE ${mrasUri}`],
      ...['find media.contoso.example', ...over('udp 192.0.2.20:3479'), ...over('tcp')],
    ]);
  });

  test('takes host and ports from the settings where they have them', async () => {
    const settings = { host: 'other.example', udpPort: 1111 };
    const { result, calls } = await run({ settings, hosts: { 'other.example': '10.0.0.5' } });

    expect(result.outcome).toBe('success');
    expect(calls).toContain('allocate udp 10.0.0.5:1111 AAAA');
  });

  test('does not follow an Edge on the internet into a private network', async () => {
    const { result, calls } = await run({ hosts: { 'media.contoso.example': '10.0.0.5' } });

    expect(result.diagnosis).toMatchObject({
      code: 'TURN_MRAS_RELAY_UNUSABLE',
      error:
        'clients outside are sent to the media relay media.contoso.example at 10.0.0.5, which cannot be reached from there',
    });
    expect(calls.filter((call) => call.startsWith('allocate'))).toEqual([]);
  });

  test.each([
    ['av.<sip-domain>', { 'av.contoso.example': '192.0.2.30' }, 'udp 192.0.2.30:3478'],
    ['the Access Edge where that name has no address', {}, 'udp 192.0.2.10:3478'],
  ])('without an account looks for %s', async (_, hosts, peer) => {
    const { result, calls } = await run({ account: false, hosts });

    expect(result.outcome).toBe('success');
    expect(result.warnings.map(({ code, degrades }) => [code, degrades])).toEqual([
      ['TURN_CREDENTIALS_MISSING', false],
      ['TURN_CREDENTIALS_MISSING', false],
    ]);
    expect(calls.filter((call) => call.startsWith('allocate'))).toEqual([
      `allocate ${peer} nobody`,
      'allocate tcp nobody',
    ]);
  });

  test('uses credentials of the settings although there is an account', async () => {
    const settings = { credentials: { kind: 'password', userName: 'CCCC', password: { env: 'RELAY' } } } as const;
    const { result, calls } = await run({ settings });

    expect(result.outcome).toBe('success');
    expect(calls.filter((call) => /SERVICE|SUBSCRIBE|AAAA/.test(call))).toEqual([]);
    expect(calls).toContain('allocate tcp CCCC');
  });

  test('gives back what an open relay handed out without a question', async () => {
    const relayed = { address: '192.0.2.10', port: 50_000 };
    const open: AllocateOutcome = { kind: 'allocated', relayed, reflexive: undefined, lifetimeSeconds: 600 };
    const { result, calls } = await run({ account: false, allocate: () => open });

    expect(result.outcome).toBe('success');
    expect(calls.filter((call) => call.startsWith('release'))).toEqual(['release udp 192.0.2.10:3478', 'release tcp']);
  });

  test('asks why UDP is silent, by the protocol that this relay speaks, and goes on to TCP', async () => {
    let asked = 0;
    const { result, silent } = await run({
      allocate: (credentials) => {
        asked += 1;
        if (asked === 1) fail('TURN_REQUEST_TIMEOUT', { error: 'silent' });
        const relayed = { address: '192.0.2.20', port: 50_000 };
        if (!credentials) return { kind: 'challenged', realm: 'contoso' };
        return { kind: 'allocated', relayed, reflexive: undefined, lifetimeSeconds: 600 };
      },
    });

    expect(silent).toEqual([
      {
        udp: { address: '192.0.2.20', port: 3479 },
        tcp: { address: '192.0.2.20', port: 444 },
        protocol: 'ms-turn',
      },
    ]);
    expect(result.diagnosis).toMatchObject({ code: 'TURN_REQUEST_TIMEOUT', step: 'challenge-udp' });
    expect(result.steps.find(({ name }) => name === 'echo-tcp')?.outcome).toBe('passed');
  });
});
