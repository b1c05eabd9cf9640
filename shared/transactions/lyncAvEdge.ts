import { ProbeError } from '../domain/diagnosis.js';
import { aside, type Scope } from '../domain/scope.js';
import { askForRelay, findMras, type RelayAccess } from '../protocols/lync/mras/relayAccess.js';
import type { TcpConnection } from '../protocols/net/connectTcp.js';
import type { MsCredentials } from '../protocols/turn/ms/msTurnClient.js';
import type { RelayClient } from '../protocols/turn/relayClient.js';
import { addressText, type TransportAddress } from '../protocols/turn/transportAddress.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction, type RunContext } from '../run/transaction.js';
import { findLyncRelay, requireOutside } from './lyncRelayTarget.js';
import { probeEach, probeRelay, relaySteps, warnOfMissingCredentials } from './relayProbe.js';
import { connectPair, namedIfTls } from './relayStreams.js';
import { type RelayHost, streamTarget, udpAddress } from './relayTarget.js';
import { signInLync } from './signIn.js';

const request = { deadlineMs: deadlines.requestMs };
const cleanup = { deadlineMs: Math.floor(deadlines.cleanupMs / 3) };
/** Those of an A/V Edge. */
const usualPorts = { udpPort: 3478, tcpPort: 443 } as const;

/** Of both hellos; what the step has beyond it is for finding out why there was none. */
const helloMs = 5_000;

const steps = {
  resolve: { deadlineMs: deadlines.dnsMs },
  connect: { deadlineMs: deadlines.connectMs },
  tls: { deadlineMs: deadlines.tlsMs },
  register: { ...request, activity: 'Register' },
  'find-relay': request,
  'get-credentials': request,
  'resolve-relay': { deadlineMs: deadlines.dnsMs },
  'challenge-udp': request,
  'allocate-udp': request,
  'permission-udp': request,
  'echo-udp': request,
  'release-udp': cleanup,
  'connect-tcp': { deadlineMs: deadlines.connectMs },
  'hello-tcp': request,
  'challenge-tcp': request,
  'allocate-tcp': request,
  'permission-tcp': request,
  'echo-tcp': request,
  'release-tcp': cleanup,
  unregister: cleanup,
};

type Step = keyof typeof steps;
type Context = RunContext<Step, never, 'av-edge'>;

/**
 * The media relay of an A/V Edge (Test-CsAVEdgeConnectivity): a user signs in and is told where it is and what it takes (MS-AVEDGEA),
 * then MS-TURN over UDP, and over TCP behind hellos that look like TLS: the challenge, two allocations, an echo from one to the other
 * through the relay, release. Without a user or configured credentials the challenge is all.
 */
export const lyncAvEdge = defineTransaction({
  name: 'av-edge',
  title: 'A/V Edge',
  dialects: ['lync'],
  accounts: [],
  optionalAccounts: ['first'],
  deadlineMs: deadlines.runMs,
  steps,

  async run(context) {
    const { step, ports, edge, settings } = context;
    const { relay: named, credentials, accessAddresses = [] } = await access(context);
    const relay = await step('resolve-relay', async (scope) => {
      const found = await findLyncRelay(ports, edge, settings.host ?? named?.host, scope);
      if (settings.host === undefined && named) requireOutside(found, accessAddresses);
      scope.observe({ relayHost: found.host });
      return found;
    });
    const { udpPort = usualPorts.udpPort, tcpPort = usualPorts.tcpPort } = { ...named, ...given(settings) };
    const run: RelayRun = { context, relay, udpPort, tcpPort, credentials, reachedOver: undefined };
    await probeEach([() => overUdp(run), () => overTcp(run)]);
  },
});

/** What is known of the relay before it is looked for. */
interface Access extends Partial<RelayAccess> {
  /** Of the Access Edge that said so. */
  readonly accessAddresses?: readonly string[];
}

/** Credentials of the settings stand for themselves; else the first account asks for them, where there is one. */
async function access(context: Context): Promise<Access> {
  const { step, ports, edge, settings, accountIfGiven, secret } = context;
  const { credentials } = settings;
  if (credentials?.kind === 'password') {
    return { credentials: { userName: credentials.userName, password: secret(credentials.password) } };
  }
  const account = accountIfGiven('first');
  if (!account) return {};
  const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
  const user = await signInLync({ ...context, account: () => account }, target, {
    ...{ role: 'first', connect: 'connect', tls: 'tls', register: 'register', unregister: 'unregister' },
  });
  const { sipAddress } = account;
  const mrasUri = await step('find-relay', (scope) => findMras(user, sipAddress, scope));
  const granted = await step('get-credentials', (scope) => askForRelay(user, sipAddress, mrasUri, scope));
  return { ...granted, accessAddresses: target.candidates.flatMap(({ addresses }) => addresses) };
}

interface RelayRun {
  readonly context: Context;
  readonly relay: RelayHost;
  readonly udpPort: number;
  readonly tcpPort: number;
  readonly credentials: MsCredentials | undefined;
  /** The transport over which the relay has answered. */
  reachedOver: string | undefined;
}

type Client = RelayClient<MsCredentials>;

async function overUdp(run: RelayRun): Promise<void> {
  const { context, relay, credentials } = run;
  const { step, release, ports } = context;
  const [udp, tcp] = [udpAddress(relay, run.udpPort), udpAddress(relay, run.tcpPort)];
  const openAt = async (at: TransportAddress) => {
    const client = await ports.turn.msOverUdp(relay.host, at);
    release(() => client.close());
    return client;
  };
  const clients = await step('challenge-udp', async (scope) => {
    scope.observe({ relayAddress: addressText(udp) });
    const [one, other] = [await openAt(udp), await openAt(udp)] as const;
    await challenge(one, credentials, scope).catch(async (error) => {
      if (!(error instanceof ProbeError)) throw error;
      const silent = { udp, tcp, protocol: 'ms-turn' } as const;
      throw new ProbeError(await ports.turn.whyUdpSilent(error.diagnosis, silent, scope), { cause: error });
    });
    return [one, other] as const;
  });
  run.reachedOver = 'UDP';
  if (!credentials) return;
  const { packets } = context.settings;
  await probeRelay(context, { steps: relaySteps('udp'), name: 'relayUdp', clients, credentials, packets, openAt });
}

async function overTcp(run: RelayRun): Promise<void> {
  const { context, relay, credentials } = run;
  const { step, within, release, ports } = context;
  const target = streamTarget(relay, run.tcpPort);
  const [tcp, another] = await step('connect-tcp', (scope) => {
    // The address of the run is that of the Access Edge.
    const apart = aside(scope, ({ remoteAddress }) => scope.observe({ relayTcpAddress: remoteAddress }));
    return connectPair(ports, target, release, run.reachedOver, apart);
  });
  const greet = (one: TcpConnection, scope: Scope) => ports.turn.msOverTcp(ports.withoutTls(one), scope);
  const clients = await step('hello-tcp', async (scope) => {
    try {
      return await within(
        scope,
        helloMs,
        async (part) => [await greet(tcp, part), await greet(another, part)] as const,
      );
    } catch (error) {
      throw await namedIfTls(error, ports, target, scope);
    }
  });
  await step('challenge-tcp', (scope) => challenge(clients[0], credentials, scope));
  run.reachedOver ??= 'TCP';
  if (!credentials) return;
  const { packets } = context.settings;
  const openAt = async ({ address, port }: TransportAddress, _domain: string | undefined, scope: Scope) => {
    const elsewhere = await ports.connectTcp(streamTarget({ ...relay, addresses: [address] }, port), scope);
    release(() => elsewhere.close());
    return greet(elsewhere, scope);
  };
  await probeRelay(context, { steps: relaySteps('tcp'), name: 'relayTcp', clients, credentials, packets, openAt });
}

/** The 401 with realm and nonce that proves a relay which asks for credentials (MS-TURN section 3.2). Throws a `ProbeError`. */
async function challenge(client: Client, credentials: MsCredentials | undefined, scope: Scope): Promise<void> {
  const outcome = await client.allocate(undefined, scope);
  if (outcome.kind === 'allocated') await client.release(scope);
  if (outcome.kind !== 'challenged') return;
  scope.observe({ realm: outcome.realm });
  if (!credentials) warnOfMissingCredentials(client.peer, scope);
}

/** The ports that the settings name. */
function given({ udpPort, tcpPort }: Context['settings']) {
  return { ...(udpPort === undefined ? {} : { udpPort }), ...(tcpPort === undefined ? {} : { tcpPort }) };
}
