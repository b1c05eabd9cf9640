import type { TransportAddress } from './transportAddress.js';

/** What carries the messages. */
export type RelayTransport = 'udp' | 'tcp' | 'tls';

/** How a link came to its end from the other side or the system. */
export type LinkEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'foreign'; readonly protocol: ForeignProtocol; readonly sample: string };

/** What else may answer at a relay's TCP port. */
export type ForeignProtocol = 'tls' | 'http' | 'cookie' | 'unknown';

/** Where messages go to. */
export interface LinkReceiver {
  /** One message, from whomever; `at` is monotonic milliseconds at the socket. */
  message(bytes: Buffer, from: TransportAddress, at: number): void;
  ended(end: LinkEnd): void;
}

/** A way to one relay that carries whole messages. */
export interface Link {
  readonly transport: RelayTransport;
  /** `turn.contoso.com at 192.0.2.10:3478 over UDP`, for error texts. */
  readonly peer: string;
  readonly remote: TransportAddress;
  /** To be called once, before anything is sent. */
  listen(receiver: LinkReceiver): void;
  send(message: Buffer): void;
  close(): void;
}

/** Divides the bytes of a stream into messages. */
export interface Splitter {
  /** The messages that are whole now; `foreign` when the stream turned out to be something else, which is its end. */
  push(chunk: Buffer): { readonly messages: readonly Buffer[]; readonly foreign?: ForeignProtocol };
  /** A message as it goes over the stream. */
  frame(message: Buffer): Buffer;
}
