import type { SipAnswer, Source } from '../sip/answer.js';
import type { SipRequest } from '../sip/message.js';

/** One request and all that a service may know about it. */
export interface Exchange {
  readonly request: SipRequest;
  readonly source: Source;
  /** The connection it came over. */
  readonly flow: number;
  readonly nowMs: number;
}

/** An answer and the connection it belongs on; a service that relays or notifies names another one. */
export interface Outgoing {
  readonly flow: number;
  readonly answer: SipAnswer;
}

/** One thing that an edge does with SIP requests, such as keeping bindings. */
export interface SipService {
  /** The methods it takes; they also make up the Allow header field. */
  readonly methods: readonly string[];
  answer(exchange: Exchange): readonly Outgoing[];
  /** What depends on a connection ends with it. */
  flowClosed(flow: number): void;
  /** For GET /state: nothing secret. */
  describe(nowMs: number): Readonly<Record<string, unknown>>;
}
