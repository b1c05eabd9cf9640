import { fail, ProbeError } from '../domain/diagnosis.js';
import type { Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import { isAsPublicAs } from '../protocols/turn/transportAddress.js';
import type { Ports } from '../run/ports.js';
import { findRelay, type RelayHost } from './relayTarget.js';

const absent: ReadonlySet<string> = new Set(['DNS_NAME_NOT_FOUND', 'DNS_NO_ADDRESS']);

/** Finds the relay `host`; where nobody names one, `av.<sip-domain>` as is usual, else the Access Edge. Throws a `ProbeError` of layer `dns`. */
export async function findLyncRelay(
  ports: Ports,
  edge: Edge,
  host: string | undefined,
  scope: Scope,
): Promise<RelayHost> {
  try {
    return await findRelay(ports, edge, host ?? `av.${edge.sipDomain}`, scope);
  } catch (error) {
    if (host !== undefined || !(error instanceof ProbeError) || !absent.has(error.diagnosis.code)) throw error;
    return findRelay(ports, edge, undefined, scope);
  }
}

/** Nobody may lead a prober into its own network by an answer: the relay must be as public as the Access Edge that names it. */
export function requireOutside({ host, addresses: [address] }: RelayHost, accessAddresses: readonly string[]): void {
  if (accessAddresses.length === 0 || accessAddresses.some((own) => isAsPublicAs(address, own))) return;
  const at = `${host} at ${address}`;
  fail('TURN_MRAS_RELAY_UNUSABLE', {
    error: `clients outside are sent to the media relay ${at}, which cannot be reached from there`,
  });
}
