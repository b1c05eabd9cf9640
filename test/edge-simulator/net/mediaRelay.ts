import type { Socket } from 'node:net';
import type { Authority } from '../certificates.js';
import { tlsProfileOf } from '../faults/active.js';
import type { RelayFault } from '../faults/fault.js';
import type { FaultSwitches } from '../faults/switches.js';
import { startMsRelay } from '../relay/startMsRelay.js';
import type { MediaRelayPlace } from '../services/lync/mras/mrasService.js';
import { issueServerCertificates, startHandshake } from './handshake.js';
import { Listener } from './listener.js';

/** The media relay of the A/V Edge, on free loopback ports. */
export interface MediaRelay extends MediaRelayPlace {
  /** For GET /state: nothing secret. */
  state(): Readonly<Record<string, unknown>>;
  /** Misbehaves from now on as the faults want it; opens or closes the TCP port. */
  followFaults(): Promise<void>;
  close(): Promise<void>;
}

export interface MediaRelayParts {
  readonly authority: Authority;
  readonly host: string;
  readonly switches: FaultSwitches;
}

/** Opens it. TCP connections come in here, and go on to the relay unless a fault has them. */
export async function openMediaRelay({ authority, host, switches }: MediaRelayParts): Promise<MediaRelay> {
  const certificates = await issueServerCertificates(authority, [host]);
  const relay = await startMsRelay({ realm: host });
  const secured = new Set<Socket>();
  const fault = (): RelayFault => Object.assign({}, ...switches.active().map((active) => active.fault.relay));
  const listener = new Listener((socket) => {
    if (fault().tcp !== 'tls') return relay.accept(socket);
    secured.add(socket);
    socket.on('close', () => secured.delete(socket)).on('error', () => {});
    startHandshake(socket, tlsProfileOf([]), certificates, {
      secured: (stream) => void stream.on('error', () => {}).resume(),
      failed: () => socket.destroy(),
    });
  });
  // Open once in any case: clients are told its port.
  await listener.open();
  return {
    host,
    udpPort: relay.udpPort,
    tcpPort: listener.port,
    credentials: (expiresAtMs) => relay.credentials(expiresAtMs),
    state: () => ({ relay: { ...relay.tally, allocations: relay.allocations } }),
    async followFaults() {
      const { tcp, ...script } = fault();
      relay.set(script);
      if (tcp === 'refuse') listener.close();
      else await listener.open();
    },
    async close() {
      listener.close();
      for (const socket of secured) socket.destroy();
      await relay.close();
    },
  };
}
