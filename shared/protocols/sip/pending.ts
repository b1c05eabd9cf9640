import type { SipAnswer } from './answer.js';

/** A request whose final response is awaited. */
export interface Pending {
  readonly callId: string;
  /** Names its SIP transaction when sip.js knows nothing of it. */
  readonly transaction: string | undefined;
  provisional: string | undefined;
  /** An answer that could not be read, while a better one may follow. */
  unreadable: SipAnswer | undefined;
  /** Ends the wait for something better than an answer that could not be read. */
  stopGrace(): void;
  settle(answer: SipAnswer, at: number): void;
}
