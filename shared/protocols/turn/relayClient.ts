import type { Scope } from '../../domain/scope.js';
import type { TurnCredentials } from './stun/longTerm.js';
import type { TransportAddress } from './transportAddress.js';

/** What a relay answered to the wish for an allocation. */
export type AllocateOutcome =
  | {
      readonly kind: 'allocated';
      /** Where peers reach the client. */
      readonly relayed: TransportAddress;
      /** How the relay sees the client; undefined where it does not say. */
      readonly reflexive: TransportAddress | undefined;
      readonly lifetimeSeconds: number | undefined;
    }
  /** Without credentials this is as far as it goes. */
  | { readonly kind: 'challenged'; readonly realm: string }
  /** Another server is to be asked (RFC 8489 section 10); `domain` is the name its certificate bears. */
  | { readonly kind: 'alternate'; readonly at: TransportAddress; readonly domain: string | undefined };

/** Takes data that a peer sent through the relay; `at` is monotonic milliseconds. */
export type DataListener = (data: Buffer, at: number) => void;

/** A client of a relay on a connection of its own. All requests throw a `ProbeError` that says what went wrong. */
export interface RelayClient<Credentials = TurnCredentials> {
  /** `turn.contoso.com at 192.0.2.10:3478 over UDP` */
  readonly peer: string;
  readonly remote: TransportAddress;
  /** An allocation was asked for and not given back yet, so that there may be one. */
  readonly mayHold: boolean;
  /** Datagrams that were sent again because no answer had come. */
  readonly retransmissions: number;
  /** `followed`: another server has led here already. */
  allocate(
    credentials: Credentials | undefined,
    scope: Scope,
    options?: { readonly followed?: boolean },
  ): Promise<AllocateOutcome>;
  /** Lets a peer's address through (RFC 8656 section 9). */
  permit(peer: TransportAddress, scope: Scope): Promise<void>;
  /** Sends data to a permitted peer; whether it arrives nobody says. */
  send(to: TransportAddress, data: Buffer): void;
  /** From now on takes the data of all peers, in the place of whoever took it before. */
  receive(listener: DataListener): void;
  /** Gives the allocation back (a lifetime of zero). */
  release(scope: Scope): Promise<void>;
  close(): void;
}
