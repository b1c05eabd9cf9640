import { ProbeError } from '../domain/diagnosis.js';
import type { Scope } from '../domain/scope.js';
import type { TcpConnection } from '../protocols/net/connectTcp.js';
import { diagnoseNoAnswer } from '../protocols/turn/diagnoseNoAnswer.js';
import type { RelayTransport } from '../protocols/turn/link.js';
import type { TurnCredentials } from '../protocols/turn/stun/longTerm.js';
import { addressText, type TransportAddress } from '../protocols/turn/transportAddress.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction, type RunContext } from '../run/transaction.js';
import { probeEach, probeRelay, type RelayProbe, relaySteps } from './relayProbe.js';
import { connectPair, namedIfTls, tlsPair } from './relayStreams.js';
import { findRelay, type RelayHost, streamTarget, udpAddress } from './relayTarget.js';

const request = { deadlineMs: deadlines.requestMs };
const connect = { deadlineMs: deadlines.connectMs };
const cleanup = { deadlineMs: deadlines.cleanupMs / 3 };
/** RFC 8656 section 4. */
const usualPort = 3478;

const steps = {
  resolve: { deadlineMs: deadlines.dnsMs },
  'stun-binding': request,
  'allocate-udp': request,
  'permission-udp': request,
  'echo-udp': request,
  'release-udp': cleanup,
  'connect-tcp': connect,
  'allocate-tcp': request,
  'permission-tcp': request,
  'echo-tcp': request,
  'release-tcp': cleanup,
  'connect-tls': connect,
  tls: { deadlineMs: deadlines.tlsMs },
  'allocate-tls': request,
  'permission-tls': request,
  'echo-tls': request,
  'release-tls': cleanup,
};

type Step = keyof typeof steps;
type Context = RunContext<Step, never, 'av-edge'>;

/**
 * A media relay of RFC 8656 over UDP, TCP and, where configured, TLS: allocation with credentials, permission, an echo between
 * two allocations through the relay, release (Test-CsAVEdgeConnectivity). What fails over one transport is still tried over the
 * others; the first failure is the run's.
 */
export const avEdge = defineTransaction({
  name: 'av-edge',
  title: 'A/V Edge',
  dialects: ['rfc'],
  accounts: [],
  deadlineMs: deadlines.runMs,
  steps,

  async run(context) {
    const { step, ports, edge, settings } = context;
    const credentials = toCredentials(context);
    const relay = await step('resolve', async (scope) => {
      const found = await findRelay(ports, edge, settings.host, scope);
      scope.observe({ targetFqdn: found.host });
      return found;
    });
    const run: RelayRun = { context, relay, credentials, reachedOver: undefined };
    const { tlsPort } = settings;
    const tls = tlsPort === undefined ? [] : [() => overTls(run, tlsPort)];
    await probeEach([() => overUdp(run), () => overTcp(run), ...tls]);
  },
});

interface RelayRun {
  readonly context: Context;
  readonly relay: RelayHost;
  readonly credentials: TurnCredentials | undefined;
  /** The transport over which the relay has answered. */
  reachedOver: string | undefined;
}

async function overUdp(run: RelayRun): Promise<void> {
  const { context, relay } = run;
  const { step, release, ports, settings } = context;
  const udp = udpAddress(relay, settings.udpPort ?? usualPort);
  const open = async (at: TransportAddress) => {
    const client = await ports.turn.overUdp(relay.host, at);
    release(() => client.close());
    return client;
  };
  const clients = await step('stun-binding', async (scope) => {
    const [one, other] = [await open(udp), await open(udp)] as const;
    const bound = await one.binding(scope);
    if (bound.kind === 'none') {
      const tcp = udpAddress(relay, settings.tcpPort ?? usualPort);
      const silent = { udp, tcp, protocol: 'stun' } as const;
      throw new ProbeError(await ports.turn.whyUdpSilent(diagnoseNoAnswer(bound), silent, scope));
    }
    scope.observe({ remoteAddress: addressText(udp), reflexiveAddress: addressText(bound.reflexive) });
    return [one, other] as const;
  });
  run.reachedOver = 'UDP';
  await probe(run, 'udp', clients, open);
}

async function overTcp(run: RelayRun): Promise<void> {
  const { context, relay } = run;
  const { step, release, ports, settings } = context;
  const target = streamTarget(relay, settings.tcpPort ?? usualPort);
  const [one, other] = await step('connect-tcp', (scope) =>
    connectPair(ports, target, release, run.reachedOver, scope),
  );
  const over = (tcp: TcpConnection) => ports.turn.over(ports.withoutTls(tcp));
  const openAt: Probe['openAt'] = async ({ address, port }, _domain, scope) => {
    const tcp = await ports.connectTcp(streamTarget({ ...relay, addresses: [address] }, port), scope);
    release(() => tcp.close());
    return over(tcp);
  };
  const explain = (error: unknown, scope: Scope) => namedIfTls(error, ports, target, scope);
  await probe(run, 'tcp', [over(one), over(other)], openAt, explain);
  run.reachedOver ??= 'TCP';
}

async function overTls(run: RelayRun, tlsPort: number): Promise<void> {
  const { context, relay } = run;
  const { step, release, ports } = context;
  const target = streamTarget(relay, tlsPort);
  const tcp = await step('connect-tls', (scope) => connectPair(ports, target, release, run.reachedOver, scope));
  const [one, other] = await step('tls', (scope) => tlsPair(ports, tcp, release, scope));
  const { over } = ports.turn;
  await probe(run, 'tls', [over(one), over(other)], async ({ address, port }, domain, scope) => {
    const at = streamTarget({ ...relay, addresses: [address] }, port, domain);
    const another = await ports.connectTcp(at, scope);
    release(() => another.close());
    const connection = await ports.startTls(another, scope);
    release(() => connection.close());
    return over(connection);
  });
}

const names = { udp: 'relayUdp', tcp: 'relayTcp', tls: 'relayTls' } as const;

type Probe = RelayProbe<Step, TurnCredentials>;

function probe(
  { context, credentials }: RelayRun,
  transport: RelayTransport,
  clients: Probe['clients'],
  openAt: Probe['openAt'],
  explain?: Probe['explain'],
): Promise<void> {
  const { packets } = context.settings;
  return probeRelay(context, {
    steps: relaySteps(transport),
    name: names[transport],
    clients,
    credentials,
    packets,
    openAt,
    ...(explain ? { explain } : {}),
  });
}

/** The credentials of the settings with their secrets. Throws a `ProbeError` where one is not there. */
function toCredentials({ settings, secret }: Pick<Context, 'settings' | 'secret'>): TurnCredentials | undefined {
  const { credentials } = settings;
  if (credentials?.kind === 'password') return { ...credentials, password: secret(credentials.password) };
  return credentials && { ...credentials, sharedSecret: secret(credentials.sharedSecret) };
}
