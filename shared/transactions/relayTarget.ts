import { fail } from '../domain/diagnosis.js';
import type { Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import type { AccessEdgeTarget } from '../protocols/net/target.js';
import { ipv4First, type TransportAddress } from '../protocols/turn/transportAddress.js';
import type { Ports } from '../run/ports.js';

/** A media relay: its name, and its addresses with IPv4 first, because Azure has no IPv6. */
export interface RelayHost {
  readonly host: string;
  readonly addresses: readonly [string, ...string[]];
}

/** Finds the relay `host`, or the Access Edge where none is named. Throws a `ProbeError` of layer `dns`. */
export async function findRelay(ports: Ports, edge: Edge, host: string | undefined, scope: Scope): Promise<RelayHost> {
  const target = await ports.findAccessEdge(namedEdge(edge, host), scope);
  const candidate = target.candidates.find(({ addresses }) => addresses.length > 0);
  const [first, ...others] = candidate?.addresses.toSorted(ipv4First) ?? [];
  if (!candidate || first === undefined) {
    return fail('DNS_NO_ADDRESS', { error: `address of ${target.fqdn}: there is none` });
  }
  return { host: candidate.host, addresses: [first, ...others] };
}

/** One whose Access Edge is the relay, so that it is looked up by the same rules. */
function namedEdge(edge: Edge, host: string | undefined): Edge {
  const { accessEdge } = edge;
  if (host === undefined || host === accessEdge?.host) return edge;
  return { ...edge, accessEdge: { host, port: 0, transport: 'tcp', address: undefined } };
}

/** The relay's port over UDP: at the first address, for both clients of a run must meet the same server. */
export function udpAddress({ addresses }: RelayHost, port: number): TransportAddress {
  return { address: addresses[0], port };
}

/** The relay's port over TCP or TLS; `tlsName` is what its certificate must bear. */
export function streamTarget({ host, addresses }: RelayHost, port: number, tlsName = host): AccessEdgeTarget {
  return { fqdn: host, transport: 'tcp', candidates: [{ host, port, tlsName, addresses }] };
}
