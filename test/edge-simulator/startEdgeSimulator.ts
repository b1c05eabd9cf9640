import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../shared/domain/clock.js';
import { Secret } from '../../shared/domain/secret.js';
import { makeAuthority } from './certificates.js';
import { type ControlServer, startControlServer } from './control/controlServer.js';
import { type DialectName, dialects } from './dialects/catalogue.js';
import { addressRecord } from './dns/records.js';
import { acceptanceOf, lyncPolicyOf, policyOf } from './faults/active.js';
import { FaultSwitches, setFromText } from './faults/switches.js';
import { AccessEdge, type SimulatorState } from './net/accessEdge.js';
import { type FederatedWorld, openFederatedWorld, partnerDomain } from './net/federatedWorld.js';
import { issueServerCertificates } from './net/handshake.js';
import { Listener } from './net/listener.js';
import { openMediaRelay } from './net/mediaRelay.js';
import type { MediaRelayPlace } from './services/lync/mras/mrasService.js';
import { type ComponentServer, openComponent } from './xmpp/component.js';
import { Gateway } from './xmpp/gateway.js';
import { openXmppWorld, type XmppWorld } from './xmpp/xmppWorld.js';

export interface EdgeSimulatorOptions {
  /** `tcp` speaks SIP without TLS; `tls` unless it says otherwise. */
  readonly transport?: 'tls' | 'tcp';
  /** Faults that are on from the start: `NAME` or `NAME=MS`. */
  readonly faults?: readonly string[];
  /** Also serve the control address over HTTP. */
  readonly control?: boolean;
  /** `rfc` unless it says otherwise. */
  readonly dialect?: DialectName;
  readonly clock?: Clock;
  /** A nonce older than this is stale; five minutes unless it says otherwise. */
  readonly nonceAgeMs?: number;
  /** A real XMPP server for the gateway in the place of the simulated partner and of the servers that partners look for. */
  readonly xmppServer?: ComponentServer;
}

/** A user of the simulated edge; the password is random and new at every start. */
export interface SimulatedUser {
  readonly sipAddress: string;
  readonly userName: string;
  readonly password: Secret;
}

/** A running edge simulator on 127.0.0.1. */
export interface EdgeSimulator {
  readonly dialect: DialectName;
  readonly address: '127.0.0.1';
  readonly port: number;
  readonly transport: 'tls' | 'tcp';
  /** The name its certificate is for. */
  readonly host: string;
  readonly domain: string;
  readonly users: Readonly<Record<'pilar' | 'kenmyer', SimulatedUser>>;
  /** PEM of the authority that issued its certificate. */
  readonly ca: string;
  /** `127.0.0.1:port` of the DNS server that answers for the simulated domains; on loopback alone, over UDP and TCP. */
  readonly dnsServer: string;
  /** The partner domain, and the certificate of its server, which federation with this edge accepts. */
  readonly partner: FederatedWorld['partner'];
  /** Users that the XMPP gateway leads to, and the servers by which partners come in; not with an XMPP server from outside. */
  readonly xmpp: Pick<XmppWorld, 'users' | 'federation'> | undefined;
  /** The media relay of dialect lync. */
  readonly relay: Pick<MediaRelayPlace, 'host' | 'udpPort' | 'tcpPort'> | undefined;
  /** Only with `control`. */
  readonly controlUrl: string | undefined;
  /** Throws UnknownFault; acts on the next connection or request. */
  setFault(name: string, delayMs?: number): Promise<void>;
  clearFault(name: string): Promise<void>;
  state(): SimulatorState;
  /** Closes the port, every connection and the control address. */
  close(): Promise<void>;
}

const domain = 'contoso.test';
const host = `sip.${domain}`;

/** Starts a simulated edge for contoso.test on a free loopback port. Throws UnknownFault for a fault it does not know. */
export async function startEdgeSimulator(options: EdgeSimulatorOptions = {}): Promise<EdgeSimulator> {
  const { transport = 'tls', dialect = 'rfc', clock = systemClock, nonceAgeMs = 300_000 } = options;
  const switches = new FaultSwitches();
  for (const text of options.faults ?? []) setFromText(switches, text);

  const authority = await makeAuthority();
  const certificates = await issueServerCertificates(authority, [host, domain, '127.0.0.1']);
  const users = { pilar: makeUser('pilar', dialect), kenmyer: makeUser('kenmyer', dialect) };
  const passwords = new Map(Object.entries(users).map(([name, user]) => [name, user.password.reveal()]));
  const realm = { name: domain, opaque: randomBytes(8).toString('hex'), passwords, nonceAgeMs };
  const xmppFaults = () => switches.active().flatMap(({ fault }) => fault.xmpp ?? []);
  const gateway = new Gateway(domain, partnerDomain, xmppFaults);
  const component = options.xmppServer && (await openComponent(options.xmppServer, domain, gateway, clock));
  const relay = dialect === 'lync' ? await openMediaRelay({ authority, host: `av.${domain}`, switches }) : undefined;
  const services = dialects[dialect].services({
    relay,
    realm,
    gateway,
    policy: () => policyOf(switches.active()),
    lyncPolicy: () => lyncPolicyOf(switches.active()),
  });
  const accessEdge = new AccessEdge({ transport, certificates, services, switches, clock });
  const listener = new Listener((socket) => accessEdge.accept(socket));
  await listener.open();
  const around = await openFederatedWorld({ authority, domain, clientPort: listener.port, switches, clock });
  const { zones } = around;
  if (relay) zones.add(addressRecord(relay.host, '127.0.0.1'));
  gateway.serve((arrival) => accessEdge.crossed(arrival));
  const xmpp = component ? undefined : await openXmppWorld({ authority, domain, zones, faults: xmppFaults, gateway });
  const door = doorKeeper(listener, switches, [around, ...[xmpp, relay].filter((one) => one !== undefined)]);
  await door();

  const simulator: Omit<EdgeSimulator, 'controlUrl' | 'close'> = {
    dialect,
    address: '127.0.0.1',
    port: listener.port,
    transport,
    host,
    domain,
    users,
    ca: authority.ca,
    dnsServer: around.dnsServer,
    partner: around.partner,
    xmpp,
    relay,
    async setFault(name, delayMs) {
      switches.set(name, delayMs);
      await door();
    },
    async clearFault(name) {
      switches.clear(name);
      await door();
    },
    state: () => ({ ...accessEdge.state(), ...around.state(), ...xmpp?.state(), ...relay?.state() }),
  };
  const control: ControlServer | undefined = options.control
    ? await startControlServer({ ...simulator, faults: () => switches.rows() })
    : undefined;
  return {
    ...simulator,
    controlUrl: control?.url,
    async close() {
      listener.close();
      accessEdge.close();
      component?.close();
      xmpp?.close();
      await relay?.close();
      await around.close();
      await control?.close();
    },
  };
}

/** Users of Lync are named as Active Directory does it. */
function makeUser(name: string, dialect: DialectName): SimulatedUser {
  const password = new Secret(randomBytes(18).toString('base64url'));
  const userName = dialect === 'lync' ? `CONTOSO\\${name}` : name;
  return { sipAddress: `sip:${name}@${domain}`, userName, password };
}

/** Opens or closes the ports as the faults want it, one change after another. */
function doorKeeper(
  listener: Listener,
  switches: FaultSwitches,
  others: readonly Pick<FederatedWorld, 'followFaults'>[],
): () => Promise<void> {
  let last = Promise.resolve();
  const follow = async (): Promise<void> => {
    if (acceptanceOf(switches.active()) === 'refuse') listener.close();
    else await listener.open();
    for (const other of others) await other.followFaults();
  };
  return () => {
    const next = last.then(follow);
    last = next.catch(() => undefined);
    return next;
  };
}
