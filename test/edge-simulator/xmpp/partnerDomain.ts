import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Secret } from '../../../shared/domain/secret.js';
import type { Authority } from '../certificates.js';
import { addressRecord, serviceRecord, type ZoneRecord } from '../dns/records.js';
import { tlsProfileOf } from '../faults/active.js';
import { issueServerCertificates, startHandshake } from '../net/handshake.js';
import { Listener } from '../net/listener.js';
import type { Gateway } from './gateway.js';
import { type PartnerOptions, PartnerServer } from './partnerServer.js';
import { storeKey } from './scram.js';
import type { ChatMessage } from './stanzas.js';
import type { XmppFault } from './xmppFault.js';

/** A user of the XMPP partner domain; the password is random and new at every start. */
export interface XmppUser {
  /** `user@domain` */
  readonly jid: string;
  readonly password: Secret;
}

/** The partner domain: its server, with a port for STARTTLS and one for TLS at once. */
export interface PartnerDomain {
  readonly users: Readonly<Record<'adelaney' | 'bjensen', XmppUser>>;
  readonly records: readonly ZoneRecord[];
  /** Hands a message of the SIP domain to the user that it is for. */
  deliver(message: ChatMessage): void;
  describe(): Readonly<Record<string, unknown>>;
  followFaults(): Promise<void>;
  close(): void;
}

type PartnerFault = NonNullable<XmppFault['partner']>;

/** Opens it on free loopback ports. */
export async function openPartnerDomain(
  authority: Authority,
  gateway: Gateway,
  faults: () => readonly XmppFault[],
): Promise<PartnerDomain> {
  const domain = gateway.partnerDomain;
  const users = { adelaney: makeUser('adelaney', domain), bjensen: makeUser('bjensen', domain) };
  const stored = Object.entries(users).map(
    ([name, { password }]) => [name, storeKey(password.reveal(), randomBytes(16))] as const,
  );
  const certificates = await issueServerCertificates(authority, [domain, `xmpp.${domain}`]);
  const fault = (): PartnerFault => Object.assign({}, ...faults().map(({ partner }) => partner));
  const startTls: PartnerOptions['startTls'] = (socket, handlers) => {
    const profile = { ...tlsProfileOf([]), certificate: fault().certificate ?? 'good' };
    startHandshake(socket, profile, certificates, handlers);
  };
  const server = new PartnerServer({
    domain,
    keys: new Map(stored),
    refusal: () => fault().refusal,
    offersTls: () => fault().offersTls ?? true,
    startTls,
    abroad: (message) => gateway.arrived(message),
  });
  const doors = await openDoors(server, startTls);
  return {
    users,
    records: [
      addressRecord(domain, '127.0.0.1'),
      addressRecord(`xmpp.${domain}`, '127.0.0.1'),
      serviceRecord(`_xmpps-client._tcp.${domain}`, `xmpp.${domain}`, doors.overTls.port),
      serviceRecord(`_xmpp-client._tcp.${domain}`, `xmpp.${domain}`, doors.inClear.port, 10),
    ],
    deliver(message) {
      const refusals = faults().flatMap(({ refusesOutward }) => refusesOutward ?? []);
      const condition = refusals[0] ?? server.deliver(message);
      if (condition !== undefined) gateway.returned(message, condition);
    },
    describe: () => server.describe(),
    async followFaults() {
      for (const listener of [doors.inClear, doors.overTls]) {
        if (fault().accept === 'refuse') listener.close();
        else await listener.open();
      }
    },
    close() {
      doors.close();
      server.close();
    },
  };
}

interface Doors {
  readonly inClear: Listener;
  readonly overTls: Listener;
  close(): void;
}

/** A port in clear and one with TLS at once. */
async function openDoors(server: PartnerServer, startTls: PartnerOptions['startTls']): Promise<Doors> {
  const shakingHands = new Set<Socket>();
  const inClear = new Listener((socket) => server.accept(socket, false));
  const overTls = new Listener((socket) => {
    shakingHands.add(socket);
    socket.on('error', () => undefined).on('close', () => shakingHands.delete(socket));
    startTls(socket, {
      secured: (stream) => server.accept(stream, true),
      failed: () => socket.destroy(),
    });
  });
  await Promise.all([inClear.open(), overTls.open()]);
  return {
    inClear,
    overTls,
    close() {
      inClear.close();
      overTls.close();
      for (const socket of shakingHands) socket.destroy();
    },
  };
}

function makeUser(name: string, domain: string): XmppUser {
  return { jid: `${name}@${domain}`, password: new Secret(randomBytes(18).toString('base64url')) };
}
