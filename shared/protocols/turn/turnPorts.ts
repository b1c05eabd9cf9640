import type { Clock } from '../../domain/clock.js';
import { type Diagnosis, fail } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { DnsResolver } from '../dns/answer.js';
import { lookUpHost } from '../dns/hostAddresses.js';
import type { Connection } from '../net/startTls.js';
import { openDatagramLink } from './datagramLink.js';
import { type EchoEnd, runEcho } from './echo/runEcho.js';
import type { EchoSample } from './echo/sample.js';
import { type MsCredentials, openMsTurnClient } from './ms/msTurnClient.js';
import { startPseudoTls } from './ms/startPseudoTls.js';
import type { RelayClient } from './relayClient.js';
import { openStreamLink } from './streamLink.js';
import { streamSplitter } from './stun/streamSplitter.js';
import { addressText, ipv4First, type TransportAddress } from './transportAddress.js';
import { openTurnClient, type StunTurnClient } from './turnClient.js';
import { answersUdp, diagnoseUdpSilence, lookAround, type SilentRelay } from './udpSilence.js';

/** What a transaction may ask of media relays. Every call throws a `ProbeError` that says what went wrong. */
export interface TurnPorts {
  /** A client with a UDP socket of its own; `host` is for texts. */
  overUdp(host: string, at: TransportAddress): Promise<StunTurnClient>;
  /** A client on an open connection, over TCP or TLS. */
  over(connection: Connection): StunTurnClient;
  /** The same for the relay of a Lync or Skype for Business Edge (MS-TURN). */
  msOverUdp(host: string, at: TransportAddress): Promise<RelayClient<MsCredentials>>;
  /** Behind the hellos that look like TLS, which are exchanged first. */
  msOverTcp(connection: Connection, scope: Scope): Promise<RelayClient<MsCredentials>>;
  /** Why nothing came over UDP from the relay at `udp`; what else `found` may be is said by it already. */
  whyUdpSilent(found: Diagnosis, relay: SilentRelay, scope: Scope): Promise<Diagnosis>;
  /** Packets from one allocation to the other and back. */
  echo(
    from: EchoEnd,
    to: EchoEnd,
    options: { readonly packets: number; readonly token: string },
    scope: Scope,
  ): Promise<EchoSample>;
}

export interface TurnPortsOptions {
  readonly clock: Clock;
  readonly randomBytes: (length: number) => Buffer;
  readonly resolver: DnsResolver;
  /** The neutral target of the settings. */
  readonly reference: { readonly host: string; readonly port: number } | undefined;
}

/** The real ones. */
export function turnPorts({ clock, randomBytes, resolver, reference }: TurnPortsOptions): TurnPorts {
  const datagrams = (host: string, at: TransportAddress) =>
    openDatagramLink(host, at, clock).catch((error: NodeJS.ErrnoException) => {
      const text = `no UDP socket for ${addressText(at)}: ${error.code ?? error.message}`;
      return fail('PROBER_SOCKETS_EXHAUSTED', { error: text }, error);
    });
  return {
    overUdp: async (host, at) => openTurnClient(await datagrams(host, at), clock, randomBytes),
    msOverUdp: async (host, at) => openMsTurnClient(await datagrams(host, at), clock, randomBytes),
    msOverTcp: async (connection, scope) =>
      openMsTurnClient(await startPseudoTls(connection, randomBytes, clock, scope), clock, randomBytes),
    over: (connection) => openTurnClient(openStreamLink(connection, streamSplitter(), clock), clock, randomBytes),
    async whyUdpSilent(found, relay, scope) {
      // Something came, or the system refused to send: that says enough. And without time nobody can look around.
      if (found.code !== 'TURN_REQUEST_TIMEOUT' || scope.signal.aborted) return found;
      const begunAt = clock.monotonic();
      const seen = await lookAround(relay, { clock, randomBytes, reference: await findReference(scope) }, scope);
      scope.exclude(clock.monotonic() - begunAt);
      return diagnoseUdpSilence(found, seen);
    },
    echo: (from, to, options, scope) => runEcho(from, to, { ...options, clock }, scope),
  };

  async function findReference(scope: Scope): Promise<TransportAddress | undefined> {
    if (!reference || !answersUdp(reference.port)) return undefined;
    const found = await lookUpHost(reference.host, resolver, scope);
    const [address] = found.kind === 'addresses' ? found.addresses.toSorted(ipv4First) : [];
    return address === undefined ? undefined : { address, port: reference.port };
  }
}
