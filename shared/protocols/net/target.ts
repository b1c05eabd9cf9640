import type { SipTransport } from '../../domain/edge.js';

/** Where to connect, in the order to try. */
export interface AccessEdgeTarget {
  /** The host that stands for the edge in results: as configured, or the first SRV target. */
  readonly fqdn: string;
  readonly transport: SipTransport;
  readonly candidates: readonly Candidate[];
}

/** One server with all its addresses; `unusable` says why it has none. */
export interface Candidate {
  readonly host: string;
  readonly port: number;
  /** The name its certificate must bear. */
  readonly tlsName: string;
  readonly addresses: readonly string[];
  readonly unusable?: string;
}
