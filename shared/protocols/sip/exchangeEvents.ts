import type { IncomingRequest, OutgoingRequestDelegate } from 'sip.js/lib/core/index.js';
import type { Diagnosis } from '../../domain/diagnosis.js';
import type { ConnectionEnd } from './inbox.js';
import type { RawMessage } from './rawMessage.js';

/** A message as it came. */
export interface Arrived {
  readonly raw: RawMessage;
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
}

/** What a peer does unasked. Nobody has to listen; a MESSAGE is then answered 200 and forgotten. */
export interface ExchangeEvents {
  /** Asked about every request before sip.js reads it; true means that it was taken, and answered where it wants an answer. */
  onRequest(arrived: Arrived): boolean;
  /** A message came that must not be believed; `told` says whether a request that waited was answered with it. */
  onUntrusted(found: Diagnosis, told: boolean): void;
  /** A MESSAGE outside of any dialog; to be answered before this returns. */
  onMessage(request: IncomingRequest, arrived: Arrived): void;
  /** A request that belongs to nothing here, or that cannot be read; sip.js does not take it. */
  onUnmatched(raw: RawMessage): void;
  /** Called once, whoever ended the connection. */
  onEnd(end: ConnectionEnd): void;
}

/** A request as it is handed to sip.js, which calls `delegate` when it is answered. */
export interface Sending {
  readonly callId: string;
  /** Names its SIP transaction when sip.js knows nothing of it. */
  readonly transaction?: string;
  start(delegate: OutgoingRequestDelegate): void;
}
