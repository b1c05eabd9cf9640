import type { Clock } from '../../../shared/domain/clock.js';
import type { Authority } from '../certificates.js';
import { acceptanceOf } from '../faults/active.js';
import type { ActiveFault, Fault } from '../faults/fault.js';
import { optionsService } from '../services/optionsService.js';
import { AccessEdge, type SimulatorState } from './accessEdge.js';
import { issueServerCertificates } from './handshake.js';
import { Listener } from './listener.js';

/** The way in for the servers of other domains. */
export interface Federation {
  readonly port: number;
  state(): SimulatorState;
  /** Opens or closes the port as the faults want it. */
  followFaults(): Promise<void>;
  close(): void;
}

export interface FederationParts {
  readonly authority: Authority;
  /** For whom it opens; the host is `sip.<domain>`. */
  readonly domain: string;
  readonly active: () => readonly ActiveFault[];
  readonly clock: Clock;
}

/** Federation demands a certificate of whoever connects. */
const demanding: Fault = {
  name: 'federation',
  description: 'asks for a client certificate',
  tls: { clientCertificate: true },
};

/** Opens a listener on a free loopback port that asks for a certificate of its own authority and answers OPTIONS. */
export async function openFederation({ authority, domain, active, clock }: FederationParts): Promise<Federation> {
  const switches = { active: () => [{ fault: demanding, delayMs: 0 }, ...active().flatMap(ofFederation)] };
  const certificates = await issueServerCertificates(authority, [`sip.${domain}`, domain]);
  const services = [optionsService([])];
  const server = new AccessEdge({ transport: 'tls', certificates, services, switches, clock });
  const listener = new Listener((socket) => server.accept(socket));
  const followFaults = async (): Promise<void> => {
    if (acceptanceOf(switches.active()) === 'refuse') listener.close();
    else await listener.open();
  };
  // Open once in any case: the records name its port.
  await listener.open();
  await followFaults();
  return {
    port: listener.port,
    state: () => server.state(),
    followFaults,
    close() {
      listener.close();
      server.close();
    },
  };
}

/** The same hooks, taken from where they act on federation alone. */
function ofFederation({ fault, delayMs }: ActiveFault): readonly ActiveFault[] {
  const { name, description, federation } = fault;
  return federation === undefined ? [] : [{ fault: { name, description, ...federation }, delayMs }];
}
