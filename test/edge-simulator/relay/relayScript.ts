import type { TransportAddress } from '../../../shared/protocols/turn/transportAddress.js';

/** How the relay misbehaves; by default it does not. */
export interface RelayScript {
  /** It hears and says nothing. */
  readonly silent?: 'udp' | 'tcp' | 'both';
  /** Every authenticated Allocate is refused with this number. */
  readonly refuse?: number;
  /** What is told as the relayed address, instead of the true one. */
  readonly relayedAddress?: string;
  /** Allocations carry nothing. */
  readonly carriesNothing?: boolean;
  /** The first nonce of each client is stale when it is used. */
  readonly staleNonce?: boolean;
  /** Answers are signed with another key. */
  readonly wrongIntegrity?: boolean;
  /** Named in the challenge. */
  readonly alternate?: TransportAddress;
  /** Credentials are taken as expired. */
  readonly expired?: boolean;
}

/** What the relay has seen. */
export interface RelayTally {
  /** Requests without credentials that were challenged. */
  challenged: number;
  allocated: number;
  released: number;
  /** Refusals by number, challenges not counted. */
  readonly refused: Record<number, number>;
  /** Send requests whose integrity was right, and those without any. */
  signedSends: number;
  unsignedSends: number;
  /** Packets that went out to peers, and that came from peers it lets through. */
  toPeers: number;
  fromPeers: number;
  /** Packets of clients to their active destination. */
  handedThrough: number;
  /** What was no message. */
  malformed: number;
}
